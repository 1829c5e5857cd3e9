using System.Globalization;
using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace L2T.Dsl.Generators.Reading;

/// <summary>Reads a teacher: its loss form, its state features and, where it has one, its own <c>Teach</c>.</summary>
internal static class TeacherReader
{
    /// <summary>The ordinal of the attribute's argument that names the loss form.</summary>
    public const int LossFormNode = 1;

    /// <summary>Reads a teacher; null where its attribute can't be read.</summary>
    public static TeacherSpec? Read(ReadingContext context, AttributeData attribute)
    {
        // The first node after the name: LossFormNode.
        var lossForm = attribute.ConstructorArguments.Length == 1
            ? AttributeReader.ReadType(context, attribute.ConstructorArguments[0], context.Number(attribute, 0), KnownNames.LossForm)
            : null;
        var slots = attribute.Named("Slots")?.Value is int given ? given : 10;
        if (slots < 1)
        {
            context.Report(Rules.BadValue, context.Number(attribute, "Slots"), "Slots", slots.ToString(CultureInfo.InvariantCulture), "a teacher has at least one memory slot");
        }

        var methods = context.Type.GetMembers().OfType<IMethodSymbol>().Where(m => m.Has(KnownNames.StateFeature)).ToArray();
        foreach (var overload in methods.GroupBy(m => m.Name).SelectMany(same => same.Skip(1)))
        {
            context.Report(Rules.Unreadable, context.Number(overload), $"An overload of '{overload.Name}'", "give each state feature a name of its own");
        }

        var features = methods.Select(m => ReadFeature(context, m)).ToArray();
        if (features.Length == 0)
        {
            context.Report(Rules.NoFeatures, 0, context.Type.Name);
        }

        // With a feature that is wrong, the size of the state is not known.
        if (features.Any(f => f is null))
        {
            return null;
        }

        var body = context.Type.GetMembers(ModuleSpec.EntryMethod(ModuleKind.Teacher)).Any(m => m is IMethodSymbol)
            ? ModuleReader.Read(context, ModuleKind.Teacher, features.Sum(f => (long)f!.Size))
            : null;
        return lossForm is null || !context.IsSound ? null : new(context.Type.ToTypeName(), lossForm.Full, slots, features.OfType<FeatureSpec>().ToEquatableArray(), body);
    }

    private static FeatureSpec? ReadFeature(ReadingContext context, IMethodSymbol method)
    {
        var node = context.Number(method);
        if (method.ReturnType.TypeKind == TypeKind.Error || method.Parameters.Any(p => p.Type.TypeKind == TypeKind.Error))
        {
            context.Break();
            return null;
        }

        var isSpan = method.ReturnType is INamedTypeSymbol { Name: "ReadOnlySpan", TypeArguments: [{ SpecialType: SpecialType.System_Single }] };
        var fault = method switch
        {
            { IsStatic: false } => "is not static",
            { IsGenericMethod: true } => "has type parameters",
            { Parameters: not [{ RefKind: RefKind.None or RefKind.In }] } => "does not take the state alone",
            _ when method.Parameters[0].Type.FullName() != KnownNames.StudentState => $"takes a '{method.Parameters[0].Type.Name}'",
            _ when method.ReturnType.SpecialType != SpecialType.System_Single && !isSpan => $"returns '{method.ReturnType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}'",
            _ => null,
        };
        if (fault is not null)
        {
            context.Report(Rules.FeatureGradient, node, method.Name, fault);
            return null;
        }

        var attribute = method.Attribute(KnownNames.StateFeature)!;
        var given = attribute.Named("Size")?.Value as int?;
        var size = given ?? 1;
        var wrong = isSpan switch
        {
            true when given is null => "it returns a span, whose size must be said",
            true when size < 1 => "a span has at least one number",
            false when size != 1 => "it returns one number",
            _ => null,
        };
        if (wrong is not null)
        {
            var at = given is null ? node : context.Number(attribute, "Size");
            context.Report(Rules.FeatureSize, at, method.Name, size.ToString(CultureInfo.InvariantCulture), wrong);
            return null;
        }

        return new(node, method.Identifier(), size, isSpan, Source(context, method));
    }

    /// <summary>The state's property that a feature returns as it is; null where it computes something.</summary>
    private static string? Source(ReadingContext context, IMethodSymbol method)
    {
        var syntax = method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(context.Cancellation);
        var body = syntax is null ? null : context.Operation(syntax) as IMethodBodyOperation;
        return (body?.BlockBody ?? body?.ExpressionBody) is { Operations: [IReturnOperation { ReturnedValue: { } value }] } &&
            value.WithoutConversions() is IPropertyReferenceOperation { Instance: IParameterReferenceOperation } property
            ? property.Property.Name
            : null;
    }
}
