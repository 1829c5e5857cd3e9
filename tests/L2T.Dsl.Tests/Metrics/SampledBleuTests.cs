using L2T.Dsl.Metrics;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Students;
using L2T.Dsl.Tensors;
using L2T.Dsl.Tests.Kernels;
using Xunit.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Tests.Metrics;

/// <summary>What a student says that has one table of logits for all sentences.</summary>
[Student]
public sealed partial class WordTable(int places, int classes)
{
    [Parameter("places", "classes")]
    public partial Tensor Logits { get; }

    public Tensor Forward([Labels("N", "places")] Tensor words) => Logits.unsqueeze(0).expand(words.shape[0], places, classes);
}

/// <summary>
/// The sampled BLEU: its kernel against the surrogate under autograd and central differences, for the samples that the key draws and n-grams counted one
/// by one; its mean over many keys against all sentences, enumerated.
/// </summary>
public sealed class SampledBleuTests(ITestOutputHelper output)
{
    private const ulong Key = 77;

    // The first place of a program that draws.
    private const int Site = 1;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_gradient_is_that_of_the_surrogate_at_the_samples(bool fuse)
    {
        const double H = 1e-5;
        using var errors = new ErrorLog(output);
        using var scope = NewDisposeScope();
        var sentences = new Sentences(7, 6, 4, 6);
        using var point = new PairPoint(
            new LstmTranslator(7, 6, 4, 6, width: 3, layers: 1, dropout: 0), new SampledBleu(), 5, float64, draw: (generator, _) => sentences.Draw(generator, 5));
        using var into = TensorBlock.LikeZeros(point.W);
        using var kernel = point.Gradient(fuse, into);
        using var forward = PairKernels.Forward(point.Student, fuse, point.W, point.N);
        var drawn = Noise.Multinomial(functional.softmax(forward.Run(point.X), 2).flatten(0, 1), SampledBleu.Samples, Key, Site).view(5, 6, SampledBleu.Samples);
        var rewards = Rewards(drawn, point.Y);
        kernel.NoiseKey = Key;

        kernel.Run(point.X, point.Y, -0.7);

        var words = point.Y.ne(0).to_type(float64);
        var share = words.sum(dim: 1, keepdim: true) / words.sum(dim: []) / SampledBleu.Samples;
        errors.Require("value", (share * rewards).sum(dim: []), kernel.Value, 1e-12);
        var weights = point.W.Tensors.Select(t => t.clone().requires_grad_()).ToArray();
        ((ITensorModule)point.Student).Bind(new TensorCursor(weights));
        var surrogate = Surrogate(((LstmTranslator)point.Student).Forward(point.X));
        errors.Require("gradient", Oracle.Flat(Autograd.Gradients(surrogate, weights)) * -0.7, into.Flat, 1e-10);
        Assert.True(into.Flat.abs().max().item<double>() > 1e-4);

        var partial = new double[point.W.Count];
        for (var i = 0; i < partial.Length; i++)
        {
            var before = point.W.Flat[i].item<double>();
            partial[i] = (At(i, before + H) - At(i, before - H)) / (2 * H) * -0.7;
            point.W.Flat[i] = before;
        }

        errors.Require("gradient, central differences", tensor(partial), into.Flat, 1e-6);

        double At(int i, double value)
        {
            point.W.Flat[i] = value;
            return Surrogate(forward.Run(point.X)).item<double>();
        }

        Tensor Surrogate(Tensor logits)
        {
            var likelihood = (functional.log_softmax(logits, 2).gather(2, drawn) * words.unsqueeze(2)).sum(dim: 1);
            var others = (rewards.sum(dim: 1, keepdim: true) - rewards) / (SampledBleu.Samples - 1);
            return (share * (rewards - others) * likelihood).sum(dim: []);
        }
    }

    [Theory]
    [InlineData(1, 2, 1, 0)]
    [InlineData(2, 1, 1, 2)]
    public void Value_and_gradient_are_unbiased(long first, long second, long third, long fourth)
    {
        long[] reference = [first, second, third, fourth];
        const int classes = 3, copies = 500, keys = 100;
        using var scope = NewDisposeScope();
        var labels = tensor(reference).unsqueeze(0).expand(copies, 4).contiguous();
        using var point = new PairPoint(new WordTable(4, classes), new SampledBleu(), copies, float64, draw: (_, _) => (labels, labels));
        using var into = TensorBlock.LikeZeros(point.W);
        using var kernel = point.Gradient(true, into);

        var estimates = Enumerable.Range(0, keys).Select(key =>
        {
            into.Zero();
            kernel.NoiseKey = (ulong)key;
            kernel.Run(labels, labels, 1);
            return cat([kernel.Value.view(1), into.Flat]);
        }).ToList();

        // All sentences of the reference's length, with their probabilities.
        var logits = point.W.Tensors[0].clone().requires_grad_();
        var logProbabilities = functional.log_softmax(logits, 1);
        var length = reference.Count(word => word != 0);
        var expected = zeros([], float64);
        for (var number = 0; number < Math.Pow(classes, length); number++)
        {
            long[] sentence = [.. Enumerable.Range(0, 4).Select(place => number / (long)Math.Pow(classes, place) % classes)];
            var probability = Enumerable.Range(0, length).Select(place => logProbabilities[place, sentence[place]]).Aggregate((a, b) => a + b).exp();
            expected += probability * SmoothedBleu(sentence[..length], reference[..length]);
        }

        var exact = cat([expected.detach().view(1), Autograd.Gradients(expected, [logits])[0].flatten()]);
        var all = stack(estimates);
        var error = all.std(0) / Math.Sqrt(keys);
        var off = ((all.mean([0]) - exact).abs() / (error + 1e-15)).max().item<double>();
        output.WriteLine(FormattableString.Invariant($"at most {off:F1} standard errors off; the largest is {error.max().item<double>():E1}, the largest of the gradient {exact[1..].abs().max().item<double>():E1}"));
        Assert.InRange(off, 0, 4.5);
        // Fine enough to tell a gradient that is off by a tenth.
        Assert.True(error.max().item<double>() < 0.02 * exact[1..].abs().max().item<double>());
    }

    [Fact]
    public void The_same_key_draws_the_same()
    {
        using var scope = NewDisposeScope();
        var weights = rand(50, 7, dtype: float64, generator: new Generator(1));

        var drawn = Noise.Multinomial(weights, 4, 5, 1);

        Assert.True(drawn.Equals(Noise.Multinomial(weights, 4, 5, 1)));
        Assert.True(drawn.Equals(Noise.Multinomial(weights.t().contiguous().t(), 4, 5, 1)));
        Assert.False(drawn.Equals(Noise.Multinomial(weights, 4, 6, 1)));
        Assert.False(drawn.Equals(Noise.Multinomial(weights, 4, 5, 2)));
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    public void Classes_are_drawn_as_often_as_their_weights_say(ScalarType type)
    {
        const int draws = 200_000;
        using var scope = NewDisposeScope();
        double[] weights = [0, 3, 0.5, 0, 1.5, 0];

        var drawn = Noise.Multinomial(tensor(weights).to(type).unsqueeze(0).expand(100, 6), draws / 100, 3, 1);

        var counts = drawn.flatten().bincount(null, 6).data<long>().ToArray();
        for (var k = 0; k < 6; k++)
        {
            var p = weights[k] / weights.Sum();
            // Five standard deviations of a binomial; what has no weight is never drawn.
            Assert.InRange(counts[k], (draws * p) - (5 * Math.Sqrt(draws * p * (1 - p))), (draws * p) + (5 * Math.Sqrt(draws * p * (1 - p))));
        }
    }

    [Fact]
    public void Teaching_gives_the_same_bits_and_goes_on_with_the_same()
    {
        using var scope = NewDisposeScope();
        var data = new Sentences(7, 6, 4, 5).Split(30, 20, 10);
        var whole = Experiment(3).Teach();

        Assert.Equal(whole.Parameters, Experiment(3).Teach().Parameters);
        Assert.Equal(whole.Parameters, Experiment(3).Resume(Experiment(1).Teach()).Parameters);
        Assert.Equal(3, whole.History.Select(record => record.Metric).Distinct().Count());
        Assert.All(whole.History, record => Assert.InRange(record.Metric, 0.01, 0.99));

        // Chunks draw for themselves: of the same examples in a chunk each, another value.
        Assert.NotEqual(Experiment(1).Teach().History[0].Metric, Experiment(1, evaluated: 10).Teach().History[0].Metric);

        SampledExperiment Experiment(int episodes, int evaluated = 1000) => new()
        {
            Student = new LstmTranslator(7, 6, 4, 5, width: 3, layers: 1), Data = data, Steps = 5, BatchSize = 9, LearningRate = 0.02, Optimizer = new AdamOptions { Epsilon = 1e-3 }, Episodes = episodes, EvaluationBatchSize = evaluated, FixedStart = true,
        };
    }

    private static Tensor Rewards(Tensor drawn, Tensor labels)
    {
        var (n, samples) = (labels.shape[0], drawn.shape[2]);
        var rewards = zeros([n, samples], float64);
        for (var row = 0; row < n; row++)
        {
            long[] reference = [.. labels[row].data<long>().ToArray().TakeWhile(word => word != 0)];
            for (var sample = 0; sample < samples; sample++)
                rewards[row, sample] = SmoothedBleu([.. drawn[row, .., sample].contiguous().data<long>().ToArray().Take(reference.Length)], reference);
        }
        return rewards;
    }

    private static double SmoothedBleu(long[] said, long[] reference)
    {
        var product = 1.0;
        for (var n = 1; n <= 4; n++)
        {
            var (mine, theirs) = (Grams(said, n), Grams(reference, n));
            var right = mine.GroupBy(gram => gram).Sum(group => Math.Min(group.Count(), theirs.Count(gram => gram == group.Key)));
            product *= n == 1 ? (double)right / mine.Count : (right + 1.0) / (mine.Count + 1);
        }
        return Math.Pow(product, 0.25);

        static List<string> Grams(long[] words, int n) => [.. Enumerable.Range(0, Math.Max(0, words.Length - n + 1)).Select(start => string.Join(' ', words[start..(start + n)]))];
    }
}
