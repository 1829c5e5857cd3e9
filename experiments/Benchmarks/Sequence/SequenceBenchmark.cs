using L2T.Dsl.Losses;
using L2T.Dsl.Students;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Experiments.Benchmarks.Sequence;

/// <summary>
/// Steps of translators, without dropout, on sentences of 13 to 25 words, padded to 25. Under autograd the same bodies run, on the same
/// primitives.
/// </summary>
internal static class SequenceBenchmark
{
    private const int LeastRounds = 7;
    private const int Batch = 32;
    private const int Length = 25;
    private const int Words = 4000;
    private const double Rate = 1;

    /// <summary>Measures all cases.</summary>
    public static IEnumerable<StepTimes> Run(TimeSpan budget)
    {
        var lstm = new LstmTranslator(Words, Words, Length, Length, dropout: 0);
        yield return Measure("LSTM-1, 256 wide", new LstmExperiment { Student = lstm }, lstm, lstm.Forward, budget);
        var transformer = new TransformerTranslator(Words, Words, Length, Length, dropout: 0);
        yield return Measure("Transformer, 3 layers, 256 wide", new TransformerExperiment { Student = transformer }, transformer, transformer.Forward, budget);
    }

    private static StepTimes Measure(string name, IStepKernels kernels, ITensorModule student, Func<Tensor, Tensor> forward, TimeSpan budget)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var (source, target) = (Sentences(), Sentences());
        var before = cat([ones([Batch, 1], dtype: ScalarType.Int64), target.narrow(1, 0, Length - 1)], 1) * target.ne(0);
        var loss = new DiagonalTokenLoss(Words);
        return StepBenchmark.Measure(name, kernels, Bound, loss, loss.Loss, cat([source, before], 1), target, budget, LeastRounds, Rate);

        Func<Tensor, Tensor> Bound(Tensor[] w)
        {
            student.Bind(new TensorCursor(w));
            return forward;
        }
    }

    private static Tensor Sentences()
    {
        var lengths = randint((Length / 2) + 1, Length + 1, [Batch, 1], dtype: ScalarType.Int64);
        return randint(3, Words, [Batch, Length], dtype: ScalarType.Int64) * arange(Length).unsqueeze(0).lt(lengths);
    }
}
