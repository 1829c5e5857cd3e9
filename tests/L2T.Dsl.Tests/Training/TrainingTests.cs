using L2T.Dsl.Optimizers;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Training;

public sealed class TrainingTests
{
    [Fact]
    public void A_student_under_a_teacher_sees_the_teachers_coefficients_change()
    {
        var experiment = new EagerExperiment { Data = EagerExperiment.Split() };
        var teacher = experiment.Teach();

        var student = experiment.Train(teacher, seed: 3);

        Assert.Equal(("L2T-DLF", 3, 0.7), (student.Loss, student.Seed, student.LearningRate));
        Assert.Equal([0, 2, 4], student.Coefficients.Select(snapshot => snapshot.Step));
        Assert.NotEqual(student.Coefficients[0].Values, student.Coefficients[1].Values);
        Assert.Equal([0, 2, 4, 6], student.Curve.Select(point => point.Step));
        Assert.Equal(student.DevError, student.Curve[^1].DevError);
        Assert.Equal(0, student.Curve[0].TrainLoss);
        Assert.True(student.Curve[1].TrainLoss < 0);
    }

    [Fact]
    public void A_fixed_loss_trains_and_its_coefficients_stay()
    {
        var experiment = new EagerExperiment { Data = EagerExperiment.Split(60), Steps = 60 };

        var student = experiment.Train("cross-entropy", 1);
        var learned = experiment.Train("sigmoid", 1);

        Assert.Empty(student.Coefficients);
        Assert.True(student.DevError < student.Curve[0].DevError - 0.1);
        Assert.All(learned.Coefficients, snapshot => Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0, 1], snapshot.Values["A"].ToArray()));
        Assert.Equal(["cross-entropy", "sigmoid"], experiment.FixedLosses);
    }

    [Fact]
    public void Every_loss_gets_the_same_start_and_the_same_batches()
    {
        var experiment = new EagerExperiment { Data = EagerExperiment.Split(), LearningRate = 0 };

        // With a learning rate of 0 the weights at the end are those at the start.
        var taught = experiment.Train(experiment.Teach(), 5);
        var fixedLoss = experiment.Train("cross-entropy", 5);
        var other = experiment.Train("cross-entropy", 6);

        Assert.Equal(taught.Weights, fixedLoss.Weights);
        Assert.Equal(taught.Curve[^1].TrainAccuracy, fixedLoss.Curve[^1].TrainAccuracy);
        Assert.NotEqual(fixedLoss.Weights, other.Weights);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits()
    {
        var experiment = new EagerExperiment { Data = EagerExperiment.Split(), Optimizer = new SgdOptions { Momentum = 0.9 } };

        Assert.Equal(experiment.Train("sigmoid", 5, 0.3).Weights, experiment.Train("sigmoid", 5, 0.3).Weights);
        Assert.NotEqual(experiment.Train("sigmoid", 5, 0.3).Weights, experiment.Train("sigmoid", 5, 0.4).Weights);
    }

    [Fact]
    public void Evaluation_counts_the_errors_of_the_student()
    {
        var data = EagerExperiment.Split();
        // Chunks of 7, so that the last of 17 is smaller.
        var experiment = new EagerExperiment { Data = data, EvaluationBatchSize = 7 };
        var student = experiment.Train("cross-entropy", 1);

        var evaluation = experiment.Evaluate(student, data.Dev);

        using var scope = NewDisposeScope();
        var weights = tensor(student.Weights["Weight"].ToArray()).view(3, 4);
        var answers = EagerFunctions.Logits([weights, tensor(student.Weights["Bias"].ToArray())], data.Dev.Inputs).argmax(1);
        var errors = answers.not_equal(data.Dev.Labels).sum(dim: []).item<long>();
        Assert.Equal((17, errors), (evaluation.Examples, evaluation.Errors));
        Assert.Equal(student.DevError, evaluation.ErrorRate);
        Assert.Equal(3, evaluation.PrecisionPerClass.Count);
    }

    [Fact]
    public void Predictions_are_the_students_outputs_for_inputs_of_any_number_and_type()
    {
        var data = EagerExperiment.Split();
        var student = new EagerExperiment { Data = data }.Train("cross-entropy", 1);
        using var scope = NewDisposeScope();
        var single = data.Test.Inputs.to(float32);

        // No data, and chunks of 7, so that the last of 40 is smaller.
        var logits = new EagerExperiment { EvaluationBatchSize = 7 }.Predict(student, single);

        var weights = tensor(student.Weights["Weight"].ToArray()).view(3, 4);
        var expected = EagerFunctions.Logits([weights, tensor(student.Weights["Bias"].ToArray())], single.to(float64));
        Assert.Equal([40, 3], logits.shape);
        Assert.True(logits.allclose(expected, 1e-12, 1e-12));
    }

    [Fact]
    public void Predictions_are_the_callers_and_nothing_else_is_left()
    {
        var data = EagerExperiment.Split();
        var experiment = new EagerExperiment { Data = data };
        var student = experiment.Train("cross-entropy", 1);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;

        Tensor logits;
        using (NewDisposeScope())
            logits = experiment.Predict(student, data.Test.Inputs);

        Assert.Equal(before + 1, Tensor.TotalCount);
        Assert.False(logits.requires_grad);
        Assert.Equal([40, 3], logits.shape);
        logits.Dispose();
    }

    [Fact]
    public void Inputs_that_a_student_cannot_take_are_named()
    {
        var experiment = new EagerExperiment { Data = EagerExperiment.Split() };
        var student = experiment.Train("cross-entropy", 1);
        using var wide = ones(3, 9);
        using var flat = ones(4);
        using var none = ones(0, 4);

        Assert.Contains("inputs [9]; the clouds' student takes [4]", Assert.Throws<L2TException>(() => experiment.Predict(student, wide)).Message);
        Assert.Contains("inputs []", Assert.Throws<L2TException>(() => experiment.Predict(student, flat)).Message);
        Assert.Contains("no inputs", Assert.Throws<L2TException>(() => experiment.Predict(student, none)).Message);
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        var data = EagerExperiment.Split();
        var experiment = new EagerExperiment { Data = data };
        var teacher = experiment.Teach();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;

        experiment.Evaluate(experiment.Train(teacher, 1), data.Test);
        experiment.Train("sigmoid", 1);
        Assert.Throws<NonFiniteException>(() => experiment.Train("cross-entropy", 1, 1e308));

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_loss_that_is_not_finite_names_the_step()
    {
        var experiment = new EagerExperiment { Data = EagerExperiment.Split() };

        var fault = Assert.Throws<NonFiniteException>(() => experiment.Train("cross-entropy", 1, 1e308));

        Assert.Matches(@"The training loss is (NaN|∞|Infinity) at step [1-5] \(the loss has no coefficients\)", fault.Message);
        Assert.Null(fault.Episode);
        Assert.Null(fault.Learned);
    }

    [Fact]
    public void What_cannot_be_trained_is_named()
    {
        var data = EagerExperiment.Split();
        var experiment = new EagerExperiment { Data = data };
        var student = experiment.Train("sigmoid", 1);
        using var others = ones(3, 9, float64);
        using var labels = zeros(3, int64);
        using var wrong = new L2T.Dsl.Data.LabelledData(others, labels, 3, "wrong.csv");
        var wrongSplit = new L2T.Dsl.Data.DataSplit(wrong, wrong, wrong);

        Assert.Contains("cross-entropy, sigmoid", Assert.Throws<L2TException>(() => experiment.Train("hinge", 1)).Message);
        Assert.Contains("learningRate is -1", Assert.Throws<L2TException>(() => experiment.Train("sigmoid", 1, -1)).Message);
        Assert.Contains("wrong.csv", Assert.Throws<L2TException>(() => experiment.Evaluate(student, wrong)).Message);
        Assert.Contains(
            "The data 'wrong.csv' has inputs [9]; the clouds' student takes [4]",
            Assert.Throws<L2TException>(() => new EagerExperiment { Data = wrongSplit, BatchSize = 2 }.Train("sigmoid", 1)).Message);
    }

    [Fact]
    public void Training_can_be_cancelled_and_watched()
    {
        using var source = new CancellationTokenSource();
        var steps = new List<int>();
        var experiment = new EagerExperiment { Data = EagerExperiment.Split() };

        Assert.Throws<OperationCanceledException>(() => experiment.Train("sigmoid", 1, null, new Reports<TrainingPoint>(point =>
        {
            steps.Add(point.Step);
            if (point.Step == 2)
                source.Cancel();
        }), cancellation: source.Token));

        Assert.Equal([0, 2], steps);
    }
}
