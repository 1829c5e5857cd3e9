using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace L2T.Dsl.Generators.Reading;

/// <summary>
/// Reads the body of one method: this part statements, the others expressions and calls. What can't be read is
/// reported at its place and stands as <see cref="NullExpression"/> in a spec that is thrown away.
/// </summary>
internal sealed partial class BodyReader(ReadingContext context, ModuleReader module, ISymbol method)
{
    /// <summary>The locals that have a value here; null where no path leads.</summary>
    private HashSet<string>? _assigned = [];

    /// <summary>How many loops are around the statement being read.</summary>
    private int _loops;

    /// <summary>Reads the body of a method or the getter of a computed property.</summary>
    /// <param name="node">The ordinal of its name.</param>
    public EquatableArray<Statement> Read(int node)
    {
        var syntax = BodySyntax();
        var operation = syntax is null ? null : context.Operation(syntax);
        var body = operation switch
        {
            IMethodBodyOperation { BlockBody: { } block } => block,
            IMethodBodyOperation { ExpressionBody: { } expression } => expression,
            IBlockOperation block => block,
            _ => null,
        };
        if (body is null)
        {
            context.Report(Rules.Unreadable, node, $"'{method.Name}', which has no body here,", "write its body in C#");
            return [];
        }

        var statements = new List<Statement>();
        ReadBlock(body, statements);
        return statements.ToEquatableArray();
    }

    private SyntaxNode? BodySyntax()
    {
        var implementation = method is IMethodSymbol { PartialImplementationPart: { } part } ? part : method;
        var syntax = implementation.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(context.Cancellation);
        if (syntax is not PropertyDeclarationSyntax property)
        {
            return syntax as MethodDeclarationSyntax;
        }

        var getter = property.AccessorList?.Accessors.FirstOrDefault(a => a.Keyword.Text == "get");
        return property.ExpressionBody ?? (SyntaxNode?)getter?.Body ?? getter?.ExpressionBody;
    }

    private void ReadBlock(IBlockOperation block, List<Statement> into)
    {
        foreach (var operation in block.Operations)
        {
            ReadStatement(operation, into);
        }
    }

    private void ReadIf(IConditionalOperation branch, List<Statement> into)
    {
        var node = context.Number(branch.Condition.Syntax);
        var condition = Read(branch.Condition);
        var before = _assigned;
        var then = ReadBranch(branch.WhenTrue, before, out var afterThen);
        var otherwise = ReadBranch(branch.WhenFalse, before, out var afterElse);
        _assigned = afterThen is null ? afterElse : afterElse is null ? afterThen : [.. afterThen.Intersect(afterElse)];
        into.Add(new IfStatement(node, condition, then, otherwise));
    }

    private EquatableArray<Statement> ReadBranch(IOperation? operation, HashSet<string>? before, out HashSet<string>? after)
    {
        var statements = new List<Statement>();
        _assigned = before is null ? null : [.. before];
        if (operation is not null)
        {
            ReadStatement(operation, statements);
        }

        after = _assigned;
        return statements.ToEquatableArray();
    }

    private void Let(int node, EquatableArray<string> names, Expression value, List<Statement> into)
    {
        into.Add(new LetStatement(node, names, value));
        _assigned?.UnionWith(names);
    }

    private void ReadStatement(IOperation operation, List<Statement> into)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        switch (operation)
        {
            case IBlockOperation block:
                ReadBlock(block, into);
                break;
            case IReturnOperation when _loops > 0:
                Unreadable(FirstToken(operation), "A return inside a loop", "assign to a local from before the loop, and return behind it");
                break;
            case IBranchOperation { BranchKind: BranchKind.Break or BranchKind.Continue } when _loops > 0:
                Unreadable(FirstToken(operation), $"'{FirstToken(operation)}'", "every iteration of a loop runs to its end");
                break;
            case IReturnOperation { Kind: OperationKind.Return, ReturnedValue: { } value }:
                into.Add(new ReturnStatement(context.Number(operation.Syntax), Read(value)));
                _assigned = null;
                break;
            case IVariableDeclarationGroupOperation group:
                ReadLocals(group, into);
                break;
            case IUsingDeclarationOperation { IsAsynchronous: false } declaration:
                ReadLocals(declaration.DeclarationGroup, into, isUsing: true);
                break;
            case IUsingOperation { IsAsynchronous: false } scope:
                ReadUsing(scope, into);
                break;
            case IExpressionStatementOperation { Operation: var expression }:
                ReadExpressionStatement(expression, into);
                break;
            case IConditionalOperation branch:
                ReadIf(branch, into);
                break;
            case IEmptyOperation:
                break;
            case IInvalidOperation:
                context.Break();
                break;
            case IForLoopOperation loop:
                ReadFor(loop, into);
                break;
            case IForEachLoopOperation loop:
                ReadForEach(loop, into);
                break;
            case ILoopOperation loop:
                Unreadable(FirstToken(loop), "A loop of this form", CountedLoop);
                break;
            case IBranchOperation:
                Unreadable(operation, $"'{Text(operation).TrimEnd(';')}'", "let every iteration run to its end; an 'if' on what is known at compile time leaves parts out");
                break;
            case IThrowOperation:
                Unreadable(operation, "'throw'", "remove it: shapes are checked at compile time and numbers by the training loop");
                break;
            case ILocalFunctionOperation:
                // Its calls are reported.
                break;
            case ISwitchOperation or ISwitchExpressionOperation:
                Unreadable(FirstToken(operation), "A switch", "write 'if' and 'else', or a conditional expression, on constructor parameters");
                break;
            default:
                Unreadable(operation, Describe(operation), "write locals, assignments, 'if', 'using' and 'return' only");
                break;
        }
    }

    private void ReadLocals(IVariableDeclarationGroupOperation group, List<Statement> into, bool isUsing = false)
    {
        foreach (var declarator in group.Declarations.SelectMany(d => d.Declarators))
        {
            // Uses of constants are folded; a local without value is given one by a later assignment.
            if (declarator.Symbol.IsConst || (declarator.Initializer ?? ((IVariableDeclarationOperation)declarator.Parent!).Initializer) is not { Value: var value })
            {
                continue;
            }

            if (declarator.Symbol.IsRef)
            {
                Unreadable(declarator, "A reference to a variable", "use the variable itself");
                continue;
            }

            ReadLocal(declarator.Syntax, declarator.Symbol.Name, value, isUsing, into);
        }
    }

    private void ReadLocal(SyntaxNode syntax, string name, IOperation value, bool isUsing, List<Statement> into)
    {
        // Generated code owns its tensors, so the user's scopes say nothing that it needs.
        if (IsDisposeScope(value.Type))
        {
            return;
        }

        if (isUsing && !value.Type.IsTensor())
        {
            ReportUsing(value);
            return;
        }

        if (IsSecondName(value))
        {
            Unreadable(value, $"A second name for the list '{Text(value)}'", "use the list by the name that it was made with");
            _assigned?.Add(name);
            return;
        }

        var node = context.Number(syntax);
        Let(node, [name], Read(value), into);
    }

    private void ReadUsing(IUsingOperation scope, List<Statement> into)
    {
        switch (scope.Resources)
        {
            case IVariableDeclarationGroupOperation group:
                ReadLocals(group, into, isUsing: true);
                break;
            case { } resource when !IsDisposeScope(resource.Type) && !resource.Type.IsTensor():
                ReportUsing(resource);
                break;
        }

        ReadStatement(scope.Body, into);
    }

    private void ReportUsing(IOperation resource)
    {
        if (resource.HasErrors())
        {
            context.Break();
        }
        else
        {
            Unreadable(resource, $"'using' of a '{resource.Type?.Name}'", "use tensors and dispose scopes only; whether gradients flow is decided by the training loop");
        }
    }

    private void ReadExpressionStatement(IOperation operation, List<Statement> into)
    {
        switch (operation)
        {
            case ISimpleAssignmentOperation { IsRef: false } assignment when IsSecondName(assignment.Value):
                Unreadable(assignment.Value, $"A second name for the list '{Text(assignment.Value)}'", "use the list by the name that it was made with");
                break;
            case ISimpleAssignmentOperation { IsRef: false } assignment when TargetName(assignment.Target) is { } name:
                Let(context.Number(assignment.Syntax), [name], Read(assignment.Value), into);
                break;
            case ICompoundAssignmentOperation compound when TargetName(compound.Target) is { } name && name.Length > 0:
                var node = context.Number(compound.Syntax);
                Let(node, [name], ReadBinary(compound, compound.OperatorKind, compound.Target, compound.Value, compound.IsLifted), into);
                break;
            case IDeconstructionAssignmentOperation deconstruction:
                ReadDeconstruction(deconstruction, into);
                break;
            case IInvocationOperation invocation when IsScopeCall(invocation):
                break;
            case IInvocationOperation invocation when IsAdd(invocation) && !invocation.HasErrors():
                ReadAdd(invocation, into);
                break;
            case ISimpleAssignmentOperation or ICompoundAssignmentOperation or ICoalesceAssignmentOperation when operation.HasErrors():
                context.Break();
                break;
            case IAssignmentOperation { Target: IMemberReferenceOperation member }:
                Unreadable(member, $"An assignment to '{Text(member)}'", "a body may not change fields or properties: it is taken apart once, at compile time");
                break;
            case IIncrementOrDecrementOperation { Target: IMemberReferenceOperation }:
                Unreadable(operation, $"'{Text(operation)}'", "a body may not change fields or properties: it is taken apart once, at compile time");
                break;
            case IAssignmentOperation assignment:
                Unreadable(assignment.Target, $"An assignment to '{Text(assignment.Target)}'", "assign to locals and parameters only");
                break;
            case IIncrementOrDecrementOperation:
                Unreadable(operation, $"'{Text(operation)}'", "write it as an assignment with '+' or '-'");
                break;
            default:
                if (operation.HasErrors())
                {
                    context.Break();
                }
                else
                {
                    Unreadable(operation, $"'{Text(operation)}', whose result is not used,", "remove it, or assign its result");
                }

                break;
        }
    }

    private void ReadDeconstruction(IDeconstructionAssignmentOperation deconstruction, List<Statement> into)
    {
        var target = deconstruction.Target is IDeclarationExpressionOperation declaration ? declaration.Expression : deconstruction.Target;
        if (deconstruction.HasErrors() || target is not ITupleOperation tuple)
        {
            context.Break();
            return;
        }

        if (deconstruction.Value.Type is not { IsTupleType: true })
        {
            Unreadable(deconstruction.Value, $"Taking '{Text(deconstruction.Value)}' apart", "take tuples apart only");
            return;
        }

        var node = context.Number(deconstruction.Syntax);
        var names = new List<string>();
        foreach (var element in tuple.Elements)
        {
            if (TargetName(element) is not { } name)
            {
                Unreadable(element, $"Taking a value apart into '{Text(element)}'", "take it apart into locals, parameters and discards, one level at a time");
                _assigned?.UnionWith(tuple.Descendants().OfType<ILocalReferenceOperation>().Select(l => l.Local.Name));
                return;
            }

            names.Add(name);
        }

        Let(node, names.ToEquatableArray(), Read(deconstruction.Value), into);
    }

    /// <summary>The name that an assignment gives a value to; empty for a discard, null for what can't be assigned to.</summary>
    private string? TargetName(IOperation target) => target switch
    {
        IDiscardOperation => "",
        ILocalReferenceOperation { Local: { IsRef: false } local } => local.Name,
        IDeclarationExpressionOperation { Expression: ILocalReferenceOperation { Local: var local } } => local.Name,
        IParameterReferenceOperation { Parameter: { RefKind: RefKind.None } parameter } when IsOwnParameter(parameter) => NameOf(parameter),
        _ => null,
    };

    /// <summary>The parameter's name in the declaration: the two parts of a partial method may differ.</summary>
    private string NameOf(IParameterSymbol parameter) => (method as IMethodSymbol)?.Parameters[parameter.Ordinal].Name ?? parameter.Name;

    private static bool IsOwnParameter(IParameterSymbol parameter) =>
        parameter.ContainingSymbol is IMethodSymbol { MethodKind: not MethodKind.Constructor };
}
