using L2T.Dsl.Tensors;

namespace L2T.Dsl.Training;

/// <summary>The coefficients of a taught loss at one step of a training.</summary>
/// <param name="Step">The step that was taken with them.</param>
/// <param name="Values">The coefficients.</param>
public sealed record CoefficientSnapshot(int Step, ParameterSet Values)
{
    /// <summary>s_t, the state features [F] that the teacher saw; empty where no teacher spoke, or in files from before they were kept.</summary>
    public IReadOnlyList<double> State { get; init; } = [];

    /// <summary>The same step, values and state.</summary>
    public bool Equals(CoefficientSnapshot? other) => other is not null && Step == other.Step && Values.Equals(other.Values) && State.SequenceEqual(other.State);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Step, Values, State.Count);
}
