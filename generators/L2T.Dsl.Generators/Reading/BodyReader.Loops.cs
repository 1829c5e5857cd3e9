using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Specs.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace L2T.Dsl.Generators.Reading;

internal sealed partial class BodyReader
{
    private const string CountedLoop = "write 'for (var t = 0; t < n; t++)', up or down by one, with a bound that the loop does not change, or 'foreach' over an array of blocks or tensors or a list";

    /// <summary>The variables of <c>foreach</c> over blocks, by the field that holds these.</summary>
    private readonly Dictionary<ILocalSymbol, string> _blockLocals = new(SymbolEqualityComparer.Default);

    private void ReadFor(IForLoopOperation loop, List<Statement> into)
    {
        if (loop.HasErrors())
        {
            context.Break();
            return;
        }

        if (CounterOf(loop) is not var (counter, first, comparison, bound))
        {
            Unreadable(FirstToken(loop), "A loop of this form", CountedLoop);
            return;
        }

        var assigned = AssignedFromOutside(loop);
        var changing = bound.DescendantsAndSelf().FirstOrDefault(o => o is ILocalReferenceOperation { Local.Name: var local } && assigned.Contains(local) ||
            o is IParameterReferenceOperation { Parameter.Name: var parameter } && assigned.Contains(parameter));
        if (changing is not null)
        {
            Unreadable(bound, $"The bound '{Text(bound)}', which the loop changes,", "give it a name of its own before the loop");
            return;
        }

        var node = context.Number(FirstToken(loop));
        Expression from = Read(first), to = Read(bound);
        into.Add(new ForStatement(node, counter.Name, from, comparison, to, assigned, ReadIterations(loop.Body, counter.Name, [])));
    }

    private void ReadForEach(IForEachLoopOperation loop, List<Statement> into)
    {
        if (loop.HasErrors())
        {
            context.Break();
            return;
        }

        if (loop.LoopControlVariable is not IVariableDeclaratorOperation { Symbol: { IsRef: false } item } || loop.IsAsynchronous)
        {
            Unreadable(FirstToken(loop), "A loop of this form", CountedLoop);
            return;
        }

        var node = context.Number(FirstToken(loop));
        var zero = new NumberExpression(node, 0, IsInteger: true);
        var collection = loop.Collection.WithoutConversions();
        if (BlockArrayOf(collection) is { } blocks)
        {
            _blockLocals[item] = blocks.Identifier();
            into.Add(new ForStatement(
                node, item.Name, zero, "<", new CountExpression(node, blocks.Identifier(), null), AssignedFromOutside(loop), ReadIterations(loop.Body, item.Name, [])));
        }
        else if (IsTensorList(collection.Type) || (collection.Type is IArrayTypeSymbol { Rank: 1, ElementType: var element } && element.IsTensor()))
        {
            // Names with a '#' are no one else's.
            string list = item.Name + "#list", counter = item.Name + "#index";
            Let(node, [list], Read(collection), into);
            var first = new LetStatement(node, [item.Name], new ElementExpression(node, new NameExpression(node, list), new NameExpression(node, counter)));
            _assigned?.Add(item.Name);
            into.Add(new ForStatement(
                node, counter, zero, "<", new CountExpression(node, null, new NameExpression(node, list)), AssignedFromOutside(loop), ReadIterations(loop.Body, item.Name, [first])));
        }
        else
        {
            Unreadable(FirstToken(loop), "A loop of this form", CountedLoop);
        }
    }

    /// <summary>The counter of a loop, its first value, and the comparison with a bound that lets it go on; null where it is no such loop.</summary>
    private static (ILocalSymbol Counter, IOperation First, string Comparison, IOperation Bound)? CounterOf(IForLoopOperation loop)
    {
        if (loop is not
            {
                Before: [IVariableDeclarationGroupOperation { Declarations: [{ Declarators: [{ Symbol: { Type.SpecialType: SpecialType.System_Int32 or SpecialType.System_Int64 } counter } declarator] } declaration] }],
                Condition: IBinaryOperation { LeftOperand: var left, RightOperand: var bound } condition,
                AtLoopBottom: [IExpressionStatementOperation { Operation: var step }],
            } ||
            (declarator.Initializer ?? declaration.Initializer) is not { Value: var first } ||
            !IsCounter(left))
        {
            return null;
        }

        var comparison = (condition.OperatorKind, StepOf(step)) switch
        {
            (BinaryOperatorKind.LessThan, 1) => "<",
            (BinaryOperatorKind.LessThanOrEqual, 1) => "<=",
            (BinaryOperatorKind.GreaterThan, -1) => ">",
            (BinaryOperatorKind.GreaterThanOrEqual, -1) => ">=",
            _ => null,
        };
        return comparison is null || loop.Body.Descendants().Any(o => AssignedBy(o).Any(IsCounter)) ? null : (counter, first, comparison, bound);

        bool IsCounter(IOperation operation) => operation.WithoutConversions() is ILocalReferenceOperation { Local: var local } && SymbolEqualityComparer.Default.Equals(local, counter);

        int StepOf(IOperation operation) => operation switch
        {
            IIncrementOrDecrementOperation one when IsCounter(one.Target) => one.Kind == OperationKind.Increment ? 1 : -1,
            ICompoundAssignmentOperation { Value.ConstantValue: { HasValue: true, Value: 1 or 1L } } by when IsCounter(by.Target) =>
                by.OperatorKind switch { BinaryOperatorKind.Add => 1, BinaryOperatorKind.Subtract => -1, _ => 0 },
            _ => 0,
        };
    }

    private EquatableArray<Statement> ReadIterations(IOperation body, string item, IReadOnlyList<Statement> first)
    {
        var before = _assigned;
        var statements = new List<Statement>(first);
        _assigned = before is null ? null : [.. before, item];
        _loops++;
        ReadStatement(body, statements);
        _loops--;
        // It may run no time at all.
        _assigned = before;
        return statements.ToEquatableArray();
    }

    /// <summary>The locals and parameters from before a loop that its body assigns or adds elements to.</summary>
    private EquatableArray<string> AssignedFromOutside(ILoopOperation loop) =>
    [
        .. loop.Body.DescendantsAndSelf().SelectMany(AssignedBy).Select(target => target switch
        {
            ILocalReferenceOperation { Local: var local } when !local.DeclaringSyntaxReferences.Any(r => loop.Syntax.Span.Contains(r.Span)) => local.Name,
            IParameterReferenceOperation { Parameter: var parameter } when IsOwnParameter(parameter) => NameOf(parameter),
            _ => null,
        }).OfType<string>().Distinct(),
    ];

    private static IEnumerable<IOperation> AssignedBy(IOperation operation) => operation switch
    {
        IDeconstructionAssignmentOperation { Target: ITupleOperation tuple } => tuple.Elements,
        IAssignmentOperation assignment => [assignment.Target],
        IIncrementOrDecrementOperation step => [step.Target],
        IInvocationOperation { Instance: { } list } call when IsAdd(call) => [list.WithoutConversions()],
        _ => [],
    };

    /// <summary><c>all.Add(h)</c>: the list is a local of this method, so that nobody else sees it change.</summary>
    private void ReadAdd(IInvocationOperation add, List<Statement> into)
    {
        if (add.Instance?.WithoutConversions() is ILocalReferenceOperation { Local: var list } && _assigned?.Contains(list.Name) == true)
        {
            var node = context.Number(add.Syntax);
            into.Add(new AddStatement(node, list.Name, Read(add.Arguments[0].Value)));
        }
        else
        {
            Unreadable(add, $"'{Text(add)}'", "add to lists that are locals of the same method");
        }
    }

    /// <summary>A second name for a list would see it change.</summary>
    private bool IsSecondName(IOperation value) =>
        IsTensorList(value.Type) && value.WithoutConversions() is not (IObjectCreationOperation or ICollectionExpressionOperation or IArrayCreationOperation);

    private Expression ReadListCreation(IObjectCreationOperation creation) => creation switch
    {
        { Arguments.Length: 0, Initializer: null } => new ListExpression(context.Number(creation.Syntax), []),
        _ => Unreadable(creation, "A new list of this form", "write 'new List<Tensor>()', or its elements as '[a, b]'"),
    };

    /// <summary>A call of a method of a block: of a field, of an element of an array of blocks, of the variable of a loop over one.</summary>
    /// <returns>The field and which of its blocks; null where the instance is none.</returns>
    private (string Field, ITypeSymbol Type, Func<Expression>? Index)? BlockOf(IOperation? instance) => instance?.WithoutConversions() switch
    {
        IFieldReferenceOperation { Field: var field, Instance: IInstanceReferenceOperation } when field.Type.Has(KnownNames.Block) => (field.Identifier(), field.Type, null),
        IArrayElementReferenceOperation { Indices: [var index] } element when BlockArrayOf(element.ArrayReference) is { } field =>
            (field.Identifier(), ((IArrayTypeSymbol)field.Type).ElementType, () => ReadIndex(index)),
        ILocalReferenceOperation { Local: var local } reference when _blockLocals.TryGetValue(local, out var field) =>
            (field, local.Type, () => new NameExpression(context.Number(reference.Syntax), local.Name)),
        _ => null,
    };

    private static IFieldSymbol? BlockArrayOf(IOperation operation) =>
        operation.WithoutConversions() is IFieldReferenceOperation { Field: { Type: IArrayTypeSymbol { Rank: 1, ElementType: var element } } field, Instance: IInstanceReferenceOperation } && element.Has(KnownNames.Block)
            ? field
            : null;

    private static bool IsAdd(IInvocationOperation invocation) =>
        invocation is { TargetMethod.Name: "Add", Arguments.Length: 1, Instance: { } instance } && IsTensorList(instance.Type);

    private static bool IsTensorList(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Name: "List", TypeArguments: [var element], ContainingNamespace: { Name: "Generic" } } && element.IsTensor();
}
