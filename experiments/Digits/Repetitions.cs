using System.Collections;
using L2T.Dsl;

namespace L2T.Experiments.Digits;

/// <summary>Repetitions of consecutive seeds.</summary>
internal sealed class Repetitions : IReadOnlyList<Repetition>, IDisposable
{
    private readonly List<Repetition> _items = [];

    /// <exception cref="L2TException">There are too few examples.</exception>
    public Repetitions(DemoSettings settings, DemoData data, int firstSeed, int count)
    {
        try
        {
            for (var i = 0; i < count; i++)
                _items.Add(new Repetition(settings, data, unchecked(firstSeed + i)));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public Repetition this[int index] => _items[index];

    /// <inheritdoc/>
    public IEnumerator<Repetition> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public void Dispose() => _items.ForEach(item => item.Dispose());
}
