using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Problems;

namespace L2T.Dsl.Compiler.Ir;

/// <summary>Binds the results of one op.</summary>
/// <param name="Op">The op, its attributes within.</param>
/// <param name="Operands">What it reads.</param>
/// <param name="Results">What it binds.</param>
/// <param name="At">The user's expression that it comes from; null for what a pass made.</param>
public sealed record Equation(Op Op, EquatableArray<Value> Operands, EquatableArray<Value> Results, SourceAnchor? At)
{
    private CSharpForm? _form;

    private Equation(Equation other)
    {
        // The form belongs to the op, which the copy may change.
        (Op, Operands, Results, At) = other;
    }

    /// <summary>The C# that the op becomes, made once.</summary>
    public CSharpForm Form => _form ??= Op.CSharpOf(this);

    /// <summary>The result of an op that has one.</summary>
    public Value Result => Results[0];

    /// <inheritdoc/>
    public bool Equals(Equation? other) =>
        ReferenceEquals(this, other) || (other is not null && Results == other.Results && Operands == other.Operands && Op.Equals(other.Op) && At == other.At);

    // No other equation of the program binds the same values.
    /// <inheritdoc/>
    public override int GetHashCode() => Results.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() =>
        $"{string.Join(", ", Results.Select(r => $"{r}: {r.Type}"))} = {Op}({string.Join(", ", Operands)})";
}
