using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Tests.Ops;

/// <summary>
/// Draws operands. The reals of one draw are distinct points of a shuffled grid that keeps away from the integers and
/// halves, so that no kink and no tie lies within the reach of a finite difference.
/// </summary>
internal static class OperandSampler
{
    private const double GridStep = 0.04;

    /// <summary>The operands of a catalogue entry.</summary>
    public static NdArray[] Operands(CatalogueEntry entry, Random random)
    {
        var grid = Grid(entry, random);
        return [.. entry.Operands.Select(type => Draw(type, random, grid, entry.Labels))];
    }

    /// <summary>A direction in the space of an array.</summary>
    public static NdArray Direction(NdArray like, Random random) => like.Map(_ => random.NextDouble() - 0.5);

    private static NdArray Draw(TensorType type, Random random, Queue<double> grid, int labels) => NdArray.Generate(
        Bindings.Empty.Of(type.Shape),
        _ => type.Element switch
        {
            ElementType.Real => grid.Dequeue(),
            ElementType.Integer => random.Next(labels),
            _ => random.Next(2),
        });

    private static Queue<double> Grid(CatalogueEntry entry, Random random)
    {
        var points = Enumerable.Range(0, (int)((entry.High - entry.Low) / GridStep)).Select(i => entry.Low + ((i + 0.5) * GridStep)).ToArray();
        random.Shuffle(points);
        return new(points.Where(x => Math.Abs((2 * x) - Math.Round(2 * x)) > 0.02));
    }
}
