using L2T.Dsl.Tensors;

namespace L2T.Dsl.Training;

/// <summary>Where the elements of one coefficient lay.</summary>
/// <param name="Name">The coefficient.</param>
/// <param name="Min">The smallest element.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Max">The largest element.</param>
public sealed record CoefficientRange(string Name, double Min, double Mean, double Max)
{
    /// <summary><c>W in [-1, 2]</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name} in [{Min:G4}, {Max:G4}]");

    /// <summary>The range of each coefficient over several snapshots of all of them.</summary>
    internal static IReadOnlyList<CoefficientRange> Of(IReadOnlyList<TensorSlot> layout, IReadOnlyList<ParameterSet> snapshots)
    {
        var ranges = new CoefficientRange[layout.Count];
        var offset = 0;
        for (var i = 0; i < layout.Count; i++)
        {
            var count = (int)layout[i].Count;
            var (min, max, sum) = (double.PositiveInfinity, double.NegativeInfinity, 0.0);
            foreach (var snapshot in snapshots)
            {
                foreach (var value in snapshot.Values.Slice(offset, count))
                {
                    min = Math.Min(min, value);
                    max = Math.Max(max, value);
                    sum += value;
                }
            }
            ranges[i] = new CoefficientRange(layout[i].Name, min, sum / ((double)count * snapshots.Count), max);
            offset += count;
        }
        return ranges;
    }
}
