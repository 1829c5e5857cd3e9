using L2T.Dsl.Tensors;

namespace L2T.Dsl.Data;

/// <summary>
/// The examples that are nothing but padding outside of certain places, such as short sentences: batches of them are cut to those places, and the
/// student reads them at that size.
/// </summary>
/// <param name="Student">
/// The student at that size: made with the arguments of the experiment's student, but for lengths, and so with the same parameters.
/// </param>
/// <param name="BatchSize">Examples in a training batch.</param>
/// <param name="Inputs">The places of an input that are kept, in order, such as <c>[0..12]</c>.</param>
/// <param name="Labels">The places of an example's labels that are kept.</param>
public sealed record Bucket(ITensorModule Student, int BatchSize, IReadOnlyList<Range> Inputs, IReadOnlyList<Range> Labels)
{
    /// <summary>What of it decides the numbers of a training: sizes of the student are those of the places.</summary>
    internal string Text => FormattableString.Invariant($"{BatchSize} of {string.Join(", ", Inputs)} with {string.Join(", ", Labels)}");
}
