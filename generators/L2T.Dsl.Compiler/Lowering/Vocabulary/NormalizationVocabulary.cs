using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>Normalisation by statistics of the batch, which it keeps running averages of.</summary>
internal static class NormalizationVocabulary
{
    public static void AddTo(VocabularyTable table) => table.Add(["torch.nn.functional.batch_norm"], BatchNorm);

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
            var centred = b.Sub(x, b.Expand(mean, x.Shape));
            variance = b.Mean(b.Mul(centred, centred), axes);
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

        var scale = b.Pow(b.Shift(variance, eps), -0.5);
        var normalised = b.Mul(b.Sub(x, b.Expand(mean, x.Shape)), b.Expand(scale, x.Shape));
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
}
