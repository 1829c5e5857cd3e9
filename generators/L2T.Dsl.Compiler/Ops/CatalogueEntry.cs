using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>An op at work: attributes and operand types for which it is tested.</summary>
/// <param name="Op">The op.</param>
/// <param name="Operands">The types of its operands.</param>
public sealed record CatalogueEntry(Op Op, EquatableArray<TensorType> Operands)
{
    /// <summary>Where real operands are taken from: at least this.</summary>
    public double Low { get; init; } = -2;

    /// <summary>Where real operands are taken from: at most this.</summary>
    public double High { get; init; } = 2;

    /// <summary>Integer operands are taken from 0 up to this, excluded.</summary>
    public int Labels { get; init; } = 3;

    /// <inheritdoc/>
    public override string ToString() => $"{Op}({string.Join(", ", Operands)})";
}
