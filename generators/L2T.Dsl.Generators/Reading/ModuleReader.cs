using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Compiler.Specs.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace L2T.Dsl.Generators.Reading;

/// <summary>Reads a block, student, loss form, metric or the body of a teacher.</summary>
internal sealed class ModuleReader
{
    private static readonly string[] TensorAttributes = [KnownNames.Parameter, KnownNames.Coefficient, KnownNames.Buffer];

    private readonly ReadingContext _context;
    private readonly ModuleKind _kind;
    private readonly Dim? _stateSize;
    private readonly Queue<ISymbol> _pending = new();
    private readonly Dictionary<string, ISymbol> _methods = [];
    private readonly List<(string Caller, string Callee, int Node)> _calls = [];

    private ModuleReader(ReadingContext context, ModuleKind kind, Dim? stateSize)
    {
        _context = context;
        _kind = kind;
        _stateSize = stateSize;
    }

    /// <summary>The parameters of the primary constructor.</summary>
    public EquatableArray<ScalarParameterSpec> Scalars { get; private set; }

    /// <summary>
    /// Reads a module. Where only its bodies can't be read, it is given without methods: its storage can still be
    /// generated, and without it every use of a tensor property would be an error of its own.
    /// </summary>
    /// <param name="context">The reading.</param>
    /// <param name="kind">What it is for.</param>
    /// <param name="stateSize">The size of a teacher's state vector, for teachers.</param>
    public static ModuleSpec? Read(ReadingContext context, ModuleKind kind, Dim? stateSize = null) =>
        new ModuleReader(context, kind, stateSize).Read();

    /// <summary>Whether a property is a tensor of its type, marked <c>[Parameter]</c>, <c>[Coefficient]</c> or <c>[Buffer]</c>.</summary>
    public static bool IsTensorMember(IPropertySymbol property) => TensorAttributes.Any(property.Has);

    /// <summary>
    /// Whether a method of a block can be called from other modules: the entry method, and methods that say the shape of
    /// a parameter, so that they can be checked on their own.
    /// </summary>
    public static bool IsCallable(IMethodSymbol method) =>
        method.Name == ModuleSpec.EntryMethod(ModuleKind.Block) || method.Parameters.Any(p => p.Has(KnownNames.Shape) || p.Has(KnownNames.Labels));

    /// <summary>Notes that a body calls another method, or reads a computed property, of its type, which is then read too.</summary>
    /// <param name="caller">The method that calls.</param>
    /// <param name="callee">The method or property.</param>
    /// <param name="node">The call.</param>
    public void Use(string caller, ISymbol callee, int node)
    {
        _calls.Add((caller, callee.Name, node));
        Enqueue(callee, node);
    }

    private ModuleSpec? Read()
    {
        var type = _context.Type.ToTypeName();
        var canBeAddedTo = _context.IsSound;
        Scalars = DeclarationReader.ReadScalars(_context);
        var tensors = new List<TensorMemberSpec>();
        var blocks = new List<BlockFieldSpec>();
        foreach (var member in _context.Type.GetMembers().Where(m => !m.IsImplicitlyDeclared))
        {
            switch (member)
            {
                case IPropertySymbol property when TensorAttributes.FirstOrDefault(property.Has) is { } attribute:
                    if (ReadTensor(property, attribute) is { } tensor)
                    {
                        tensors.Add(tensor);
                    }

                    break;
                case IPropertySymbol property when BlockOf(property.Type) is { } held:
                    ReportBlockField(property, held);
                    break;
                case IFieldSymbol field when BlockOf(field.Type) is { } held:
                    if (ReadBlock(field, held) is { } block)
                    {
                        blocks.Add(block);
                    }

                    break;
            }
        }

        _context.RequireDistinct(Scalars.Select(s => s.Name));
        _context.RequireDistinct(tensors.Select(t => t.Name).Concat(blocks.Select(b => b.Field)));
        var isDeclared = _context.IsSound;
        var methods = ReadMethods();
        // A faulty declaration has its storage too, if only in part: without it C# would say more than what is wrong.
        if (!isDeclared && (!canBeAddedTo || _context.IsBroken))
        {
            return null;
        }

        methods = _context.IsSound ? methods : [];
        return new(type, _kind, Scalars, tensors.ToEquatableArray(), blocks.ToEquatableArray(), methods);
    }

    private TensorMemberSpec? ReadTensor(IPropertySymbol property, string attribute)
    {
        var node = _context.Number(property);
        var data = property.Attribute(attribute)!;
        if (property.Type.TypeKind == TypeKind.Error)
        {
            _context.Break();
            return null;
        }

        // The generated half must repeat every modifier but these.
        var modifiers = property.DeclaringSyntaxReferences
            .Select(r => r.GetSyntax(_context.Cancellation)).OfType<PropertyDeclarationSyntax>()
            .SelectMany(p => p.Modifiers)
            .All(m => m.Kind() is SyntaxKind.PartialKeyword or SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.PrivateKeyword);
        if (!property.IsPartialDefinition || property.SetMethod is not null || property.GetMethod is null ||
            property.Type.FullName() != KnownNames.Tensor || (property.NullableAnnotation == NullableAnnotation.Annotated) != (data.Named("If") is not null) || property.IsIndexer || !modifiers)
        {
            _context.Report(Rules.BadTensorProperty, node, property.Name, attribute, data.Named("If") is null ? "Tensor" : "Tensor?");
            return null;
        }

        var condition = data.Named("If")?.Value as string;
        if (data.Named("If") is not null && Scalars.All(s => s.Kind != ScalarKind.Boolean || s.Name != condition))
        {
            _context.Report(Rules.BadValue, _context.Number(data, "If"), "If", condition ?? "null", "it must name a constructor parameter of type bool");
            condition = null;
        }

        var shape = AttributeReader.ReadShape(_context, data, Scalars, namesOnly: true);
        var init = "Zeros";
        if (data.Named("Init") is { } initArgument)
        {
            if (initArgument.Member() is not { } member)
            {
                _context.Report(Rules.BadValue, _context.Number(data, "Init"), "Init", initArgument.Value?.ToString() ?? "null", "it is no member of Init");
                member = init;
            }

            init = member;
        }

        var scale = data.Named("Scale")?.Value is double given ? given : 1;
        if (double.IsNaN(scale) || double.IsInfinity(scale))
        {
            _context.Report(Rules.BadValue, _context.Number(data, "Scale"), "Scale", Scalar.Literal(scale), "it must be finite");
            scale = 1;
        }

        // Of a size that can't be read the property is written all the same.
        return new(node, property.Identifier(), SyntaxFacts.GetText(property.DeclaredAccessibility), shape ?? Shape.Scalar, init, scale, attribute == KnownNames.Buffer, condition);
    }

    /// <summary>The block that a type is, or is an array of.</summary>
    private static ITypeSymbol? BlockOf(ITypeSymbol type)
    {
        var single = type is IArrayTypeSymbol { Rank: 1 } array ? array.ElementType : type;
        return single.Has(KnownNames.Block) ? single : null;
    }

    private BlockFieldSpec? ReadBlock(IFieldSymbol field, ITypeSymbol block)
    {
        var node = _context.Number(field);
        var declarator = field.DeclaringSyntaxReferences.Select(r => r.GetSyntax(_context.Cancellation)).OfType<VariableDeclaratorSyntax>().FirstOrDefault();
        if (!field.IsReadOnly || field.IsStatic || declarator?.Initializer is not { } initializer)
        {
            ReportBlockField(field, block);
            return null;
        }

        var value = (_context.Operation(initializer) as IFieldInitializerOperation)?.Value;
        if (value is null || value.HasErrors())
        {
            _context.Break();
            return null;
        }

        Scalar? count = null;
        string? index = null;
        var made = field.Type is IArrayTypeSymbol ? ReadArray(value, out count, out index) : value.WithoutConversions();
        if (made is not IObjectCreationOperation { Initializer: null } creation ||
            !SymbolEqualityComparer.Default.Equals(creation.Type, block) ||
            (index is not null && (Scalars.Any(s => s.Name == index) || index == Symbols.Batch)))
        {
            ReportBlockField(field, block);
            return null;
        }

        var known = index is null ? Scalars : [.. Scalars, new ScalarParameterSpec(node, index, ScalarKind.Integer, null)];
        var arguments = new List<ScalarArgument>();
        foreach (var argument in creation.Arguments.Where(a => a.ArgumentKind != ArgumentKind.DefaultValue).OrderBy(a => a.Parameter!.Ordinal))
        {
            if (ScalarReader.Read(argument.Value, known) is not { } scalar)
            {
                ReportBlockField(field, block);
                return null;
            }

            arguments.Add(new(argument.Parameter!.Name, scalar));
        }

        if (!_context.IsOwn(block) && !ReferenceReader.HasProgram(block))
        {
            _context.Report(Rules.UnknownBlock, node, block.FullName(), block.ContainingAssembly.Name);
            return null;
        }

        // Blocks that do not use their place are alike, whatever the lambda takes.
        var usesIndex = index is not null && arguments.Any(a => a.Value.Symbols.Contains(index));
        return new(node, field.Identifier(), block.FullName(), arguments.ToEquatableArray(), count, usesIndex ? index : null);
    }

    /// <summary>Reads <c>BlockArray.Of(count, () => new Block(...))</c> or <c>BlockArray.Of(count, i => new Block(...))</c>.</summary>
    /// <returns>What makes one block; null where it can't be read.</returns>
    private IOperation? ReadArray(IOperation value, out Scalar? count, out string? index)
    {
        count = null;
        index = null;
        if (value.WithoutConversions() is not IInvocationOperation { TargetMethod: { Name: "Of", ContainingType: var type }, Arguments: [var number, var lambda] } ||
            type.FullName() != KnownNames.BlockArray ||
            (count = ScalarReader.Read(number.Value, Scalars)) is null ||
            lambda.Value.WithoutConversions() is not IDelegateCreationOperation { Target: IAnonymousFunctionOperation function } ||
            function.Body.Operations is not [IReturnOperation { ReturnedValue: { } made }])
        {
            return null;
        }

        index = function.Symbol.Parameters.FirstOrDefault()?.Name;
        return made.WithoutConversions();
    }

    private void ReportBlockField(ISymbol member, ITypeSymbol block) =>
        _context.Report(Rules.BadBlockField, _context.Number(member), member.Name, block.Name);

    private EquatableArray<MethodSpec> ReadMethods()
    {
        var entryName = ModuleSpec.EntryMethod(_kind);
        var entries = _context.Type.GetMembers(entryName).OfType<IMethodSymbol>().Where(m => m.PartialDefinitionPart is null).ToArray();
        if (entries.Length == 0 || !IsEntry(entries[0]))
        {
            _context.Report(
                Rules.NoEntryMethod, entries.Length == 0 ? 0 : _context.Number(entries[0]),
                _context.Type.Name, KnownNames.Attribute(_kind), KnownNames.EntrySignature(_kind));
            return [];
        }

        Enqueue(entries[0], 0);
        if (_kind == ModuleKind.Block)
        {
            foreach (var method in _context.Type.GetMembers().OfType<IMethodSymbol>().Where(m =>
                m.MethodKind == MethodKind.Ordinary && m.Name != entryName && m.DeclaredAccessibility != Accessibility.Private && IsCallable(m)))
            {
                Enqueue(method, _context.Number(method));
            }
        }

        var methods = new List<MethodSpec>();
        while (_pending.Count > 0)
        {
            _context.Cancellation.ThrowIfCancellationRequested();
            methods.Add(ReadMethod(_pending.Dequeue(), isEntry: methods.Count == 0));
        }

        ReportRecursion();
        return methods.ToEquatableArray();
    }

    private bool IsEntry(IMethodSymbol method)
    {
        var tensors = _kind switch
        {
            ModuleKind.LossForm or ModuleKind.Metric => method.Parameters.Length == 2,
            ModuleKind.Block => method.Parameters.Length > 0,
            _ => method.Parameters.Length == 1,
        };
        var returns = method.ReturnType.IsTensor() ||
            (_kind is ModuleKind.Block or ModuleKind.Teacher && method.ReturnType is INamedTypeSymbol { IsTupleType: true } tuple && tuple.TupleElements.All(e => e.Type.IsTensor()));
        return tensors && returns && !method.IsGenericMethod && (_kind == ModuleKind.Block || method.Parameters.All(p => p.Type.IsTensor()));
    }

    private void Enqueue(ISymbol method, int node)
    {
        if (!_methods.TryGetValue(method.Name, out var known))
        {
            _methods.Add(method.Name, method);
            _pending.Enqueue(method);
        }
        else if (!SymbolEqualityComparer.Default.Equals(known, method))
        {
            _context.Report(Rules.Unreadable, node, $"An overload of '{method.Name}'", "give each method that is differentiated a name of its own");
        }
    }

    private MethodSpec ReadMethod(ISymbol symbol, bool isEntry)
    {
        var node = _context.Number(symbol);
        var method = symbol as IMethodSymbol;
        var parameters = new List<MethodParameterSpec>();
        foreach (var parameter in method?.Parameters ?? [])
        {
            parameters.Add(ReadParameter(parameter, symbol.Name, isEntry));
        }

        _context.RequireDistinct(parameters.Select(p => p.Name));
        var returns = method?.GetReturnTypeAttributes().Find(KnownNames.Shape) is { } promised
            ? AttributeReader.ReadShape(_context, promised, Scalars, namesOnly: false)
            : null;
        var body = new BodyReader(_context, this, symbol).Read(node);
        return new(node, symbol.Name, parameters.ToEquatableArray(), returns, body);
    }

    private MethodParameterSpec ReadParameter(IParameterSymbol parameter, string method, bool isEntry)
    {
        var node = _context.Number(parameter);
        if (parameter.RefKind is RefKind.Ref or RefKind.Out)
        {
            _context.Report(Rules.Unreadable, node, $"Parameter '{parameter.Name}' passed by reference", "return the value instead; several values as a tuple");
        }

        TensorType? type = null;
        if (parameter.Attribute(KnownNames.Shape) is { } real)
        {
            type = AttributeReader.ReadShape(_context, real, Scalars, namesOnly: false) is { } shape ? TensorType.Real(shape) : null;
        }
        else if (parameter.Attribute(KnownNames.Labels) is { } labels)
        {
            type = AttributeReader.ReadShape(_context, labels, Scalars, namesOnly: false) is { } shape ? new(ElementType.Integer, shape) : null;
        }
        else if (isEntry && _kind == ModuleKind.Teacher)
        {
            type = TensorType.Real(_stateSize!);
        }
        else if (isEntry && _kind != ModuleKind.Block && parameter.Type.IsTensor())
        {
            _context.Report(Rules.NoShape, node, parameter.Name, method);
        }

        return new(node, parameter.Name, type, parameter.HasExplicitDefaultValue ? ReadDefault(parameter) : null);
    }

    private Expression ReadDefault(IParameterSymbol parameter)
    {
        var node = _context.Number(parameter);
        if (ConstantReader.Read(node, parameter.Type, parameter.ExplicitDefaultValue) is { } constant)
        {
            return constant;
        }

        _context.Report(Rules.Unreadable, node, $"The default value of '{parameter.Name}'", "use a number, a truth value or null");
        return new NullExpression(node);
    }

    /// <summary>A method that reaches itself has no end at compile time.</summary>
    private void ReportRecursion()
    {
        foreach (var (caller, callee, node) in _calls)
        {
            if (Reaches(callee, caller, []))
            {
                _context.Report(Rules.Unreadable, node, $"A recursive call of '{callee}'", "write the repeated calls out, or hold the repeated part in a block");
                return;
            }
        }
    }

    private bool Reaches(string from, string to, HashSet<string> seen) =>
        from == to || (seen.Add(from) && _calls.Any(c => c.Caller == from && Reaches(c.Callee, to, seen)));
}
