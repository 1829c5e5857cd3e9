using L2T.Dsl.Losses;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Experiments.Benchmarks.HyperStep;

/// <summary>Steps of 784-H-10, on the same bodies.</summary>
internal static class HyperStepBenchmark
{
    private const int LeastRounds = 30;

    private static readonly (int Batch, int Hidden)[] Cases = [(32, 64), (64, 500), (128, 256), (256, 1000)];

    /// <summary>Measures all cases.</summary>
    public static IEnumerable<StepTimes> Run(TimeSpan budget) => Cases.Select(c => Measure(c.Batch, c.Hidden, budget));

    private static StepTimes Measure(int batch, int hidden, TimeSpan budget)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var (x, y) = (rand(batch, 784), randint(10, batch, dtype: ScalarType.Int64));
        var loss = new BilinearLoss(10);
        return StepBenchmark.Measure($"{batch}x784-{hidden}-10", new HyperStepExperiment { Student = new Perceptron(hidden) }, Plain, loss, loss.Loss, x, y, budget, LeastRounds);

        Func<Tensor, Tensor> Plain(Tensor[] w)
        {
            var student = new Perceptron(hidden);
            ((ITensorModule)student).Bind(new TensorCursor(w));
            return student.Forward;
        }
    }
}
