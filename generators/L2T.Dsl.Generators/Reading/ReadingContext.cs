using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Generators.Reporting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace L2T.Dsl.Generators.Reading;

/// <summary>What the reading of one declared type gathers: numbered nodes, problems, and whether its C# is broken.</summary>
internal sealed class ReadingContext
{
    private readonly Compilation _compilation;
    private readonly Dictionary<SyntaxTree, SemanticModel> _models = [];
    private readonly NodeLocations _locations = new();
    private readonly ProblemSink _problems = new();
    private bool _isBroken;

    private ReadingContext(INamedTypeSymbol type, GeneratorAttributeSyntaxContext source, CancellationToken cancellation)
    {
        Type = type;
        TypeName = type.FullName();
        Cancellation = cancellation;
        _compilation = source.SemanticModel.Compilation;
        _models[source.TargetNode.SyntaxTree] = source.SemanticModel;
    }

    /// <summary>The type being read.</summary>
    public INamedTypeSymbol Type { get; }

    /// <summary>Its full name.</summary>
    public string TypeName { get; }

    /// <summary>Stops the reading.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Whether all that was read so far is sound.</summary>
    public bool IsSound => !_isBroken && !_problems.HasErrors;

    /// <summary>Whether C# itself reports an error in what was read.</summary>
    public bool IsBroken => _isBroken;

    /// <summary>
    /// Reads a declaration. Whatever goes wrong inside <paramref name="read"/> becomes a problem at the type's name: an
    /// exception that escaped would take all generated code with it (CS8785).
    /// </summary>
    /// <returns>The reading; null where the attribute stands on a second declaration of the same type.</returns>
    public static Reading<TSpec>? Read<TSpec>(
        GeneratorAttributeSyntaxContext source, string attribute, Func<ReadingContext, AttributeData, TSpec?> read, CancellationToken cancellation)
        where TSpec : class
    {
        if (source.TargetSymbol is not INamedTypeSymbol type || type.Attribute(attribute) is not { ApplicationSyntaxReference: { } application } data ||
            application.SyntaxTree != source.TargetNode.SyntaxTree || !source.TargetNode.Span.Contains(application.Span))
        {
            return null;
        }

        var context = new ReadingContext(type, source, cancellation);
        context.NumberDeclaration(source.TargetNode, application);
        TSpec? spec = null;
        try
        {
            spec = DeclarationReader.Check(context, attribute) ? read(context, data) : null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            spec = null;
            context._problems.Report(InternalError.Of(context.TypeName, e));
        }

        return new(context.TypeName, spec, context._problems.Problems, context._locations);
    }

    /// <summary>The meaning of a piece of syntax.</summary>
    public IOperation? Operation(SyntaxNode syntax)
    {
        if (!_models.TryGetValue(syntax.SyntaxTree, out var model))
        {
            _models[syntax.SyntaxTree] = model = _compilation.GetSemanticModel(syntax.SyntaxTree);
        }

        return model.GetOperation(syntax, Cancellation);
    }

    /// <summary>Whether a type is declared in the compilation being read.</summary>
    public bool IsOwn(ITypeSymbol type) => SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _compilation.Assembly);

    /// <summary>Gives a piece of syntax the next ordinal.</summary>
    public int Number(SyntaxNode syntax) => _locations.Add(syntax.SyntaxTree, syntax.Span);

    /// <summary>Gives a token the next ordinal.</summary>
    public int Number(SyntaxToken token) => _locations.Add(token.SyntaxTree!, token.Span);

    /// <summary>Gives a part of a piece of syntax the next ordinal.</summary>
    public int Number(SyntaxNode syntax, TextSpan part) => _locations.Add(syntax.SyntaxTree, part);

    /// <summary>Gives the name in a symbol's declaration the next ordinal.</summary>
    public int Number(ISymbol symbol)
    {
        // A symbol declared in several parts: the first that lies in source.
        var place = symbol.Locations.FirstOrDefault(l => l.IsInSource);
        return place is null ? 0 : _locations.Add(place.SourceTree!, place.SourceSpan);
    }

    /// <summary>Gives an argument of an attribute the next ordinal; the whole attribute's where it is not written out.</summary>
    public int Number(AttributeData attribute, Func<AttributeArgumentSyntax, int, bool> which)
    {
        var syntax = (AttributeSyntax?)attribute.ApplicationSyntaxReference?.GetSyntax(Cancellation);
        if (syntax is null)
        {
            return 0;
        }

        var arguments = syntax.ArgumentList?.Arguments ?? default;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (which(arguments[i], i))
            {
                return Number(arguments[i].Expression);
            }
        }

        return Number(syntax);
    }

    /// <summary>The ordinal of a positional argument of an attribute.</summary>
    public int Number(AttributeData attribute, int position) =>
        Number(attribute, (argument, i) => argument.NameEquals is null && i == position);

    /// <summary>The ordinal of a named argument of an attribute.</summary>
    public int Number(AttributeData attribute, string name) =>
        Number(attribute, (argument, _) => argument.NameEquals?.Name.Identifier.ValueText == name);

    /// <summary>Notes a problem at a numbered node.</summary>
    public void Report(Rule rule, int node, params string[] arguments) => _problems.Report(rule, new(TypeName, node), arguments);

    /// <summary>Checks that names are there and differ; C# itself reports where they are not.</summary>
    public void RequireDistinct(IEnumerable<string> names)
    {
        var seen = new HashSet<string>();
        if (!names.All(name => name.Length > 0 && seen.Add(name)))
        {
            Break();
        }
    }

    /// <summary>Notes that C# itself reports an error in what is being read, so that nothing more need be said.</summary>
    public void Break() => _isBroken = true;

    private void NumberDeclaration(SyntaxNode declaration, SyntaxReference attribute)
    {
        Number(((BaseTypeDeclarationSyntax)declaration).Identifier);
        _locations.Declaration = Location.Create(attribute.SyntaxTree, attribute.Span);
    }
}
