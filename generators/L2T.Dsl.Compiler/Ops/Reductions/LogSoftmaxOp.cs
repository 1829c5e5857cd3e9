using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>
/// y = log softmax x over one dimension. With p = e^y: the cotangent is g - p sum(g), the tangent is t - sum(p t).
/// Softmax itself is e^y, so that p is one value wherever it comes from.
/// </summary>
/// <param name="Axis">The dimension, not negative.</param>
public sealed record LogSoftmaxOp(int Axis) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "log_softmax";

    /// <inheritdoc/>
    public override string Attributes => $"{Axis}";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"{{0}}.log_softmax({Axis})") { Into = $"Small.LogSoftmax({{r}}, {{0}}, {Axis})" };

    /// <summary>It is: each element takes an exponential, and where the argument is kept the result can be in its place.</summary>
    public override bool IsDear(Equation equation) => true;

    /// <summary>Those of log sum e^x, and its difference from each element.</summary>
    public override Dim Flops(Equation equation) => LogSumExpOp.Of(equation.Operands[0].Shape, Axis) + equation.Operands[0].Shape.Elements;

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) => operands[0].RequireReal().RequireAxis(Axis);

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) =>
        [b.Sub(g, b.Mul(b.Exp(e.Result), b.Expand(b.Sum(g, [Axis]), g.Shape)))];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) =>
        b.Sub(t[0]!, b.Expand(b.Sum(b.Mul(b.Exp(e.Result), t[0]!), [Axis]), e.Result.Shape));

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var x = operands[0];
        var total = LogSumExpOp.Evaluate(x, Axis);
        return NdArray.Generate(x.Shape, index => x[index] - total[[.. index.Select((i, d) => d == Axis ? 0 : i)]]);
    }
}
