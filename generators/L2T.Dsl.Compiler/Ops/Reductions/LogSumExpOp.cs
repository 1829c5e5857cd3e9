using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>y = log sum e^x over one dimension, which stays with size 1; dy/dx = e^(x - y), the softmax.</summary>
/// <param name="Axis">The dimension, not negative.</param>
public sealed record LogSumExpOp(int Axis) : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "logsumexp";

    /// <inheritdoc/>
    public override string Attributes => $"{Axis}";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"{{0}}.logsumexp({Axis}, keepdim: true)");

    /// <summary>log sum e^x over a dimension, the greatest exponent taken out.</summary>
    internal static NdArray Evaluate(NdArray x, int axis)
    {
        var greatest = x.Reduce([axis], double.NegativeInfinity, Math.Max);
        var shifted = NdArray.Generate(x.Shape, index => Math.Exp(x[index] - greatest[[.. index.Select((i, d) => d == axis ? 0 : i)]]));
        return shifted.SumKeep([axis]).Zip(greatest, (sum, m) => Math.Log(sum) + m);
    }

    /// <summary>For each element: the greatest, the difference from it, e to that power, the sum; the logarithm and the greatest added to it, for each sum.</summary>
    public override Dim Flops(Equation equation) => Of(equation.Operands[0].Shape, Axis);

    /// <summary>The floating-point operations of log sum e^x over a dimension.</summary>
    internal static Dim Of(Shape x, int axis) => (4 * x.Elements) + (2 * new Shape(x.Dims.With(axis, Dim.One)).Elements);

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) =>
        TensorType.Real(new Shape(operands[0].RequireReal().RequireAxis(Axis).Shape.Dims.With(Axis, Dim.One)));

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) =>
        [b.Mul(b.Expand(g, e.Operands[0].Shape), Softmax(e, b))];

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => b.Sum(b.Mul(t[0]!, Softmax(e, b)), [Axis]);

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings) => Evaluate(operands[0], Axis);

    private static Value Softmax(Equation e, Builder b) => b.Exp(b.Sub(e.Operands[0], b.Expand(e.Result, e.Operands[0].Shape)));
}
