using System.Reflection;
using L2T.Dsl.Training;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>What the generator wrote for the library's loops: users of an experiment do not see it; tests do.</summary>
internal static class ExperimentHooks
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Reads a property of an experiment.</summary>
    public static T Get<T>(this LossTeacherExperiment experiment, string property) =>
        (T)experiment.GetType().GetProperty(property, Members)!.GetValue(experiment)!;

    /// <summary>Calls a method of an experiment.</summary>
    public static T Call<T>(this LossTeacherExperiment experiment, string method, params object[] arguments) =>
        (T)experiment.GetType().GetMethod(method, Members)!.Invoke(experiment, arguments)!;

    /// <summary>A method of an experiment as a delegate.</summary>
    public static T Method<T>(this LossTeacherExperiment experiment, string method) where T : Delegate =>
        experiment.GetType().GetMethod(method, Members)!.CreateDelegate<T>(experiment);
}
