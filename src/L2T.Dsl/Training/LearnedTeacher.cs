using L2T.Dsl.Reporting;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Training;

/// <summary>
/// A teacher and how it was learned, in plain memory: to train students with, to look at, to save, and to teach further.
/// </summary>
public sealed class LearnedTeacher
{
    internal LearnedTeacher(TeachingState state, IReadOnlyList<EpisodeRecord> history, IReadOnlyDictionary<string, string> settings)
    {
        State = state;
        History = history;
        Settings = settings;
    }

    /// <summary>
    /// The teacher's parameters: those of the best episode by held-out error, where the experiment's data has a held-out part, else
    /// those after the last episode.
    /// </summary>
    public ParameterSet Parameters => State.Best?.Parameters ?? State.Latest;

    /// <summary>Number of episodes it was taught for.</summary>
    public int Episodes => History.Count;

    /// <summary>The episodes.</summary>
    public IReadOnlyList<EpisodeRecord> History { get; }

    /// <summary>The settings it was taught with, by name; what is taught further must have the same.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    internal TeachingState State { get; }

    /// <summary>Reads a teacher that <see cref="Save"/> wrote.</summary>
    /// <exception cref="L2TException">The file is missing, damaged, or no teacher.</exception>
    public static LearnedTeacher Load(string path) => TeacherFile.Read(path);

    /// <summary>
    /// Writes the teacher with all that is needed to teach it further. The file appears whole or not at all: an earlier one of that name
    /// stays until the new one is on disk.
    /// </summary>
    /// <exception cref="L2TException">The file cannot be written.</exception>
    public void Save(string path) => TeacherFile.Write(this, path);
}
