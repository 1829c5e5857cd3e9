using L2T.Dsl.Data;
using static TorchSharp.torch;

namespace L2T.Dsl.Training;

/// <summary>A set of examples copied out of a pool into chunks that a kernel takes at once; all but the last are of one size.</summary>
internal sealed class ExampleChunks : IDisposable
{
    private readonly ExamplePool _pool;
    private readonly List<(Tensor Inputs, Tensor Labels)> _chunks = [];

    public ExampleChunks(ExamplePool pool, int count, int chunkSize)
    {
        _pool = pool;
        Count = count;
        for (var start = 0; start < count; start += chunkSize)
            _chunks.Add(pool.NewPlace(Math.Min(chunkSize, count - start)));
    }

    public int Count { get; }

    public IReadOnlyList<(Tensor Inputs, Tensor Labels)> Chunks => _chunks;

    public long Bytes => _chunks.Sum(chunk =>
        chunk.Inputs.numel() * chunk.Inputs.element_size() + chunk.Labels.numel() * chunk.Labels.element_size());

    /// <summary>The numbers of examples that a kernel meets.</summary>
    public IEnumerable<long> Sizes => _chunks.Select(chunk => chunk.Inputs.shape[0]).Distinct();

    public void Load(ReadOnlySpan<long> indices)
    {
        foreach (var (inputs, labels) in _chunks)
        {
            var size = (int)inputs.shape[0];
            _pool.Gather(indices[..size], inputs, labels);
            indices = indices[size..];
        }
    }

    public void Dispose()
    {
        foreach (var (inputs, labels) in _chunks)
        {
            inputs.Dispose();
            labels.Dispose();
        }
    }
}
