using System.Globalization;
using System.Reflection;
using System.Text;
using L2T.Dsl.Experiments.Reports;
using L2T.Dsl.Tensors;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.Exports;

/// <summary>
/// A taught loss as C#: the coefficients that a teacher gave at some steps of a student's training are the constants of loss forms without
/// coefficients, one for each stage of the training, and a class beside them takes the stage by progress.
/// </summary>
internal static class TaughtLossSource
{
    // A constant is an operation of the generated kernel.
    private const int MaximumElements = 1000;
    private const int Columns = 10;

    /// <summary>The source file.</summary>
    /// <param name="experiment">The experiment whose loss form it is.</param>
    /// <param name="snapshots">The coefficients over a training, from its first step on.</param>
    /// <param name="stages">At most how many stages; they begin at steps that were looked at, evenly chosen.</param>
    /// <param name="name">The name of the class.</param>
    /// <param name="space">Its namespace.</param>
    /// <param name="origin">Where the coefficients come from, for the comment.</param>
    /// <exception cref="L2TException">The loss form has no program that can be written out, or too many coefficients.</exception>
    public static string Of(LossTeacherExperiment experiment, IReadOnlyList<CoefficientSnapshot> snapshots, int stages, string name, string space, string origin)
    {
        var layout = experiment.CoefficientLayout;
        var count = layout.Sum(slot => slot.Count);
        if (count > MaximumElements)
            throw new L2TException(FormattableString.Invariant($"The taught loss has {count} coefficients; a source file of constants is for at most {MaximumElements}. Train under the teacher itself, with --teacher."));
        var form = FormOf(experiment);
        var body = new LossFormSource(form, layout);
        var chosen = stages == 1 ? [snapshots[0]] : Figures.Thinned(snapshots, stages);
        var text = new StringBuilder();
        string[] statements = [.. body.Statements()];
        var functions = statements.Any(statement => statement.Contains("functional.", StringComparison.Ordinal)) ? "\nusing static TorchSharp.torch.nn;" : "";
        text.Append(CultureInfo.InvariantCulture, $"""
            // {origin}
            using L2T.Dsl;
            using static TorchSharp.torch;{functions}

            namespace {space};

            /// <summary>
            /// {form.Name} with the coefficients that a teacher gave a student over {experiment.Steps} steps of training, {Stages(chosen.Count)}
            /// are those of its first step.{Remarks(experiment)}
            /// </summary>
            public static class {name}
            """).Append('\n').Append("{\n");
        foreach (var (i, _) in chosen.Index())
            text.Append(CultureInfo.InvariantCulture, $"    private static readonly {name}{i} Stage{i} = new();\n");
        var arguments = string.Join(", ", body.ParameterNames());
        text.Append(CultureInfo.InvariantCulture, $$"""

                /// <summary>A scalar to minimise.</summary>
                /// <param name="progress">The share of the training that is behind the step, from 0 to less than 1.</param>
            {{string.Join('\n', body.ParameterNames().Select(parameter => $"    /// <param name=\"{parameter}\">As of the stages.</param>"))}}
                public static Tensor Loss(double progress, {{string.Join(", ", body.ParameterNames().Select(parameter => "Tensor " + parameter))}}) => progress switch
                {

            """);
        for (var i = 0; i < chosen.Count; i++)
        {
            var until = i + 1 < chosen.Count ? $"< {Number(chosen[i + 1].Step / (double)experiment.Steps)}" : "_";
            text.Append(CultureInfo.InvariantCulture, $"        {until} => Stage{i}.Loss({arguments}),\n");
        }
        text.Append("    };\n}\n");
        foreach (var (i, snapshot) in chosen.Index())
        {
            text.Append(CultureInfo.InvariantCulture, $$"""

                /// <summary>From step {{snapshot.Step}} of {{experiment.Steps}} on.</summary>
                [LossForm]
                public sealed partial class {{name}}{{i}}
                {
                    /// <summary>A scalar to minimise.</summary>
                    public Tensor Loss({{body.Parameters()}})
                    {

                """);
            foreach (var slot in layout)
                text.Append(CultureInfo.InvariantCulture, $"        var {body.LocalOf(slot.Name)} = {Constant(slot, snapshot.Values[slot.Name], body.ParameterNames()[0])};\n");
            foreach (var statement in statements)
                text.Append(CultureInfo.InvariantCulture, $"        {statement}\n");
            text.Append("    }\n}\n");
        }
        return text.ToString();
    }

    private static string Stages(int count) => count == 1 ? "in one stage: they" : FormattableString.Invariant($"in {count} stages: within a stage they");

    private static Type FormOf(LossTeacherExperiment experiment) =>
        experiment.GetType().GetCustomAttribute<ExperimentAttribute>()?.Teacher.GetCustomAttribute<TeacherAttribute>()?.LossForm
            ?? throw new L2TException($"{experiment.GetType().Name} is marked with no Experiment attribute, which says its loss form. Mark it.");

    private static string Remarks(LossTeacherExperiment experiment)
    {
        var remarks = new StringBuilder();
        if (experiment.GradientScale != 1)
            remarks.Append(CultureInfo.InvariantCulture, $" The student was trained with {Number(experiment.GradientScale)} times its gradient.");
        if (experiment.GetType().GetCustomAttribute<ExperimentAttribute>()!.CrossEntropyShare is var share and not 0)
            remarks.Append(CultureInfo.InvariantCulture, $" The student was trained with {Number(share)} times cross-entropy and {Number(1 - share)} times this.");
        return remarks.ToString();
    }

    // As the logits are: in their type, and where they are.
    private static string Constant(TensorSlot slot, ReadOnlySpan<double> values, string logits)
    {
        var isShort = values.Length <= Columns;
        var columns = slot.Shape.Length > 0 ? (int)Math.Min(slot.Shape[^1], 2 * Columns) : Columns;
        var rows = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
            rows.Append(i == 0 ? "" : isShort || i % columns != 0 ? ", " : ",\n            ").Append(Number(values[i]));
        var numbers = isShort ? $" {{ {rows} }}" : $"\n        {{\n            {rows},\n        }}";
        var reshaped = slot.Shape.Length == 1 ? "" : $".reshape({string.Join(", ", slot.Shape.Select(size => size.ToString(CultureInfo.InvariantCulture)))})";
        return slot.Shape.Length == 0 ? $"tensor({rows}).type_as({logits})" : $"tensor(new double[]{numbers}){reshaped}.type_as({logits})";
    }

    // Short where float32 holds it.
    private static string Number(double value) =>
        (float)value == value ? ((float)value).ToString("R", CultureInfo.InvariantCulture) : value.ToString("R", CultureInfo.InvariantCulture);
}
