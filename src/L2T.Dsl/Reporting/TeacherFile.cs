using L2T.Dsl.Tensors;
using L2T.Dsl.Training;

namespace L2T.Dsl.Reporting;

/// <summary>The file of a teacher: its parameters and its optimizer's moments behind its history and settings.</summary>
internal static class TeacherFile
{
    private static readonly ParameterFile File = new("L2T-TEACHER 1", "teacher", "LearnedTeacher.Save");

    public static void Write(LearnedTeacher teacher, string path, bool keepPrevious = false)
    {
        var state = teacher.State;
        var header = new Header(
            [.. state.Latest.Layout], state.Updates, state.Best?.Episode, state.Best?.Error, teacher.History, teacher.Settings);
        ParameterSet?[] sets = [state.Latest, state.FirstMoment, state.SecondMoment, state.Best?.Parameters];
        File.Write(path, header, sets.OfType<ParameterSet>(), keepPrevious);
    }

    public static LearnedTeacher Read(string path)
    {
        var (header, values) = File.Read<Header>(path);
        var latest = values.Next(header.Layout);
        var first = values.Next(header.Layout);
        var second = values.Next(header.Layout);
        var best = header.BestEpisode is { } episode ? new BestTeacher(episode, header.BestError!.Value, values.Next(header.Layout)) : null;
        return new LearnedTeacher(new TeachingState(latest, first, second, header.Updates, best), header.History, header.Settings);
    }

    private sealed record Header(
        TensorSlot[] Layout,
        int Updates,
        int? BestEpisode,
        double? BestError,
        IReadOnlyList<EpisodeRecord> History,
        IReadOnlyDictionary<string, string> Settings);
}
