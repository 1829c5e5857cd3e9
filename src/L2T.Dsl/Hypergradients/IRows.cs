using static TorchSharp.torch;

namespace L2T.Dsl.Hypergradients;

/// <summary>A table whose rows hold the values of the same tensors at different times.</summary>
internal interface IRows : IDisposable
{
    /// <summary>Copies column <paramref name="column"/>'s tensor to a row.</summary>
    void Write(int row, int column, Tensor value);

    /// <summary>Copies a row to column <paramref name="column"/>'s tensor.</summary>
    void Read(int row, int column, Tensor value);
}
