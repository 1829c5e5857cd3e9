using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>(x0, x1, ..., t) -> (df/dx_k) t.</summary>
/// <param name="Call">The call; see <see cref="AutogradOp"/>.</param>
/// <param name="At">Where the user wrote it.</param>
/// <param name="Count">The number of operands of f.</param>
/// <param name="Wrt">k.</param>
public sealed record AutogradJvpOp(string Call, SourceAnchor At, int Count, int Wrt) : AutogradOp(Call, At)
{
    /// <inheritdoc/>
    public override string Name => "autograd_jvp" + Wrt;

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"AutogradCall.Jvp({Lambda}, {Wrt}, {Holes(0, Count)}, {{{Count}}}, {Place})");

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) => operands[0];
}
