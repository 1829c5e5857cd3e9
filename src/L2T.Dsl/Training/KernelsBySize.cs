using L2T.Dsl.Tensors;

namespace L2T.Dsl.Training;

/// <summary>Kernels of one kind, one for each number of examples that is met.</summary>
internal sealed class KernelsBySize<TKernel> : IDisposable where TKernel : Kernel
{
    private readonly Owned _owned = new();
    private readonly Dictionary<long, TKernel> _kernels = [];

    public KernelsBySize(IEnumerable<long> sizes, Func<long, TKernel> create)
    {
        try
        {
            foreach (var size in sizes)
                _kernels[size] = _owned.Add(create(size));
        }
        catch
        {
            _owned.Dispose();
            throw;
        }
    }

    public long BufferBytes => _kernels.Values.Sum(kernel => kernel.BufferBytes);

    public TKernel For(long size) => _kernels[size];

    public void Dispose() => _owned.Dispose();
}
