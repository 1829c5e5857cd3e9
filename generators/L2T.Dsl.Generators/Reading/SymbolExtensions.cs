using L2T.Dsl.Compiler.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace L2T.Dsl.Generators.Reading;

/// <summary>Questions to symbols.</summary>
internal static class SymbolExtensions
{
    private static readonly SymbolDisplayFormat FullNameFormat = new(
        globalNamespaceStyle: SymbolDisplayGlobalNamespaceStyle.Omitted,
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    /// <summary>The name by which specs know a type: namespace, containing types, name, joined by dots.</summary>
    public static string FullName(this ITypeSymbol type) => type.ToDisplayString(FullNameFormat);

    /// <summary>The name as an identifier of generated code.</summary>
    public static string Identifier(this ISymbol symbol) =>
        SyntaxFacts.GetKeywordKind(symbol.Name) == SyntaxKind.None ? symbol.Name : "@" + symbol.Name;

    /// <summary>The names of a type that generated code adds to.</summary>
    public static TypeName ToTypeName(this INamedTypeSymbol type) => new(
        type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString(FullNameFormat) : "",
        type.Identifier(),
        type.DeclaredAccessibility == Accessibility.Public ? "public" : "internal");

    /// <summary>The library's attribute of this name on a symbol; null if there is none.</summary>
    public static AttributeData? Attribute(this ISymbol symbol, string name) => symbol.GetAttributes().Find(name);

    /// <summary>The library's attribute of this name among others; null if there is none.</summary>
    public static AttributeData? Find(this IEnumerable<AttributeData> attributes, string name) =>
        attributes.FirstOrDefault(a => a.AttributeClass is { } type && type.Name == name + "Attribute" && type.ContainingType is null && type.FullName() == KnownNames.AttributeType(name));

    /// <summary>Whether the library's attribute of this name is on a symbol.</summary>
    public static bool Has(this ISymbol symbol, string name) => symbol.Attribute(name) is not null;

    /// <summary>Whether a type is TorchSharp's tensor or derived from it.</summary>
    public static bool IsTensor(this ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.Name == "Tensor" && type.FullName() == KnownNames.Tensor)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a symbol belongs to TorchSharp.</summary>
    public static bool IsTorchSharp(this ISymbol symbol)
    {
        var space = symbol.ContainingNamespace;
        while (space is { ContainingNamespace: { IsGlobalNamespace: false } outer })
        {
            space = outer;
        }

        return space is { Name: KnownNames.TorchSharp, IsGlobalNamespace: false };
    }

    /// <summary>The number type that a type is to the DSL; null if it is none.</summary>
    public static ScalarKind? ScalarKind(this ITypeSymbol? type) => type?.SpecialType switch
    {
        SpecialType.System_Int32 or SpecialType.System_Int64 => Compiler.Specs.ScalarKind.Integer,
        SpecialType.System_Single or SpecialType.System_Double => Compiler.Specs.ScalarKind.Real,
        SpecialType.System_Boolean => Compiler.Specs.ScalarKind.Boolean,
        _ => null,
    };

    /// <summary>Whether a type is an integer type of C#.</summary>
    public static bool IsIntegral(this ITypeSymbol? type) =>
        type?.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt64;

    /// <summary>Whether a type is float, double or Half.</summary>
    public static bool IsFloatingPoint(this ITypeSymbol? type) =>
        type?.SpecialType is SpecialType.System_Single or SpecialType.System_Double;

    /// <summary>The type under a nullable value type, or the type itself.</summary>
    public static ITypeSymbol WithoutNullable(this ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;

    /// <summary>The primary constructor; null if there is none.</summary>
    public static IMethodSymbol? PrimaryConstructor(this INamedTypeSymbol type, CancellationToken cancellation) =>
        type.InstanceConstructors.FirstOrDefault(c => c.DeclaringSyntaxReferences.Any(r =>
            r.GetSyntax(cancellation) is TypeDeclarationSyntax));
}
