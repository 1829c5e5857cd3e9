using L2T.Dsl.Data;
using L2T.Dsl.Losses;
using L2T.Dsl.Students;
using L2T.Dsl.Tests.Kernels;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Training;

/// <summary>Batches of padding alone.</summary>
public sealed class PaddedBatchTests
{
    [Fact]
    public void They_leave_the_running_averages_of_the_training_as_they_were()
    {
        using var scope = NewDisposeScope();
        var (inputs, labels) = (randint(1, 6, [4, 7], dtype: int64), zeros([4, 3], int64));
        labels[0] = tensor(new long[] { 1, 2, 0 });
        var data = new LabelledData(inputs, labels, 6) { Padding = 0 };
        var experiment = new LstmExperiment
        {
            Student = new LstmTranslator(7, 6, 4, 3, width: 3, layers: 1, dropout: 0),
            Data = new(data, data, data),
            Steps = 12,
            BatchSize = 1,
            StateInterval = 1,
            // The student stays as it is, and so do the figures of the one sentence that says something.
            LearningRate = 1e-15,
            DType = float64,
        };
        var points = new List<TrainingPoint>();

        experiment.Train(nameof(TokenCrossEntropy), 1, progress: new Reports<TrainingPoint>(points.Add));

        var told = points.SkipWhile(point => point.TrainLoss == 0).ToList();
        Assert.InRange(told.Count, 7, 12);
        Assert.All(told, point => Assert.Equal(told[0].TrainLoss, point.TrainLoss, 1e-9));
        Assert.All(told, point => Assert.Equal(told[0].TrainAccuracy!.Value, point.TrainAccuracy!.Value, 1e-12));
    }
}
