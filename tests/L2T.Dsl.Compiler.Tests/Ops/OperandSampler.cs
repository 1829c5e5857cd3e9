using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Tests.Ops;

/// <summary>
/// Draws operands. The reals of one draw are distinct: one in each cell of a shuffled grid, away from the cell's ends,
/// and none close to an integer or a half. So no kink and no tie lies within the reach of a finite difference.
/// </summary>
public sealed class OperandSampler(Random random, double low, double high, int labels)
{
    private const double Cell = 0.04;
    private const double Margin = 0.01;

    private readonly Queue<double> _reals = Grid(random, low, high);

    /// <summary>The operands of a catalogue entry.</summary>
    public static NdArray[] Operands(CatalogueEntry entry, Random random)
    {
        var sampler = new OperandSampler(random, entry.Low, entry.High, entry.Labels);
        return [.. entry.Operands.Select(sampler.Draw)];
    }

    /// <summary>A tensor of this type.</summary>
    public NdArray Draw(TensorType type) => NdArray.Generate(
        Bindings.Empty.Of(type.Shape),
        _ => type.Element switch
        {
            ElementType.Real => _reals.Dequeue(),
            ElementType.Integer => random.Next(labels),
            _ => random.Next(2),
        });

    private static Queue<double> Grid(Random random, double low, double high)
    {
        var points = Enumerable.Range(0, (int)((high - low) / Cell)).Select(i => low + ((i + 0.3 + (0.4 * random.NextDouble())) * Cell)).ToArray();
        random.Shuffle(points);
        return new(points.Where(x => Math.Abs((2 * x) - Math.Round(2 * x)) > Margin));
    }
}
