using L2T.Dsl.Data;
using L2T.Dsl.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace L2T.Dsl.Training;

/// <summary>
/// A set of examples, read from a pool in chunks that a kernel takes at once. Of one shape, all chunks but the last are of one size. Where there are
/// buckets, how many examples are of each is not the same for every set: a chunk that is not full then is filled up with examples that ask for nothing, their
/// labels padding, so that each bucket has chunks of one size: small ones, since there is one to fill up for each bucket.
/// </summary>
internal sealed class ExampleChunks : IDisposable
{
    private readonly ExamplePool _pool;
    private readonly Owned _owned = new();
    private readonly Dictionary<(int Shape, long Size), (Tensor Inputs, Tensor Labels)> _places = [];
    private readonly int[] _chunkSizes;
    private readonly long[] _row;
    private long[] _indices = [];

    /// <param name="pool">Where they come from; stays the caller's.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="chunkSizes">The most of a chunk of each shape.</param>
    public ExampleChunks(ExamplePool pool, int count, IReadOnlyList<int> chunkSizes)
    {
        _pool = pool;
        Count = count;
        _chunkSizes = [.. chunkSizes.Select(size => Math.Min(size, count))];
        _row = new long[_chunkSizes.Max()];
        try
        {
            for (var shape = 0; shape < pool.Shapes; shape++)
            {
                var (whole, rest) = (_chunkSizes[shape], count % _chunkSizes[shape]);
                foreach (var size in (int[])(pool.Shapes > 1 || rest == 0 ? [whole] : [whole, rest]))
                {
                    var (inputs, labels) = pool.NewPlace(size, shape);
                    _places[(shape, size)] = (_owned.Add(inputs), _owned.Add(labels));
                }
            }
        }
        catch
        {
            _owned.Dispose();
            throw;
        }
    }

    public int Count { get; }

    /// <summary>How many answers the examples ask for.</summary>
    public long Answers { get; private set; }

    public long Bytes => _places.Values.Sum(place =>
        place.Inputs.numel() * place.Inputs.element_size() + place.Labels.numel() * place.Labels.element_size());

    /// <summary>The shapes of chunks that a kernel meets.</summary>
    public IEnumerable<(int Shape, long Size)> Shapes => _places.Keys;

    /// <summary>Takes these examples, as many as there are, from now on.</summary>
    public void Load(ReadOnlySpan<long> indices)
    {
        _indices = [.. indices.ToArray().OrderBy(_pool.ShapeOf)];
        Answers = _indices.Sum(index => (long)_pool.AnswersOf(index));
    }

    /// <summary>Reads the chunks, each into a place that the next of its shape is read into too.</summary>
    public IEnumerable<ExampleChunk> Read()
    {
        for (var start = 0; start < Count;)
        {
            var shape = _pool.ShapeOf(_indices[start]);
            var answers = 0L;
            var filled = 0;
            for (; filled < _chunkSizes[shape] && start < Count && _pool.ShapeOf(_indices[start]) == shape; start++)
            {
                _row[filled++] = _indices[start];
                answers += _pool.AnswersOf(_indices[start]);
            }
            var size = _pool.Shapes > 1 ? _chunkSizes[shape] : filled;
            var (inputs, labels) = _places[(shape, size)];
            // An example that is there is sure to be one that the student can read.
            _row.AsSpan(filled, size - filled).Fill(_row[0]);
            _pool.Gather(_row.AsSpan(0, size), shape, inputs, labels);
            if (filled < size)
            {
                using var rest = labels.narrow(0, filled, size - filled);
                using Scalar padding = _pool.Padding!.Value;
                rest.fill_(padding);
            }
            yield return new ExampleChunk(shape, inputs, labels, answers);
        }
    }

    public void Dispose() => _owned.Dispose();
}
