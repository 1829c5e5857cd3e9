using static TorchSharp.torch;

namespace L2T.Dsl.Hypergradients;

/// <summary>Whole rows at once.</summary>
internal static class RowsExtensions
{
    /// <summary>Copies tensors to the first columns of a row.</summary>
    public static void Write(this IRows rows, int row, IReadOnlyList<Tensor> values)
    {
        for (var i = 0; i < values.Count; i++)
            rows.Write(row, i, values[i]);
    }

    /// <summary>Copies the first columns of a row to tensors.</summary>
    public static void Read(this IRows rows, int row, IReadOnlyList<Tensor> values)
    {
        for (var i = 0; i < values.Count; i++)
            rows.Read(row, i, values[i]);
    }
}
