using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>
/// Dropout, whose masks a step can draw again, samples of a metric, and the calls that no step could repeat: those that draw from libtorch's own
/// stream of random numbers.
/// </summary>
internal static class RandomVocabulary
{
    private static readonly HashSet<string> Irreproducible =
    [
        "alpha_dropout", "bernoulli", "dropout3d", "feature_alpha_dropout", "fractional_max_pool2d", "fractional_max_pool2d_with_indices",
        "fractional_max_pool3d", "fractional_max_pool3d_with_indices", "gumbel_softmax", "normal", "poisson", "rand", "rand_like",
        "randint", "randint_like", "randn", "randn_like", "randperm", "rrelu",
    ];

    public static void AddTo(VocabularyTable table)
    {
        table.Add(["torch.nn.functional.dropout"], (a, b) => Dropout(a, b, x => x.Shape));
        table.Add(["torch.nn.functional.dropout1d"], (a, b) => Dropout(a, b, x => Channels(x, 3)));
        table.Add(["torch.nn.functional.dropout2d"], (a, b) => Dropout(a, b, x => Channels(x, 4)));
        table.Add(["torch.multinomial", "Tensor.multinomial"], Multinomial);
    }

    /// <summary>Whether a call draws random numbers that can not be drawn again.</summary>
    public static bool IsIrreproducible(string name, IEnumerable<string> arguments) =>
        Irreproducible.Contains(name) || (name == "scaled_dot_product_attention" && arguments.Contains("p"));

    private static Value Dropout(CallArguments a, Builder b, Func<Value, Shape> maskOf)
    {
        var x = a.RealSubject(b);
        var p = a.Number("p", 0.5);
        if (!a.Has("training"))
        {
            throw new LoweringException("say when: pass a 'bool Training' property as the argument 'training', or the mask is drawn in evaluation too");
        }

        if (p.Value is < 0 or >= 1)
        {
            throw new LoweringException($"the probability must be at least 0 and less than 1, and it is {p}");
        }

        var mask = maskOf(x);
        return a.Boolean("training", true) && p.Value != 0
            ? b.Mul(x, b.Expand(Mask(b, mask, p), x.Shape))
            : x;
    }

    private static Value Multinomial(CallArguments a, Builder b)
    {
        var weights = a.RealSubject(b);
        var count = a.Integer("num_samples");
        if (count < 1)
        {
            throw new LoweringException($"{count} samples; draw at least 1");
        }

        if (!a.Boolean("replacement", false) && count > 1)
        {
            throw new LoweringException("samples are drawn with replacement: pass 'replacement: true'");
        }

        return b.Loop is null
            ? b.Apply(new MultinomialOp(count, b.NextSite()), weights)
            : throw new LoweringException("no samples are drawn in a loop; draw them before it");
    }

    /// <summary>A mask of its own for each iteration of the loops around: they are drawn together, outside.</summary>
    private static Value Mask(Builder b, Shape shape, Scalar p) => b.Loop is { } loop
        ? loop.Sequence(Mask(loop.Outer, loop.Stacked(shape), p), shape)
        : b.Apply(new DropoutMaskOp(shape, p, b.NextSite()));

    /// <summary>One element for each example and channel.</summary>
    private static Shape Channels(Value x, int rank) => x.Shape.Rank == rank
        ? new([x.Shape[0], x.Shape[1], .. Enumerable.Repeat(Dim.One, rank - 2)])
        : throw new ShapeException(x.Shape.ToString(), $"{rank} dimensions", "whole channels are dropped: examples, channels, and what each channel holds");
}
