using L2T.Dsl.Tensors;

namespace L2T.Dsl.Training;

/// <summary>Kernels of one kind, one for each shape of a batch that is met: the number of its bucket, and of its examples.</summary>
internal sealed class KernelsByShape<TKernel> : IDisposable where TKernel : Kernel
{
    private readonly Owned _owned = new();
    private readonly Dictionary<(int Shape, long Size), TKernel> _kernels = [];

    public KernelsByShape(IEnumerable<(int Shape, long Size)> shapes, Func<int, long, TKernel> create)
    {
        try
        {
            foreach (var (shape, size) in shapes)
                _kernels[(shape, size)] = _owned.Add(create(shape, size));
        }
        catch
        {
            _owned.Dispose();
            throw;
        }
    }

    public long BufferBytes => _kernels.Values.Sum(kernel => kernel.BufferBytes);

    public IEnumerable<TKernel> All => _kernels.Values;

    public TKernel For(int shape, long size) => _kernels[(shape, size)];

    public void Dispose() => _owned.Dispose();
}
