using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>(x0, x1, ..., g, t) -> d/dx_k &lt;d&lt;f, g&gt;/dx_j, t&gt;.</summary>
/// <param name="Call">The call; see <see cref="AutogradOp"/>.</param>
/// <param name="At">Where the user wrote it.</param>
/// <param name="Count">The number of operands of f.</param>
/// <param name="Wrt">k.</param>
/// <param name="Pushed">j.</param>
public sealed record AutogradHvpOp(string Call, SourceAnchor At, int Count, int Wrt, int Pushed) : AutogradOp(Call, At)
{
    /// <inheritdoc/>
    public override string Name => $"autograd_hvp{Wrt}{Pushed}";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"AutogradCall.Hvp({Lambda}, {Wrt}, {Pushed}, {Holes(0, Count)}, {{{Count}}}, {{{Count + 1}}}, {Place})");

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) => operands[Wrt];
}
