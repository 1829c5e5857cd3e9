using L2T.Dsl.Experiments.Reports;
using L2T.Dsl.Training;
using Tensorboard;

namespace L2T.Dsl.Experiments.TensorBoard;

/// <summary>The event files of students, written after their training: curves, and the coefficients as histograms and heat-maps, by step.</summary>
internal static class StudentEvents
{
    // TensorBoard keeps 10 pictures of a tag unless it is told otherwise.
    private const int Pictures = 50;

    /// <summary>Writes a student's events to a folder of their own.</summary>
    /// <exception cref="L2TException">They cannot be written.</exception>
    public static void Write(string folder, TrainedStudent student)
    {
        using var file = new EventFile(folder);
        try
        {
            // A reader takes a step that is less than the one before for a start from there.
            foreach (var (step, summary) in student.Curve.Select(point => (point.Step, Summaries.Point(point))).Concat(Coefficients(student.Coefficients)).OrderBy(pair => pair.Step))
                file.Write(step, summary);
            file.Flush();
        }
        catch (IOException e)
        {
            throw new L2TException($"The events of the student cannot be written to '{folder}': {e.Message} Make room; the student itself is saved.", e);
        }
    }

    private static IEnumerable<(int Step, Summary Summary)> Coefficients(IReadOnlyList<CoefficientSnapshot> all)
    {
        if (all.Count == 0)
            return [];
        var ranges = all[0].Values.Layout.ToDictionary(slot => slot.Name, slot => Magnitude(all, slot.Name));
        return Figures.Thinned(all, Pictures).Select(snapshot => (snapshot.Step, Summaries.Coefficients(snapshot, ranges)));
    }

    private static double Magnitude(IReadOnlyList<CoefficientSnapshot> snapshots, string name)
    {
        var largest = 0.0;
        foreach (var snapshot in snapshots)
        {
            foreach (var value in snapshot.Values[name])
                largest = double.IsFinite(value) ? Math.Max(largest, Math.Abs(value)) : largest;
        }
        return largest;
    }
}
