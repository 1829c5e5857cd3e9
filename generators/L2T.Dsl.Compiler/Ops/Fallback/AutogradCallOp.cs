using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>f(x0, x1, ...) itself.</summary>
/// <param name="Call">The call; see <see cref="AutogradOp"/>.</param>
/// <param name="At">Where the user wrote it.</param>
/// <param name="Count">The number of operands.</param>
public sealed record AutogradCallOp(string Call, SourceAnchor At, int Count) : AutogradOp(Call, At)
{
    /// <inheritdoc/>
    public override string Name => "autograd";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"AutogradCall.Value({Lambda}, {Holes(0, Count)}, {Place})");

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) => operands[0].RequireReal();

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) =>
        [.. e.Operands.Select((x, k) => x.IsReal ? b.Apply(new AutogradVjpOp(Call, At, Count, k), [.. e.Operands, g]) : null)];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) =>
        t.Select((dx, k) => dx is null ? null : b.Apply(new AutogradJvpOp(Call, At, Count, k), [.. e.Operands, dx])).Aggregate((Value?)null, b.AddOrNull);
}
