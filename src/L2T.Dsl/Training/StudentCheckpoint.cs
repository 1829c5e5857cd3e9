using L2T.Dsl.Metrics;
using L2T.Dsl.Reporting;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Training;

/// <summary>
/// A student in the middle of its training, before a step at which its development figures are measured: all that the step and those
/// after it depend on beside the settings, so that the training goes on to the same bits.
/// </summary>
/// <param name="Training">Which training it is: settings by name, with loss, seed, rate and teacher.</param>
/// <param name="Step">The step to go on with.</param>
/// <param name="TrainLoss">The running average of the training loss.</param>
/// <param name="TrainAccuracy">The running average of the training accuracy; without values where targets are real numbers.</param>
/// <param name="TrainError">The running average of the training error.</param>
/// <param name="Carried">What each step hands to the next: weights, the optimizer's memory, averages.</param>
/// <param name="Curve">The training so far.</param>
/// <param name="Coefficients">The coefficients so far.</param>
internal sealed record StudentCheckpoint(
    IReadOnlyDictionary<string, string> Training,
    int Step,
    RunningState TrainLoss,
    RunningState TrainAccuracy,
    RunningState TrainError,
    IReadOnlyList<ParameterSet> Carried,
    IReadOnlyList<TrainingPoint> Curve,
    IReadOnlyList<CoefficientSnapshot> Coefficients)
{
    private static readonly ParameterFile File = new("L2T-STUDENT-CHECKPOINT 2", "student's checkpoint", "LossTeacherExperiment.Train");

    /// <summary>The checkpoint at <paramref name="path"/>, or the one before it where that is missing or damaged; null where there is none.</summary>
    /// <exception cref="L2TException">There is one that cannot be read, or it is of another training.</exception>
    public static StudentCheckpoint? Find(string path, IReadOnlyDictionary<string, string> training)
    {
        if (!AtomicFile.Exists(path))
            return null;
        var found = AtomicFile.Read(path, Read);
        var differences = TeachingSettings.Differences(found.Training, training);
        return differences.Count == 0 ? found : throw new L2TException(
            $"The checkpoint '{path}' is of another training: {string.Join("; ", differences)}. Give the same settings, another path, or delete the file.");
    }

    /// <summary>Writes the checkpoint and keeps the one before it.</summary>
    /// <exception cref="L2TException">The file cannot be written.</exception>
    public void Write(string path)
    {
        var header = new Header(
            Training,
            Step,
            TrainLoss,
            TrainAccuracy,
            TrainError,
            [.. Carried.Select(set => set.Layout.ToArray())],
            Curve,
            Coefficients.Count == 0 ? [] : [.. Coefficients[0].Values.Layout],
            [.. Coefficients.Select(snapshot => snapshot.Step)],
            [.. Coefficients.Select(snapshot => snapshot.State)]);
        File.Write(path, header, Carried.Concat(Coefficients.Select(snapshot => snapshot.Values)), keepPrevious: true);
    }

    private static StudentCheckpoint Read(string path)
    {
        var (header, values) = File.Read<Header>(path);
        ParameterSet[] carried = [.. header.Layouts.Select(values.Next)];
        CoefficientSnapshot[] coefficients =
        [
            .. header.CoefficientSteps.Select((step, i) =>
                new CoefficientSnapshot(step, values.Next(header.CoefficientLayout)) { State = header.States is { } states ? states[i] : [] }),
        ];
        return new StudentCheckpoint(header.Training, header.Step, header.TrainLoss, header.TrainAccuracy, header.TrainError, carried, header.Curve, coefficients);
    }

    private sealed record Header(
        IReadOnlyDictionary<string, string> Training,
        int Step,
        RunningState TrainLoss,
        RunningState TrainAccuracy,
        RunningState TrainError,
        TensorSlot[][] Layouts,
        IReadOnlyList<TrainingPoint> Curve,
        TensorSlot[] CoefficientLayout,
        int[] CoefficientSteps,
        // Null in files from before they were kept.
        IReadOnlyList<double>[]? States);
}
