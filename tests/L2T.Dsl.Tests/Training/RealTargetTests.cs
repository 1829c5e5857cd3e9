using L2T.Dsl.Data;
using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;
using L2T.Dsl.Tests.Kernels;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Training;

/// <summary>Teaching and training on real-valued targets: what is measured, checked, saved and gone on with.</summary>
public sealed class RealTargetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_student_is_measured_by_its_mean_squared_error()
    {
        using var scope = NewDisposeScope();
        var data = Draw();
        var experiment = Experiment(data);
        var points = new List<TrainingPoint>();

        var student = experiment.Train(nameof(MeanSquaredError), 1, progress: new Reports<TrainingPoint>(points.Add));

        var evaluation = experiment.Evaluate(student, data.Dev);
        var expected = (experiment.Predict(student, data.Dev.Inputs) - data.Dev.Labels).square().mean().item<double>();
        Assert.Equal(expected, evaluation.MeanSquaredError!.Value, 1e-12);
        Assert.Equal(evaluation.MeanSquaredError, evaluation.Error);
        Assert.Equal((20, 0), (evaluation.Examples, evaluation.Errors));
        Assert.True(double.IsNaN(evaluation.ErrorRate));
        Assert.Equal(expected, student.DevError, 1e-12);
        Assert.All(points, point => Assert.Null(point.TrainAccuracy));
        Assert.True(points[^1].DevError < 0.8 * points[0].DevError, "it has not learned");
        // The running average of the training loss is that of the squared error under this loss.
        Assert.Equal(points, student.Curve);
    }

    [Fact]
    public void Episodes_tell_mean_squared_errors_and_a_teacher_learns()
    {
        using var scope = NewDisposeScope();
        var data = Draw();
        var experiment = Experiment(data, episodes: 12);
        var progress = new List<TeachingProgress>();

        var teacher = experiment.Teach(new Reports<TeachingProgress>(progress.Add));

        Assert.All(progress, report => Assert.Equal(ErrorMeasure.MeanSquaredError, report.Measure));
        // The metric is minus the same figure on the same examples.
        Assert.All(teacher.History, record => Assert.Equal(-record.Metric, record.DevError, 1e-12));
        var (start, learned) = (experiment.InitialTeacher(), teacher.Parameters);
        Assert.All(start.Layout, slot => Assert.False(start[slot.Name].SequenceEqual(learned[slot.Name]), $"{slot.Name} has not moved"));
        Assert.True(experiment.Differentiate(learned, 0).Objective > experiment.Differentiate(start, 0).Objective, "no better than untaught");
    }

    [Fact]
    public void A_teaching_and_a_training_go_on_to_the_same_bits_and_their_files_hold_no_NaN()
    {
        using var scope = NewDisposeScope();
        var data = Draw(heldOut: 9);
        var whole = Experiment(data, episodes: 4).Teach();
        Experiment(data, episodes: 2, checkpoint: _folder["teacher"]).TeachOrResume();

        var learned = Experiment(data, episodes: 4, checkpoint: _folder["teacher"]).TeachOrResume();

        Assert.Equal(whole.Parameters, learned.Parameters);
        Assert.Equal(whole.History.Select(record => (record.DevError, record.HeldOutError)), learned.History.Select(record => (record.DevError, record.HeldOutError)));

        var undisturbed = Experiment(data).Train(whole, 3);
        using var stop = new CancellationTokenSource();
        var seen = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => Experiment(data).Train(
            whole, 3, progress: new Reports<TrainingPoint>(_ => Stop()), checkpointPath: _folder["student"], cancellation: stop.Token));
        Assert.InRange(seen, 2, 5);
        var student = Experiment(data).Train(whole, 3, checkpointPath: _folder["student"]);
        student.Save(_folder["saved"]);
        Assert.Equal(undisturbed.Weights, student.Weights);
        Assert.Equal(undisturbed.Curve, student.Curve);
        Assert.Equal(undisturbed.DevError, student.DevError);
        Assert.Equal(student.Curve, TrainedStudent.Load(_folder["saved"]).Curve);
        foreach (var file in (string[])["teacher", "student", "saved"])
            Assert.DoesNotContain("NaN", File.ReadAllText(_folder[file]));

        void Stop()
        {
            if (++seen == 4)
                stop.Cancel();
        }
    }

    [Fact]
    public void A_teacher_is_not_gone_on_with_on_other_targets()
    {
        using var scope = NewDisposeScope();
        var data = Draw();
        using var scaled = new LabelledData(data.Train.Inputs, 2 * data.Train.Labels);
        var teacher = Experiment(data).Teach();

        var fault = Assert.Throws<L2TException>(() => Experiment(new DataSplit(scaled, data.Dev, data.Test)).Resume(teacher));

        Assert.Contains("Data.Train", fault.Message);
    }

    [Fact]
    public void Data_that_is_not_what_the_loss_takes_is_named_before_anything_runs()
    {
        using var scope = NewDisposeScope();
        var inputs = randn(20, 6);

        AssertFault(
            "The data 'classes' has labels of 3 classes, but the loss of CurveExperiment takes real-valued targets.",
            new CurveExperiment { Data = Split(new(inputs, zeros(20, int64), 3, "classes")) });
        AssertFault("The data 'line' has targets []; CurveNetwork gives [3] for one example.", new CurveExperiment { Data = Split(new(inputs, zeros(20), "line")) });
        AssertFault("The data 'wide' has targets [1]; LineNetwork gives [] for one example.", new LineExperiment { Data = Split(new(inputs, zeros(20, 1), "wide")) });
        AssertFault(
            "The data 'curve' has real-valued targets, but the loss of RegressionExperiment takes class labels.",
            new RegressionExperiment { Data = Split(new(inputs, zeros(20, 4), "curve")) });

        static DataSplit Split(LabelledData all) => DataSplit.InOrder(all, 12, 4, 4);

        static void AssertFault(string message, LossTeacherExperiment experiment) =>
            Assert.Contains(message, Assert.Throws<L2TException>(() => experiment.Teach()).Message);
    }

    [Fact]
    public void An_accuracy_that_there_is_not_is_named_where_a_feature_computes_with_it()
    {
        using var scope = NewDisposeScope();
        var experiment = new BlindExperiment { Data = Draw(), Steps = 2, BatchSize = 8 };

        Assert.Contains("take TrainError or DevError", Assert.Throws<L2TException>(() => experiment.Teach()).Message);
    }

    [Fact]
    public void A_student_that_runs_away_is_an_error_and_no_NaN_in_its_figures()
    {
        using var scope = NewDisposeScope();
        var experiment = new CurveExperiment { Data = Draw(), Steps = 12, BatchSize = 8, LearningRate = 1e200, StateInterval = 1, DType = float64 };

        Assert.Throws<NonFiniteException>(() => experiment.Train(nameof(MeanSquaredError), 1));
        Assert.Throws<NonFiniteException>(() => new CurveExperiment { Data = Draw(), Steps = 1, BatchSize = 8, LearningRate = 1e200, DType = float64 }.Train(nameof(MeanSquaredError), 1));
    }

    [Fact]
    public void Figures_that_single_precision_cannot_hold_are_a_students_fault_not_a_features()
    {
        using var scope = NewDisposeScope();
        // Squares of about 1e60 after a step: numbers in float64, infinities in the teacher's features.
        var experiment = new CurveExperiment { Data = Draw(), Steps = 2, BatchSize = 8, LearningRate = 1e30, StateInterval = 1, DType = float64 };

        var fault = Assert.Throws<NonFiniteException>(() => experiment.Teach());

        Assert.Equal(1, fault.Step);
        Assert.Contains("State feature", fault.Message);
    }

    private static CurveExperiment Experiment(DataSplit data, int episodes = 2, string? checkpoint = null) => new()
    {
        Data = data,
        Steps = 30,
        BatchSize = 8,
        LearningRate = 0.2,
        StateInterval = 3,
        CheckpointSteps = 3,
        Episodes = episodes,
        TeacherLearningRate = 0.02,
        CheckpointPath = checkpoint,
        CheckpointInterval = 1,
        HeldOutWindow = 1,
        DType = float64,
    };

    /// <summary>Waves.</summary>
    private static DataSplit Draw(int heldOut = 0)
    {
        using var generator = new Generator(7);
        using var inputs = randn(80, 6, dtype: float64, generator: generator);
        using var targets = inputs.narrow(1, 0, 3).sin() + 0.5;
        using var all = new LabelledData(inputs, targets, "waves");
        return DataSplit.InOrder(all, 40, 20, 10, heldOut);
    }
}
