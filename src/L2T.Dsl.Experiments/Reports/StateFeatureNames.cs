using System.Reflection;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.Reports;

/// <summary>What the elements of s_t are called.</summary>
internal static class StateFeatureNames
{
    /// <summary>
    /// A name for each element: that of its method, and the number within it where it gives several. Methods are taken in the order of their
    /// tokens, which is that of their declaration.
    /// </summary>
    public static IReadOnlyList<string> Of(LossTeacherExperiment experiment)
    {
        var teacher = experiment.GetType().GetCustomAttribute<ExperimentAttribute>()?.Teacher;
        var names = (teacher?.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) ?? [])
            .OrderBy(method => method.MetadataToken)
            .Select(method => (method.Name, Feature: method.GetCustomAttribute<StateFeatureAttribute>()))
            .Where(method => method.Feature is not null)
            .SelectMany(method => method.Feature!.Size == 1
                ? [method.Name]
                : Enumerable.Range(0, method.Feature.Size).Select(i => FormattableString.Invariant($"{method.Name} {i}")))
            .ToList();
        // An experiment that was not generated has no such methods.
        return names.Count == experiment.StateSize ? names : [.. Enumerable.Range(0, experiment.StateSize).Select(i => FormattableString.Invariant($"feature {i}"))];
    }
}
