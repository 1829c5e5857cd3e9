using static TorchSharp.torch;

namespace L2T.Dsl.Blocks;

/// <summary>
/// A vector for each of a number of symbols; they start normal with deviation 1, as PyTorch's. The gradient of a symbol's vector is the sum
/// over the places where it stands.
/// </summary>
/// <param name="count">How many symbols.</param>
/// <param name="features">The size of a vector.</param>
[Block]
public sealed partial class Embedding(int count, int features)
{
    /// <summary>The vectors, [count, features].</summary>
    [Parameter("count", "features", Init = Init.Normal)]
    public partial Tensor Weight { get; }

    /// <summary>Symbols from 0 up to count, int64 of any shape, to [..., features].</summary>
    public Tensor Forward(Tensor symbols) => Weight[symbols];

    /// <summary>How well vectors, [N, features], match each symbol's: [N, count]. An output layer whose weights are the embedding's.</summary>
    public Tensor Scores([Shape("N", "features")] Tensor x) => nn.functional.linear(x, Weight);
}
