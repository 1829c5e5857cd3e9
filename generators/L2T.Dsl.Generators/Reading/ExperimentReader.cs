using System.Globalization;
using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;
using Microsoft.CodeAnalysis;

namespace L2T.Dsl.Generators.Reading;

/// <summary>Reads an experiment: all of it stands in its attribute.</summary>
internal static class ExperimentReader
{
    private const string Share = "CrossEntropyShare";

    /// <summary>Reads an experiment: what can be read of it, where its attribute is at fault.</summary>
    public static ExperimentSpec Read(ReadingContext context, AttributeData attribute)
    {
        var student = ReadPart(context, attribute, 0, KnownNames.Student);
        var teacher = ReadPart(context, attribute, 1, KnownNames.Teacher);
        var metricNode = context.Number(attribute, "Metric");
        var metric = attribute.Named("Metric") is { IsNull: false } given
            ? AttributeReader.ReadType(context, given, metricNode, KnownNames.Metric)
            : new TypeReference(metricNode, KnownNames.DefaultMetric);
        var baselines = ReadBaselines(context, attribute);
        var trajectory = "KeepAll";
        if (attribute.Named("Trajectory") is { } policy)
        {
            if (policy.Member() is { } member)
            {
                trajectory = member;
            }
            else
            {
                context.Report(Rules.BadValue, context.Number(attribute, "Trajectory"), "Trajectory", policy.Value?.ToString() ?? "null", "it is no member of TrajectoryPolicy");
            }
        }

        Mixture? mixture = null;
        if (attribute.Named(Share)?.Value is double share and not 0)
        {
            var node = context.Number(attribute, Share);
            if (share is not (> 0 and < 1))
            {
                context.Report(Rules.BadValue, node, Share, share.ToString("R", CultureInfo.InvariantCulture), "it must be at least 0 and less than 1");
            }

            mixture = new(new(node, KnownNames.CrossEntropy), share);
        }

        var unknown = new TypeReference(0, "");
        return new(context.Type.ToTypeName(), student ?? unknown, teacher ?? unknown, metric ?? unknown, baselines ?? [], trajectory, mixture, context.IsSound);
    }

    private static TypeReference? ReadPart(ReadingContext context, AttributeData attribute, int position, string expected)
    {
        if (attribute.ConstructorArguments.Length == 2)
        {
            return AttributeReader.ReadType(context, attribute.ConstructorArguments[position], context.Number(attribute, position), expected);
        }

        context.Break();
        return null;
    }

    private static EquatableArray<TypeReference>? ReadBaselines(ReadingContext context, AttributeData attribute)
    {
        if (attribute.Named("Baselines") is not { IsNull: false } types)
        {
            return [];
        }

        if (types.Kind != TypedConstantKind.Array)
        {
            context.Break();
            return null;
        }

        // The elements' own syntax depends on the form of the list; the whole list is near enough.
        var node = context.Number(attribute, "Baselines");
        var baselines = types.Values.Select(t => AttributeReader.ReadType(context, t, node, KnownNames.LossForm)).ToArray();
        return baselines.Any(b => b is null) ? null : baselines.OfType<TypeReference>().ToEquatableArray();
    }
}
