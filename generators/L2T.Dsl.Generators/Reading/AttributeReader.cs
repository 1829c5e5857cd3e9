using System.Globalization;
using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;
using Microsoft.CodeAnalysis;

namespace L2T.Dsl.Generators.Reading;

/// <summary>Reads the arguments of the library's attributes.</summary>
internal static class AttributeReader
{
    /// <summary>Reads the sizes in <c>[Shape("N", 64)]</c> and its like; null where one is wrong.</summary>
    /// <param name="context">The reading.</param>
    /// <param name="attribute">The attribute, whose one positional parameter is the array of sizes.</param>
    /// <param name="scalars">The constructor parameters, which sizes may name.</param>
    /// <param name="namesOnly">Whether sizes may name nothing else: dimensions such as <c>N</c> are for methods only.</param>
    public static Shape? ReadShape(ReadingContext context, AttributeData attribute, EquatableArray<ScalarParameterSpec> scalars, bool namesOnly)
    {
        if (attribute.ConstructorArguments.Length != 1 || attribute.ConstructorArguments[0] is not { Kind: TypedConstantKind.Array } sizes)
        {
            context.Break();
            return null;
        }

        // [Shape(null)] passes no array at all.
        if (sizes.IsNull)
        {
            context.Report(Rules.BadSize, context.Number(attribute, 0), "null", "");
            return null;
        }

        var dims = new List<Dim>();
        for (var i = 0; i < sizes.Values.Length; i++)
        {
            var value = sizes.Values[i].Kind == TypedConstantKind.Error ? null : sizes.Values[i].IsNull ? "null" : sizes.Values[i].Value;
            if (value is null)
            {
                context.Break();
                return null;
            }

            if (ReadSize(value, scalars, namesOnly) is { } dim)
            {
                dims.Add(dim);
                continue;
            }

            context.Report(Rules.BadSize, context.Number(attribute, i), value.ToString(), Suggestion(value, scalars));
            return null;
        }

        return new(dims.ToEquatableArray());
    }

    /// <summary>The value of a named argument; null where it is not given.</summary>
    public static TypedConstant? Named(this AttributeData attribute, string name)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == name)
            {
                return argument.Value;
            }
        }

        return null;
    }

    /// <summary>The name of the enum member that an argument is; null where it is none.</summary>
    public static string? Member(this TypedConstant constant) =>
        constant is { Kind: TypedConstantKind.Enum, Type: { } type } ? Member(type, constant.Value) : null;

    /// <summary>The name of the member of an enum that has this value; null where none has.</summary>
    public static string? Member(ITypeSymbol type, object? value) =>
        type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(f => f.HasConstantValue && Equals(f.ConstantValue, value))?.Name;

    /// <summary>Reads a type named in an attribute; null where it is not marked as it must be.</summary>
    /// <param name="context">The reading.</param>
    /// <param name="argument">The argument.</param>
    /// <param name="node">Its ordinal.</param>
    /// <param name="expected">The attribute that the type must bear.</param>
    public static TypeReference? ReadType(ReadingContext context, TypedConstant argument, int node, string expected)
    {
        if (argument.Kind == TypedConstantKind.Error || argument.Value is IErrorTypeSymbol)
        {
            context.Break();
            return null;
        }

        if (argument.Value is not INamedTypeSymbol type || !type.Has(expected))
        {
            context.Report(Rules.NotA, node, (argument.Value as ITypeSymbol)?.FullName() ?? "null", expected);
            return null;
        }

        if (!context.IsOwn(type) && !ReferenceReader.HasProgram(type))
        {
            context.Report(Rules.UnknownBlock, node, type.FullName(), type.ContainingAssembly.Name);
            return null;
        }

        return new(node, type.FullName());
    }

    private static string Suggestion(object value, EquatableArray<ScalarParameterSpec> scalars)
    {
        var names = scalars.Where(s => s.Kind == ScalarKind.Integer).Select(s => s.Name).ToArray();
        var meant = value is string text && Dim.TryParse(text, out var dim)
            ? dim.Symbols.Where(s => !names.Contains(s)).Select(s => Spelling.Nearest(s, names)).FirstOrDefault(n => n is not null)
            : null;
        return meant is null ? "" : $" ('{meant}' may be meant)";
    }

    private static Dim? ReadSize(object value, EquatableArray<ScalarParameterSpec> scalars, bool namesOnly)
    {
        switch (value)
        {
            case int or long or short or byte:
                var number = Convert.ToInt64(value, CultureInfo.InvariantCulture);
                return number > 0 ? number : null;
            case string text when Dim.TryParse(text, out var dim):
                var known = dim.Value is null or > 0 && dim.Symbols.All(name =>
                    scalars.FirstOrDefault(s => s.Name == name) is { } scalar ? scalar.Kind == ScalarKind.Integer : !namesOnly);
                return known ? dim : null;
            default:
                return null;
        }
    }
}
