using System.Globalization;
using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace L2T.Dsl.Generators.Reading;

/// <summary>Checks and reads what all DSL types have in common.</summary>
internal static class DeclarationReader
{
    /// <summary>Whether the type can be added to: partial, not nested, not generic, a plain class of one kind.</summary>
    public static bool Check(ReadingContext context, string attribute)
    {
        var type = context.Type;
        // A name still to be typed.
        if (context.TypeName.Split('.').Any(part => part.Length == 0))
        {
            context.Break();
            return false;
        }

        if (type.ContainingType is { } outer)
        {
            context.Report(Rules.Nested, 0, type.Name, attribute, outer.Name);
            return false;
        }

        if (type.IsGenericType)
        {
            context.Report(Rules.Generic, 0, type.Name, attribute);
            return false;
        }

        var declarations = type.DeclaringSyntaxReferences.Select(r => r.GetSyntax(context.Cancellation)).OfType<TypeDeclarationSyntax>();
        if (!declarations.All(d => d.Modifiers.Any(SyntaxKind.PartialKeyword)))
        {
            context.Report(Rules.NotPartial, 0, type.Name, attribute);
        }

        // Reported where the first attribute stands; the others stay silent, so that no file is generated twice.
        var kinds = KnownNames.TypeAttributes.Where(type.Has).ToArray();
        if (kinds.Length > 1)
        {
            if (kinds[0] == attribute)
            {
                context.Report(Rules.TwoKinds, 0, type.Name, kinds[0], kinds[1]);
            }
            else
            {
                context.Break();
            }

            return false;
        }

        var unsupported = type switch
        {
            { IsRecord: true } => "A record",
            { TypeKind: TypeKind.Struct } => "A struct",
            { TypeKind: TypeKind.Interface } => "An interface",
            { IsStatic: true } => "A static class",
            { IsAbstract: true } => "An abstract class",
            { IsFileLocal: true } => "A file-local class",
            _ => null,
        };
        if (unsupported is not null)
        {
            context.Report(Rules.Unreadable, 0, unsupported, $"declare '{type.Name}' as 'sealed partial class'");
        }

        return true;
    }

    /// <summary>Reads the parameters of the primary constructor.</summary>
    public static EquatableArray<ScalarParameterSpec> ReadScalars(ReadingContext context)
    {
        var primary = context.Type.PrimaryConstructor(context.Cancellation);
        foreach (var constructor in context.Type.InstanceConstructors)
        {
            if (!constructor.IsImplicitlyDeclared && !SymbolEqualityComparer.Default.Equals(constructor, primary))
            {
                context.Report(
                    Rules.Unreadable, context.Number(constructor), "A constructor with a body",
                    $"declare its parameters at the type itself, as in 'class {context.Type.Name}(int size)', and initialise fields where they are declared");
            }
        }

        return primary is null ? [] : [.. primary.Parameters.Select(p => ReadScalar(context, p)).OfType<ScalarParameterSpec>()];
    }

    private static ScalarParameterSpec? ReadScalar(ReadingContext context, IParameterSymbol parameter)
    {
        var node = context.Number(parameter);
        if (parameter.Type.TypeKind == TypeKind.Error)
        {
            context.Break();
            return null;
        }

        if (parameter.Type.ScalarKind() is not { } kind || parameter.RefKind != RefKind.None || parameter.IsParams)
        {
            context.Report(
                Rules.Unreadable, node, $"Constructor parameter '{parameter.Name}' of type '{parameter.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}'",
                "sizes and numbers are int, long, float, double or bool");
            return null;
        }

        if (parameter.Identifier() != parameter.Name)
        {
            context.Report(Rules.Unreadable, node, $"Constructor parameter '{parameter.Identifier()}'", "give it a name that is no keyword, so that sizes can name it");
            return null;
        }

        double? value = parameter.HasExplicitDefaultValue && parameter.ExplicitDefaultValue is { } given
            ? given is bool truth ? truth ? 1 : 0 : Convert.ToDouble(given, CultureInfo.InvariantCulture)
            : null;
        return new(node, parameter.Name, kind, value);
    }
}
