using System.Globalization;
using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>
/// Draws from the distribution of each row of weights, [R, K] to [R, S]: the first k whose cumulative weight is above u times the whole, u uniform in
/// [0, 1). Like the masks of dropout, u is a function of the run's noise key, of the place that draws and of the element's position. No derivative flows
/// through what is drawn.
/// </summary>
/// <param name="Count">S, how many each row draws, with replacement.</param>
/// <param name="Site">The number of the place in the program.</param>
public sealed record MultinomialOp(int Count, int Site) : ZeroDerivativeOp
{
    /// <inheritdoc/>
    public override string Name => "multinomial";

    /// <inheritdoc/>
    public override string Attributes => string.Format(CultureInfo.InvariantCulture, "{0}, site {1}", Count, Site);

    /// <inheritdoc/>
    public override CSharpForm CSharp => new($"Noise.Multinomial({{0}}, {Count}, NoiseKey, {Site})");

    /// <summary>1 for each weight.</summary>
    public override Dim Flops(Equation equation) => equation.Operands[0].Shape.Elements;

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands)
    {
        var weights = operands[0].RequireReal().Shape;
        return weights.Rank == 2
            ? new(ElementType.Integer, new([weights[0], Count]))
            : throw new ShapeException(weights.ToString(), "2 dimensions", "each row draws for itself");
    }

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var weights = operands[0];
        var classes = weights.Shape[1];
        return NdArray.Generate([weights.Shape[0], Count], index =>
        {
            var left = Draws.Uniform(bindings.NoiseKey, Site, (index[0] * Count) + index[1]) * Enumerable.Range(0, (int)classes).Sum(k => weights[[index[0], k]]);
            var last = 0;
            for (var k = 0; k < classes; k++)
            {
                if (weights[[index[0], k]] > 0)
                {
                    last = k;
                }

                left -= weights[[index[0], k]];
                if (left < 0)
                {
                    return k;
                }
            }

            return last;
        });
    }
}
