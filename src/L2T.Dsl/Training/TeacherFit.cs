using System.Reflection;

namespace L2T.Dsl.Training;

/// <summary>
/// Whether a teacher that was taught in one experiment can teach in another: it must see what it saw, and what it says must mean what it meant.
/// The student, the data, the steps and all else may differ.
/// </summary>
/// <param name="Misfits">Why it cannot, each as a sentence without its stop; empty where it fits.</param>
/// <param name="Differences">What else differs from where it was taught, in words.</param>
public sealed record TeacherFit(IReadOnlyList<string> Misfits, IReadOnlyList<string> Differences)
{
    private const string ProgramOf = "Program.";

    /// <summary>Whether it fits.</summary>
    public bool Fits => Misfits.Count == 0;

    // What was, and what is: fingerprints of the data among it, which take a while.
    private IReadOnlyDictionary<string, string> Then { get; init; } = new Dictionary<string, string>();

    private IReadOnlyDictionary<string, string> Now { get; init; } = new Dictionary<string, string>();

    /// <summary>In what, in words, the training of students here differs from those that the teacher was taught on.</summary>
    /// <param name="tunesRate">Whether students have a learning rate that is chosen for them.</param>
    internal IReadOnlyList<string> DifferencesForStudents(bool tunesRate) => TeachingSettings.DifferencesForStudents(Then, Now, tunesRate);

    /// <summary>Returns where it fits.</summary>
    /// <exception cref="L2TException">It does not; the message says why.</exception>
    public void Require()
    {
        if (!Fits)
            throw new L2TException($"The teacher does not fit this experiment: {string.Join("; ", Misfits)}. Transfer it to one with the same loss form, number of classes, state features and slots.");
    }

    internal static TeacherFit Of(LossTeacherExperiment experiment, LearnedTeacher teacher)
    {
        var (then, now) = (teacher.Settings, TeachingSettings.Of(experiment));
        var misfits = new List<string>();
        Same("CoefficientLayout", "its loss has the coefficients [{0}], this one [{1}]");
        Same("StateSize", "it sees {0} state features, this experiment has {1}");
        if (misfits.Count == 0)
            Same("TeacherLayout", "it has the parameters [{0}], the teacher of this experiment [{1}]");
        // An experiment that was not generated has no types to ask for.
        if (experiment.GetType().GetCustomAttribute<ExperimentAttribute>()?.Teacher is { } type && type.GetCustomAttribute<TeacherAttribute>() is { } attribute)
        {
            var form = NameOf(attribute.LossForm);
            if (!then.TryGetValue(ProgramOf + form, out var digest))
                misfits.Add($"it was taught for another loss form than {form}");
            else if (digest != now.GetValueOrDefault(ProgramOf + form))
                misfits.Add($"the code of the loss form {form} was another");
            // A teacher of another name may be the same: slots, features and their code count.
            else if (misfits.Count == 0 && now.TryGetValue(ProgramOf + NameOf(type), out var teaching) && !Programs(then).Contains(teaching))
                misfits.Add($"its state features, its slots or its Teach are others than those of {NameOf(type)}");
        }
        return new TeacherFit(misfits, TeachingSettings.Differences(then, now)) { Then = then, Now = now };

        void Same(string name, string misfit)
        {
            if (then.GetValueOrDefault(name) != now[name])
                misfits.Add(string.Format(System.Globalization.CultureInfo.InvariantCulture, misfit, then.GetValueOrDefault(name) ?? "not recorded", now[name]));
        }
    }

    private static IEnumerable<string> Programs(IReadOnlyDictionary<string, string> settings) =>
        settings.Where(setting => setting.Key.StartsWith(ProgramOf, StringComparison.Ordinal)).Select(setting => setting.Value);

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');
}
