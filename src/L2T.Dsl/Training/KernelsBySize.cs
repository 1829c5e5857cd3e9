namespace L2T.Dsl.Training;

/// <summary>Kernels of one kind, one for each number of examples that is met, made when first met.</summary>
internal sealed class KernelsBySize<TKernel>(Func<long, TKernel> create) : IDisposable where TKernel : IDisposable
{
    private readonly Dictionary<long, TKernel> _kernels = [];

    public TKernel For(long size)
    {
        if (!_kernels.TryGetValue(size, out var kernel))
            _kernels[size] = kernel = create(size);
        return kernel;
    }

    public void Dispose()
    {
        foreach (var kernel in _kernels.Values)
            kernel.Dispose();
    }
}
