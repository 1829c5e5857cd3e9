using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>
/// Where the greatest element of a dimension stands, the first of equal ones; the dimension stays with size 1. With
/// <see cref="GatherOp"/> it makes max over a dimension, whose derivative goes to that one element.
/// </summary>
/// <param name="Axis">The dimension, not negative.</param>
public sealed record ArgMaxOp(int Axis) : ZeroDerivativeOp
{
    /// <inheritdoc/>
    public override string Name => "argmax";

    /// <inheritdoc/>
    public override string Attributes => $"{Axis}";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"{{0}}.argmax({Axis}, keepdim: true)");

    /// <summary>1 for each element of the operand.</summary>
    public override Dim Flops(Equation equation) => equation.Operands[0].Shape.Elements;

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands) =>
        new(ElementType.Integer, new(operands[0].RequireReal().RequireAxis(Axis).Shape.Dims.With(Axis, Dim.One)));

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var x = operands[0];
        return NdArray.Generate([.. x.Shape.Select((size, d) => d == Axis ? 1 : size)], index =>
        {
            long[] at = [.. index];
            var (best, greatest) = (0L, double.NegativeInfinity);
            for (at[Axis] = 0; at[Axis] < x.Shape[Axis]; at[Axis]++)
            {
                if (x[at] > greatest)
                {
                    (best, greatest) = (at[Axis], x[at]);
                }
            }

            return best;
        });
    }
}
