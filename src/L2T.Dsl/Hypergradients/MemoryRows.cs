using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Hypergradients;

/// <summary>Rows in memory, on the device of the tensors: one buffer for each column, made once.</summary>
internal sealed class MemoryRows : IRows
{
    private readonly Owned _owned = new();
    private readonly Tensor[] _columns;

    /// <param name="rows">Number of rows.</param>
    /// <param name="like">For each column a tensor of its size and type; not kept.</param>
    public MemoryRows(int rows, params IReadOnlyList<Tensor> like)
    {
        try
        {
            _columns = [.. like.Select(value =>
                _owned.Add(empty([rows, value.numel()], value.dtype, value.device).DetachFromDisposeScope()))];
        }
        catch
        {
            _owned.Dispose();
            throw;
        }
    }

    public void Write(int row, int column, Tensor value)
    {
        using var place = Place(row, column, value.numel());
        place.copy_(value);
    }

    public void Read(int row, int column, Tensor value)
    {
        using var place = Place(row, column, value.numel());
        value.copy_(place);
    }

    public Tensor Lend(int row, int column, long elements) => Place(row, column, elements);

    public void Dispose() => _owned.Dispose();

    private Tensor Place(int row, int column, long elements)
    {
        using var whole = _columns[column].select(0, row);
        return whole.narrow(0, 0, elements);
    }
}
