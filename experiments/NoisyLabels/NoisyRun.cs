using L2T.Dsl.Data;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Tensors;
using L2T.Dsl.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Experiments.NoisyLabels;

/// <summary>One seed: a teacher, a fresh student under it, and students by cross-entropy from the same weights and on the same batches.</summary>
internal static class NoisyRun
{
    private const string Reference = "CrossEntropy";

    /// <summary>Runs it.</summary>
    public static NoisyResult Run(NoisySettings settings, int seed, CancellationToken cancellation)
    {
        using var data = NoisyData.Draw(settings, seed);
        var experiment = Experiment(settings, data.Split, seed, settings.Rate);
        var teacher = experiment.Teach(cancellation: cancellation);
        var taught = experiment.Train(teacher, seed, cancellation: cancellation);
        var fixedLoss = CrossEntropy(data.Split, settings.Rate);
        // Its own best rate, by the clean examples that teach the teacher.
        var tuned = settings.Rates.Select(rate => CrossEntropy(data.Split, rate)).MinBy(student => student.DevError)!;
        var both = data.Split.TrainOnDevToo();
        using var trainAndDev = both.Train;
        var onBoth = CrossEntropy(both, tuned.LearningRate);

        var weights = Weights(experiment, taught, data.Split.Train);
        return new NoisyResult(
            seed,
            Error(fixedLoss),
            Error(tuned),
            tuned.LearningRate,
            Error(onBoth),
            Error(taught),
            Ranking.Auc(weights, data.IsClean),
            weights.Where((_, i) => data.IsClean[i]).Average(),
            weights.Where((_, i) => !data.IsClean[i]).Average());

        TrainedStudent CrossEntropy(DataSplit split, double rate) =>
            Experiment(settings, split, seed, rate).Train(Reference, seed, cancellation: cancellation);

        double Error(TrainedStudent student) => experiment.Evaluate(student, data.Split.Test).ErrorRate;
    }

    private static NoisyLabelsExperiment Experiment(NoisySettings settings, DataSplit split, int seed, double rate) => new()
    {
        Student = new PictureMlp((int)split.Train.InputShape[0], settings.Hidden),
        Data = split,
        Steps = settings.Steps,
        WarmStartSteps = settings.WarmStart,
        BatchSize = settings.Batch,
        LearningRate = rate,
        Schedule = LearningRateSchedule.Cosine(),
        Optimizer = new SgdOptions { Momentum = 0.9 },
        Episodes = settings.Episodes,
        TeacherLearningRate = settings.TeacherRate,
        MetricExamples = Math.Min(settings.MetaBatch, settings.Dev),
        StateInterval = settings.Steps,
        Seed = seed,
    };

    // The weights that the network gives the examples of a student at the end of its training.
    private static double[] Weights(NoisyLabelsExperiment experiment, TrainedStudent student, LabelledData examples)
    {
        using var scope = NewDisposeScope();
        using var logits = experiment.Predict(student, examples.Inputs);
        var losses = -functional.log_softmax(logits, 1).gather(1, examples.Labels.unsqueeze(1));
        var network = new WeightedCrossEntropy();
        using var block = new TensorBlock(student.Coefficients[^1].Values.Layout, logits.dtype, CPU);
        student.Coefficients[^1].Values.CopyTo(block);
        ((ITensorModule)network).Bind(new TensorCursor(block.Tensors));
        return [.. network.Weigh(losses).to(float64).data<double>()];
    }
}
