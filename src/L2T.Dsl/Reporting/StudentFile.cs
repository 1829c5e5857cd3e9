using L2T.Dsl.Tensors;
using L2T.Dsl.Training;

namespace L2T.Dsl.Reporting;

/// <summary>The file of a trained student: its weights, and the coefficients of its loss, behind how it was trained.</summary>
internal static class StudentFile
{
    private static readonly ParameterFile File = new("L2T-STUDENT 1", "student", "TrainedStudent.Save");

    public static void Write(TrainedStudent student, string path)
    {
        var header = new Header(
            student.Loss,
            student.Seed,
            student.LearningRate,
            [.. student.Weights.Layout],
            student.DevError,
            student.Curve,
            student.Coefficients.Count == 0 ? [] : [.. student.Coefficients[0].Values.Layout],
            [.. student.Coefficients.Select(snapshot => snapshot.Step)],
            [.. student.Coefficients.Select(snapshot => snapshot.State)]);
        File.Write(path, header, student.Coefficients.Select(snapshot => snapshot.Values).Prepend(student.Weights));
    }

    public static TrainedStudent Read(string path)
    {
        var (header, values) = File.Read<Header>(path);
        var weights = values.Next(header.Layout);
        CoefficientSnapshot[] coefficients =
        [
            .. header.CoefficientSteps.Select((step, i) =>
                new CoefficientSnapshot(step, values.Next(header.CoefficientLayout)) { State = header.States is { } states ? states[i] : [] }),
        ];
        return new TrainedStudent(header.Loss, header.Seed, header.LearningRate, weights, header.DevError, header.Curve, coefficients);
    }

    private sealed record Header(
        string Loss,
        int Seed,
        double LearningRate,
        TensorSlot[] Layout,
        double DevError,
        IReadOnlyList<TrainingPoint> Curve,
        TensorSlot[] CoefficientLayout,
        int[] CoefficientSteps,
        // Null in files from before they were kept.
        IReadOnlyList<double>[]? States);
}
