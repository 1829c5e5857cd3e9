using System.Reflection;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.Settings;

/// <summary>One typed property of an experiment, or of its optimizer, that a command line or a file can set.</summary>
/// <param name="Name">Its name there, such as <c>learning-rate</c> or <c>optimizer.momentum</c>.</param>
/// <param name="Property">The property.</param>
/// <param name="IsOfOptimizer">Whether the optimizer has it.</param>
internal sealed record Setting(string Name, PropertyInfo Property, bool IsOfOptimizer)
{
    /// <summary>What it is and what may be given, for <c>--help</c>.</summary>
    public string Description => $"{DocumentationComments.SummaryOf(Property)} ({SettingText.Describe(Property.PropertyType)})".Trim();

    /// <summary>The setting that a property of an experiment or an optimizer is; null where it can't be set so.</summary>
    public static Setting? Of(PropertyInfo property)
    {
        if (property is not { GetMethod.IsPublic: true, SetMethod.IsPublic: true } || !SettingText.IsReadable(property.PropertyType))
            return null;
        var name = Names.Kebab(property.Name);
        return typeof(LossTeacherExperiment).IsAssignableFrom(property.DeclaringType) ? new Setting(name, property, false)
            : typeof(OptimizerOptions).IsAssignableFrom(property.DeclaringType) ? new Setting($"{ExperimentSettings.Optimizer}.{name}", property, true)
            : null;
    }

    /// <summary>Its value in an experiment, as text.</summary>
    public string Read(LossTeacherExperiment experiment) => SettingText.Write(Property.GetValue(Owner(experiment)));

    /// <summary>Sets it; an experiment of the caller's own, which nothing else has seen yet: the property may be init-only.</summary>
    /// <exception cref="L2TException">The text says no value of it.</exception>
    public void Write(LossTeacherExperiment experiment, string text)
    {
        // A schedule of one's own has a text that says no more than that it is the same.
        if (text == Read(experiment))
            return;
        var value = SettingText.Read(Name, Property.PropertyType, text);
        try
        {
            Property.SetValue(Owner(experiment), value);
        }
        catch (TargetInvocationException e) when (e.InnerException is L2TException fault)
        {
            throw new L2TException($"{Name}: {fault.Message}", fault);
        }
    }

    private object Owner(LossTeacherExperiment experiment) => IsOfOptimizer ? experiment.Optimizer : experiment;
}
