using System.Reflection;
using System.Text.Json;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.Settings;

/// <summary>
/// The settings of an experiment: its typed properties, read by reflection, so that a property which its author adds is an option without
/// more being said. They are set on an experiment that its factory has just made, over what the factory chose.
/// </summary>
internal sealed class ExperimentSettings
{
    /// <summary>The option that chooses the optimizer.</summary>
    public const string Optimizer = "optimizer";

    private static readonly Dictionary<string, Func<OptimizerOptions>> Optimizers = new()
    {
        ["sgd"] = () => new SgdOptions(),
        ["adam"] = () => new AdamOptions(),
        ["adamw"] = () => new AdamWOptions(),
    };

    // What a run decides by its folder and its command.
    private static readonly string[] NotOptions = [nameof(LossTeacherExperiment.CheckpointPath)];

    /// <param name="experiment">An experiment of the kind.</param>
    public ExperimentSettings(LossTeacherExperiment experiment)
    {
        var optimizers = Optimizers.Values.Select(create => create().GetType()).Append(experiment.Optimizer.GetType());
        All =
        [
            .. Of(experiment.GetType()).Where(setting => !NotOptions.Contains(setting.Property.Name)),
            .. optimizers.SelectMany(Of).DistinctBy(setting => setting.Name),
        ];
    }

    /// <summary>All of them, but the choice of the optimizer.</summary>
    public IReadOnlyList<Setting> All { get; }

    /// <summary>The optimizers that can be chosen.</summary>
    public static IReadOnlyCollection<string> OptimizerNames => Optimizers.Keys;

    /// <summary>The type of a setting's values, without the question mark.</summary>
    /// <exception cref="L2TException">There is no such setting.</exception>
    public Type TypeOf(string name)
    {
        var type = name == Optimizer ? typeof(string) : Find(name).Property.PropertyType;
        return Nullable.GetUnderlyingType(type) ?? type;
    }

    /// <summary>A value as <see cref="Resolve"/> writes it.</summary>
    /// <exception cref="L2TException">There is no such setting, or the text says no value of it.</exception>
    public string Canonical(string name, string text)
    {
        if (name != Optimizer)
            return SettingText.Write(SettingText.Read(name, Find(name).Property.PropertyType, text));
        return Optimizers.ContainsKey(text) ? text : throw NoOptimizer(text);
    }

    /// <summary>An exception's message, with settings called as their options are.</summary>
    public static string MessageOf(L2TException e) =>
        e.Setting is { } setting ? setting.Message($"--{(setting.Optimizer is null ? "" : Optimizer + ".")}{Names.Kebab(setting.Name)}") : e.Message;

    /// <summary>Sets what <paramref name="values"/> name.</summary>
    /// <exception cref="L2TException">A name is unknown, or a value none of its setting.</exception>
    public void Apply(LossTeacherExperiment experiment, IReadOnlyDictionary<string, string> values)
    {
        if (values.TryGetValue(Optimizer, out var optimizer) && optimizer != NameOf(experiment.Optimizer))
        {
            if (!Optimizers.TryGetValue(optimizer, out var create))
                throw NoOptimizer(optimizer);
            Replace(experiment, create());
        }
        else if (values.Keys.Any(name => name.StartsWith(Optimizer + ".", StringComparison.Ordinal)))
        {
            // A record may be shared; its copy is this experiment's own.
            Replace(experiment, experiment.Optimizer with { });
        }
        foreach (var (name, text) in values.Where(pair => pair.Key != Optimizer))
        {
            var setting = Find(name);
            if (setting.IsOfOptimizer)
                Of(setting, experiment).Write(experiment, text);
            else
                setting.Write(experiment, text);
        }
    }

    /// <summary>All settings of an experiment, by name, as <see cref="Apply"/> takes them.</summary>
    public IReadOnlyDictionary<string, string> Resolve(LossTeacherExperiment experiment)
    {
        var resolved = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (NameOf(experiment.Optimizer) is { } optimizer)
            resolved[Optimizer] = optimizer;
        foreach (var setting in All)
        {
            if (!setting.IsOfOptimizer)
                resolved[setting.Name] = setting.Read(experiment);
            else if (experiment.Optimizer.GetType().GetProperty(setting.Property.Name) is { } property)
                resolved[setting.Name] = (setting with { Property = property }).Read(experiment);
        }
        return resolved;
    }

    /// <summary>
    /// The settings in a JSON file: an object of names, nested where a name has a point. <c>{ "steps": 500, "optimizer": { "momentum": 0.9 } }</c>;
    /// <c>learning-rate</c> may be written <c>learningRate</c>.
    /// </summary>
    /// <exception cref="L2TException">The file cannot be read, is no such object, or has an unknown key.</exception>
    public IReadOnlyDictionary<string, string> ReadFile(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new L2TException($"{path} holds no JSON object. Write settings by name: {{ \"steps\": 500 }}.");
            var values = new Dictionary<string, string>();
            Collect(path, "", document.RootElement, values);
            return values;
        }
        catch (JsonException e)
        {
            throw new L2TException(FormattableString.Invariant($"{path} is no JSON: line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}. Mend it there."), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new L2TException($"The settings in '{path}' cannot be read: {e.Message} Give the path of a JSON file.", e);
        }
    }

    private static IEnumerable<Setting> Of(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(Setting.Of).OfType<Setting>();

    private static string? NameOf(OptimizerOptions options) => Optimizers.FirstOrDefault(pair => pair.Value().GetType() == options.GetType()).Key;

    private static void Replace(LossTeacherExperiment experiment, OptimizerOptions options) =>
        experiment.GetType().GetProperty(nameof(LossTeacherExperiment.Optimizer))!.SetValue(experiment, options);

    private static Setting Of(Setting setting, LossTeacherExperiment experiment) =>
        experiment.Optimizer.GetType().GetProperty(setting.Property.Name) is { } property
            ? setting with { Property = property }
            : throw new L2TException($"{setting.Name} is no setting of the optimizer '{NameOf(experiment.Optimizer)}'. Leave it out, or choose another with --{Optimizer}.");

    private void Collect(string path, string prefix, JsonElement element, Dictionary<string, string> values)
    {
        foreach (var entry in element.EnumerateObject())
        {
            var name = prefix + Names.Kebab(entry.Name);
            if (entry.Value.ValueKind == JsonValueKind.Object)
            {
                Collect(path, name + ".", entry.Value, values);
                continue;
            }
            if (name != Optimizer && All.All(setting => setting.Name != name))
                throw Unknown(name, $" in {path}");
            values[name] = entry.Value.ValueKind == JsonValueKind.Null ? "none" : entry.Value.ToString();
        }
    }

    private Setting Find(string name) => All.FirstOrDefault(setting => setting.Name == name) ?? throw Unknown(name, "");

    private static L2TException NoOptimizer(string given) =>
        new($"{Optimizer} is '{given}'. It must be one of {string.Join(", ", Optimizers.Keys)}.");

    private L2TException Unknown(string name, string where) =>
        new($"There is no setting '{name}'{where}.{Names.Suggestion(name, All.Select(setting => setting.Name).Append(Optimizer))} --help lists them.");
}
