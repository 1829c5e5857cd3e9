using static TorchSharp.torch;

namespace L2T.Dsl.Hypergradients;

/// <summary>A table whose rows hold the values of the same tensors at different times.</summary>
internal interface IRows : IDisposable
{
    /// <summary>Copies a tensor to column <paramref name="column"/> of a row, to its beginning where the tensor is smaller than the column.</summary>
    void Write(int row, int column, Tensor value);

    /// <summary>Copies what was written so to a tensor of the same size.</summary>
    void Read(int row, int column, Tensor value);

    /// <summary>The first elements of a column of a row, flat: in place where they can be read there, else copied to a place that the next call writes over. The caller disposes it.</summary>
    Tensor Lend(int row, int column, long elements);
}
