using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;

namespace L2T.Dsl.Tests.Reporting;

public sealed class StudentFileTests : IDisposable
{
    private static readonly EagerExperiment Experiment = new() { Data = EagerExperiment.Split() };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cross-entropy")]
    [InlineData("sigmoid")]
    public void A_student_comes_back_as_it_was(string loss)
    {
        var path = _folder.Write("student", [1, 2, 3]);
        var student = Experiment.Train(loss, 3, 0.25);

        student.Save(path);
        var loaded = TrainedStudent.Load(path);

        Assert.Equal(["student"], _folder.Files);
        Assert.Equal((student.Loss, student.Seed, student.LearningRate, student.DevError), (loaded.Loss, loaded.Seed, loaded.LearningRate, loaded.DevError));
        Assert.Equal(student.Weights, loaded.Weights);
        Assert.Equal(student.Weights.Layout, loaded.Weights.Layout);
        Assert.Equal(student.Curve, loaded.Curve);
        Assert.Equal(student.Coefficients, loaded.Coefficients);
        Assert.Equal(loss == "sigmoid" ? 3 : 0, loaded.Coefficients.Count);
    }

    [Fact]
    public void Another_kind_of_file_is_refused()
    {
        Experiment.Teach().Save(_folder["teacher"]);
        Experiment.Train("sigmoid", 1).Save(_folder["student"]);

        Assert.Contains("not the file of a student", Assert.Throws<L2TException>(() => TrainedStudent.Load(_folder["teacher"])).Message);
        Assert.Contains("not the file of a teacher", Assert.Throws<L2TException>(() => LearnedTeacher.Load(_folder["student"])).Message);
        Assert.Contains("TrainedStudent.Save", Assert.Throws<L2TException>(() => TrainedStudent.Load(_folder["none"])).Message);
    }
}
