using L2T.Dsl.Translation.Decoding;
using static TorchSharp.torch;

namespace L2T.Dsl.Translation.Tests.Decoding;

/// <summary>
/// A student whose log-probabilities are drawn from a digest of the source and the prefix: any sequence may be the best. Tokens are the four special
/// ones and a few others.
/// </summary>
internal sealed class ToyStudent(int words, ulong seed) : INextToken
{
    public const int Special = 4;

    public int Size => Special + words;

    public int Calls { get; private set; }

    public Tensor LogProbabilities(Tensor source, Tensor prefixes)
    {
        Calls++;
        Assert.Equal(source.shape[0], prefixes.shape[0]);
        var (sources, beginnings) = (source.data<long>().ToArray(), prefixes.data<long>().ToArray());
        var (width, length) = ((int)source.shape[1], (int)prefixes.shape[1]);
        var values = new double[prefixes.shape[0] * Size];
        for (var row = 0; row < prefixes.shape[0]; row++)
        {
            var tokens = sources.AsSpan(row * width, width);
            Assert.Equal(2, tokens.ToArray().Single(token => token == 2));
            Of(tokens[..tokens.IndexOf(2)], beginnings.AsSpan(row * length, length)).CopyTo(values.AsSpan(row * Size));
        }
        return tensor(values).view(-1, Size);
    }

    /// <summary>The log-probabilities after a prefix, whose first token is that of the beginning.</summary>
    public double[] Of(ReadOnlySpan<long> source, ReadOnlySpan<long> prefix)
    {
        var state = seed;
        foreach (var token in (ReadOnlySpan<long>)[.. source, -1, .. prefix])
            state = Mix(state + (ulong)(token + 2));
        var weights = new double[Size];
        for (var token = 0; token < Size; token++)
        {
            state = Mix(state);
            weights[token] = Math.Exp(3.0 * (state >> 11) / (1UL << 53));
        }
        var sum = weights.Sum();
        return [.. weights.Select(weight => Math.Log(weight / sum))];
    }

    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
