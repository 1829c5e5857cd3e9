using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>(x0, x1, ..., g) -> d&lt;f, g&gt;/dx_k.</summary>
/// <param name="Call">The call; see <see cref="AutogradOp"/>.</param>
/// <param name="At">Where the user wrote it.</param>
/// <param name="Count">The number of operands of f.</param>
/// <param name="Wrt">k.</param>
public sealed record AutogradVjpOp(string Call, SourceAnchor At, int Count, int Wrt) : AutogradOp(Call, At)
{
    /// <inheritdoc/>
    public override string Name => "autograd_vjp" + Wrt;

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"AutogradCall.Vjp({Lambda}, {Wrt}, {Holes(0, Count)}, {{{Count}}}, {Place})");

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) => operands[Wrt];

    /// <inheritdoc/>
    /// <remarks>It is linear in g, and its derivative with respect to x_j is a mixed second derivative, which is symmetric.</remarks>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) =>
    [
        .. e.Operands.Take(Count).Select((x, j) => x.IsReal ? b.Apply(new AutogradHvpOp(Call, At, Count, j, Wrt), [.. e.Operands, g]) : null),
        b.Apply(new AutogradJvpOp(Call, At, Count, Wrt), [.. e.Operands.Take(Count), g]),
    ];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => t
        .Select((d, j) => d is null ? null
            : j == Count ? b.Apply(this, [.. e.Operands.Take(Count), d])
            : b.Apply(new AutogradHvpOp(Call, At, Count, Wrt, j), [.. e.Operands, d]))
        .Aggregate((Value?)null, b.AddOrNull);
}
