using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>
/// Normalisation by statistics of the batch, which it keeps running averages of, of each example, and of groups of an example's
/// channels.
/// </summary>
internal static class NormalizationVocabulary
{
    public static void AddTo(VocabularyTable table)
    {
        table.Add(["torch.nn.functional.batch_norm"], BatchNorm);
        table.Add(["torch.nn.functional.layer_norm"], LayerNorm);
        table.Add(["torch.nn.functional.group_norm"], GroupNorm);
    }

    /// <summary>
    /// (x - mean) / sqrt(var + eps) w + b for each channel (Ioffe and Szegedy 2015): in training by the mean and the biased
    /// variance of the batch, and the running statistics move towards the mean and the unbiased variance; else by these.
    /// </summary>
    private static Value BatchNorm(CallArguments a, Builder b)
    {
        var x = a.RealSubject(b);
        if (x.Shape.Rank < 2)
        {
            throw new ShapeException(x.Shape.ToString(), "two or more dimensions", "batch normalisation takes examples, channels, and what each channel holds");
        }

        var channels = Shape.Of(x.Shape[1]);
        Value runningMean = Statistic("running_mean"), runningVariance = Statistic("running_var");
        var eps = a.Number("eps", 1e-5);
        var momentum = a.Number("momentum", 0.1);
        var axes = Enumerable.Range(0, x.Shape.Rank).Where(i => i != 1).ToEquatableArray();
        Value mean, variance;
        if (a.Boolean("training", false))
        {
            mean = b.Mean(x, axes);
            variance = b.Mean(Square(b, Centred(b, x, mean)), axes);
            var count = x.Shape.Count(axes);
            if (count.Value == 1)
            {
                throw new LoweringException("one value for each channel has no variance; normalise before the last reduction, or by layer_norm");
            }

            var isBuffer = b.TryUpdate(runningMean, Moved(runningMean, b.Reshape(mean, channels)))
                & b.TryUpdate(runningVariance, Moved(runningVariance, b.Reshape(b.Scale(variance, count / (count - 1)), channels)));
            if (!isBuffer)
            {
                throw new LoweringException("in training the running statistics change: declare both as [Buffer] properties");
            }
        }
        else
        {
            mean = PerChannel(runningMean);
            variance = PerChannel(runningVariance);
        }

        var normalised = b.Mul(Centred(b, x, mean), b.Expand(Scale(b, variance, eps), x.Shape));
        var weighted = OfChannels("weight") is { } weight ? b.Mul(normalised, b.Expand(weight, x.Shape)) : normalised;
        return OfChannels("bias") is { } bias ? b.Add(weighted, b.Expand(bias, x.Shape)) : weighted;

        Value Statistic(string name) => Checked(b.ToReal(a.Tensor(name, b)));

        Value? OfChannels(string name) => a.OptionalTensor(name, b) is { } given ? PerChannel(Checked(b.ToReal(given))) : null;

        Value Checked(Value value) => value.Shape == channels
            ? value
            : throw new ShapeException(value.Shape, x.Shape, $"there is one number for each of the {x.Shape[1]} channels");

        Value PerChannel(Value value) => b.Reshape(value, new(x.Shape.Dims.Select((d, i) => i == 1 ? d : Dim.One).ToEquatableArray()));

        Value Moved(Value running, Value now) => b.Add(b.Scale(running, 1 - momentum), b.Scale(now, momentum));
    }

    /// <summary>(x - mean) / sqrt(var + eps) w + b with the mean and the biased variance of the last dimensions (Ba et al. 2016).</summary>
    private static Value LayerNorm(CallArguments a, Builder b)
    {
        var x = a.RealSubject(b);
        Shape inner = new([.. a.Sizes("normalized_shape")]);
        var outer = x.Shape.Rank - inner.Rank;
        if (inner.Rank == 0 || outer < 0 || new Shape([.. x.Shape.Dims.Skip(outer)]) != inner)
        {
            throw new ShapeException(x.Shape, inner, "'normalized_shape' is the shape of the last dimensions");
        }

        var axes = Enumerable.Range(outer, inner.Rank).ToEquatableArray();
        var centred = Centred(b, x, b.Mean(x, axes));
        var normalised = b.Mul(centred, b.Expand(Scale(b, b.Mean(Square(b, centred), axes), a.Number("eps", 1e-5)), x.Shape));
        var weighted = OfElements("weight") is { } weight ? b.Mul(normalised, weight) : normalised;
        return OfElements("bias") is { } bias ? b.Add(weighted, bias) : weighted;

        Value? OfElements(string name) => a.OptionalTensor(name, b) is not { } given ? null
            : given.Shape == inner ? b.Expand(b.ToReal(given), x.Shape)
            : throw new ShapeException(given.Shape, inner, $"'{name}' has one number for each element that is normalised");
    }

    /// <summary>
    /// (x - mean) / sqrt(var + eps) w + b with the mean and the biased variance of each example's groups of channels (Wu and He
    /// 2018). What belongs to a group is spread over its channels while it is small, so that one loop runs over the images.
    /// </summary>
    private static Value GroupNorm(CallArguments a, Builder b)
    {
        var x = a.RealSubject(b);
        if (x.Shape.Rank < 2)
        {
            throw new ShapeException(x.Shape.ToString(), "two or more dimensions", "group normalisation takes examples, channels, and what each channel holds");
        }

        Dim groups = a.Size("num_groups"), examples = x.Shape[0], channels = x.Shape[1];
        if (groups.Value <= 0 || !channels.TryDivide(groups, out var members))
        {
            throw new ShapeException(x.Shape.ToString(), $"{groups} groups", $"the number of groups must divide the {channels} channels");
        }

        var each = Shape.Of(examples, groups, members * x.Shape.Dims.Skip(2).Aggregate(Dim.One, (n, d) => n * d));
        Shape ofChannels = new([examples, channels, .. Enumerable.Repeat(Dim.One, x.Shape.Rank - 2)]);
        var mean = b.Mean(b.Reshape(x, each), [2]);
        var centred = b.Sub(x, b.Expand(Spread(mean), x.Shape));
        var scale = Spread(Scale(b, b.Mean(b.Reshape(Square(b, centred), each), [2]), a.Number("eps", 1e-5)));
        if (OfChannels("weight") is { } weight)
        {
            scale = b.Mul(scale, b.Expand(weight, ofChannels));
        }

        var normalised = b.Mul(centred, b.Expand(scale, x.Shape));
        return OfChannels("bias") is { } bias ? b.Add(normalised, b.Expand(bias, x.Shape)) : normalised;

        Value Spread(Value ofGroups) => b.Reshape(b.Expand(ofGroups, Shape.Of(examples, groups, members)), ofChannels);

        Value? OfChannels(string name) => a.OptionalTensor(name, b) is not { } given ? null
            : given.Shape == Shape.Of(channels) ? b.Reshape(b.ToReal(given), new([Dim.One, .. ofChannels.Dims.Skip(1)]))
            : throw new ShapeException(given.Shape, x.Shape, $"'{name}' has one number for each of the {channels} channels");
    }

    private static Value Centred(Builder b, Value x, Value mean) => b.Sub(x, b.Expand(mean, x.Shape));

    private static Value Square(Builder b, Value x) => b.Mul(x, x);

    private static Value Scale(Builder b, Value variance, Scalar eps) => b.Pow(b.Shift(variance, eps), -0.5);
}
