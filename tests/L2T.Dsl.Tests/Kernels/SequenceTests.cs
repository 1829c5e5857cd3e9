using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;
using L2T.Dsl.Students;
using L2T.Dsl.Tensors;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>
/// The translators of the library on padded sentences of different lengths: kernels against the same bodies under autograd and against central
/// differences, for every loss form and metric of sequences. The kernels of a student are of one source, whatever its layers and lengths.
/// </summary>
public sealed class SequenceTests(ITestOutputHelper output)
{
    private const int SourceWords = 7;
    private const int TargetWords = 6;
    private const int Pairs = 5;
    private const double Seed = -0.7;
    private const double Exact = 1e-10;
    private const double Approximate = 1e-6;

    private static readonly Dictionary<string, (Func<ITensorModule> Make, int SourceLength, int TargetLength)> Students = new()
    {
        ["LSTM-1"] = (() => new LstmTranslator(SourceWords, TargetWords, 4, 3, width: 3, layers: 1, dropout: 0), 4, 3),
        ["LSTM-2"] = (() => new LstmTranslator(SourceWords, TargetWords, 3, 5, width: 2, layers: 2, dropout: 0), 3, 5),
        ["Transformer of 1 layer"] = (() => new TransformerTranslator(SourceWords, TargetWords, 3, 4, heads: 1, size: 4, inner: 3, layers: 1, dropout: 0), 3, 4),
        ["Transformer of 2 layers"] = (() => new TransformerTranslator(SourceWords, TargetWords, 4, 3, heads: 2, size: 2, inner: 5, layers: 2, dropout: 0), 4, 3),
    };

    private static readonly Dictionary<string, Func<ITensorModule>> Objectives = new()
    {
        [nameof(TokenCrossEntropy)] = () => new TokenCrossEntropy(),
        [nameof(TokenLabelSmoothing)] = () => new TokenLabelSmoothing(),
        [nameof(TokenSmoothZeroOne)] = () => new TokenSmoothZeroOne(),
        [nameof(TokenLargeMargin)] = () => new TokenLargeMargin(),
        [nameof(DiagonalTokenLoss)] = () => new DiagonalTokenLoss(TargetWords),
        [nameof(LowRankTokenLoss)] = () => new LowRankTokenLoss(TargetWords),
        [nameof(BilinearTokenLoss)] = () => new BilinearTokenLoss(TargetWords),
        [nameof(ExpectedTokenAccuracy)] = () => new ExpectedTokenAccuracy(),
        [nameof(ExpectedBleu)] = () => new ExpectedBleu(),
    };

    public static TheoryData<string, string, bool> All
    {
        get
        {
            var rows = new TheoryData<string, string, bool>();
            foreach (var objective in Objectives.Keys)
            {
                rows.Add("LSTM-2", objective, true);
            }

            foreach (var student in Students.Keys)
            {
                rows.Add(student, nameof(DiagonalTokenLoss), false);
                if (student != "LSTM-2")
                {
                    rows.Add(student, nameof(DiagonalTokenLoss), true);
                    rows.Add(student, nameof(ExpectedTokenAccuracy), true);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Kernels_agree_with_autograd(string student, string objective, bool fuse)
    {
        using var errors = new ErrorLog(output);
        using var scope = NewDisposeScope();
        using var point = At(student, objective);
        var expected = point.Eager();
        using var into = TensorBlock.LikeZeros(point.W);
        using var kernel = point.Gradient(fuse, into);
        using var forward = PairKernels.Forward(point.Student, fuse, point.W, point.N);

        kernel.Run(point.X, point.Y, Seed);

        errors.Require("value", expected.Value, kernel.Value, 1e-12);
        errors.Require("output", expected.Output, kernel.Output, 1e-12);
        errors.Require("forward", expected.Output, forward.Run(point.X), 1e-12);
        errors.Require("gradient", expected.Gradient() * Seed, into.Flat, Exact);
        if (point.Objective is not (ExpectedTokenAccuracy or ExpectedBleu))
        {
            using var hv = TensorBlock.LikeZeros(point.W);
            using var mv = TensorBlock.LikeZeros(point.Phi);
            using var hyper = point.Hyper(fuse, point.Tangent, hv, mv);
            hyper.Run(point.X, point.Y, point.Kept(fuse, Seed), Seed);

            var (expectedHv, expectedMv) = expected.HyperStep(point.Tangent);
            errors.Require("H v", expectedHv * Seed, hv.Flat, Exact);
            errors.Require("M v", expectedMv * Seed, mv.Flat, Exact);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_partial_derivative_agrees_with_central_differences(string student, string objective, bool fuse)
    {
        const double H = 1e-5;
        using var errors = new ErrorLog(output);
        using var scope = NewDisposeScope();
        using var point = At(student, objective);
        using var into = TensorBlock.LikeZeros(point.W);
        using var kernel = point.Gradient(fuse, into);
        var weights = point.W.Flat.clone();

        var partial = new double[weights.numel()];
        for (var i = 0; i < partial.Length; i++)
        {
            partial[i] = (ValueAt(i, H) - ValueAt(i, -H)) / (2 * H);
        }

        errors.Require("gradient", tensor(partial, dtype: float64), GradientAt(0), Approximate);
        if (point.Objective is not (ExpectedTokenAccuracy or ExpectedBleu))
        {
            using var hv = TensorBlock.LikeZeros(point.W);
            using var mv = TensorBlock.LikeZeros(point.Phi);
            using var hyper = point.Hyper(fuse, point.Tangent, hv, mv);
            hyper.Run(point.X, point.Y, point.Kept(fuse, 1), 1);
            errors.Require("H v", (GradientAt(H) - GradientAt(-H)) / (2 * H), hv.Flat, Approximate);
        }

        double ValueAt(int i, double by)
        {
            var before = point.W.Flat[i].item<double>();
            point.W.Flat[i] = before + by;
            kernel.Run(point.X, point.Y, 1);
            point.W.Flat[i] = before;
            return kernel.Value.item<double>();
        }

        Tensor GradientAt(double by)
        {
            point.W.Flat.copy_(weights).add_(point.Tangent.Flat, by);
            into.Zero();
            kernel.Run(point.X, point.Y, 1);
            point.W.Flat.copy_(weights);
            return into.Flat.clone();
        }
    }

    [Theory]
    [InlineData("LSTM-1")]
    [InlineData("Transformer of 2 layers")]
    public void Padding_has_no_part_in_what_is_said(string student)
    {
        using var scope = NewDisposeScope();
        using var point = At(student, nameof(TokenCrossEntropy));
        using var forward = PairKernels.Forward(point.Student, true, point.W, point.N);
        var before = forward.Run(point.X).clone();

        // The vectors of the padding, of the source and of the target, which are the first of each embedding.
        var length = Students[student].SourceLength;
        foreach (var slot in point.Student.Layout.Where(slot => slot.Name.EndsWith("source.Weight", StringComparison.Ordinal) || slot.Name.EndsWith("target.Weight", StringComparison.Ordinal)))
        {
            point.W.Tensors[point.Student.Layout.ToList().IndexOf(slot)][0] += 10;
        }

        var after = forward.Run(point.X);
        var (kept, moved) = (before[.., .., 1..], after[.., .., 1..]);
        var words = point.X[.., length..].ne(0).unsqueeze(2).expand_as(kept);
        Assert.True(kept.masked_select(words).allclose(moved.masked_select(words), 1e-12, 1e-12));
        Assert.False(before.allclose(after));
    }

    private static PairPoint At(string student, string objective)
    {
        var (make, sourceLength, targetLength) = Students[student];
        var sentences = new Sentences(SourceWords, TargetWords, sourceLength, targetLength);
        return new(make(), Objectives[objective](), Pairs, float64, draw: (generator, _) => sentences.Draw(generator, Pairs));
    }
}
