using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Specs.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace L2T.Dsl.Generators.Reading;

internal sealed partial class BodyReader
{
    private static readonly HashSet<string> ScopeMethods =
        ["MoveToOuterDisposeScope", "MoveToOtherDisposeScope", "DetachFromDisposeScope", "DetatchFromDisposeScope"];

    private static readonly HashSet<string> ElementMethods =
        ["item", "data", "ToScalar", "tolist", "ReadCpuValue", "print", "str", "jlstr", "npstr", "cstr", "metastr"];

    private Expression ReadInvocation(IInvocationOperation invocation)
    {
        var target = invocation.TargetMethod;
        if (target.ReturnType.TypeKind == TypeKind.Error || invocation.Arguments.Any(a => a.Value is IInvalidOperation))
        {
            return Broken(invocation);
        }

        if (target.MethodKind == MethodKind.LocalFunction)
        {
            return Unreadable(invocation, $"The local function '{target.Name}'", "make it a private method");
        }

        if (target.MethodKind == MethodKind.DelegateInvoke)
        {
            return Unreadable(invocation, "A call of a delegate", "call a method of this type or a block");
        }

        if (IsOwn(target) && invocation.Instance is null or IInstanceReferenceOperation)
        {
            if (target.IsGenericMethod)
            {
                return Unreadable(invocation, $"The generic method '{target.Name}'", "give it the types it is used with");
            }

            var node = NumberCall(invocation);
            module.Use(method.Name, target.PartialDefinitionPart ?? target, node);
            return new HelperCallExpression(node, target.Name, ReadArguments(invocation.Arguments));
        }

        if (BlockOf(invocation.Instance) is var (field, type, index))
        {
            var node = NumberCall(invocation);
            return ModuleReader.IsCallable(target)
                ? new BlockCallExpression(node, field, target.Name, ReadArguments(invocation.Arguments), index?.Invoke())
                : Unreadable(node, $"'{target.Name}' of the block '{type.Name}'", "mark its tensor parameters with [Shape] or [Labels], so that it is differentiated too");
        }

        if (IsTensorList(invocation.Instance?.Type) && target is { Name: "ToArray", Parameters.Length: 0 })
        {
            return Read(invocation.Instance!);
        }

        if (target.IsTorchSharp())
        {
            return ReadTorchCall(invocation);
        }

        if (MathFunctions.Knows(target))
        {
            return ReadMath(invocation);
        }

        return (target, invocation.Instance) switch
        {
            (_, IFieldReferenceOperation { Field: var called }) =>
                Unreadable(invocation, $"A call of the field '{called.Name}'", $"hold a type marked [Block] in it and call its Forward"),
            ({ IsStatic: true }, _) => Unreadable(invocation, $"'{target.ContainingType.Name}.{target.Name}'", "move the method into this type, or make it a block"),
            _ => Unreadable(invocation, $"'{target.Name}'", "call TorchSharp, blocks held in fields and methods of this type"),
        };
    }

    private Expression ReadTorchCall(IInvocationOperation invocation)
    {
        var target = invocation.TargetMethod;
        if (IsScopeCall(invocation))
        {
            return ReadScopeCall(invocation);
        }

        var (receiver, arguments) = Split(invocation);
        if (receiver?.Type.IsTensor() == true && (ElementMethods.Contains(target.Name) || target.Name.StartsWith("To", StringComparison.Ordinal)))
        {
            return ReadsElements(invocation);
        }

        if (target.Name.EndsWith("_", StringComparison.Ordinal))
        {
            return Unreadable(invocation, $"'{target.Name}', which changes a tensor in place,", $"use '{target.Name.TrimEnd('_')}' and its result");
        }

        if (receiver is not null && !IsReceiver(receiver.Type))
        {
            return receiver.HasErrors()
                ? Broken(invocation)
                : Unreadable(invocation, $"'{target.Name}' of a '{receiver.Type?.Name}'", "call functions of 'torch' and methods of tensors; hold trained tensors in blocks");
        }

        if (arguments.FirstOrDefault(a => a.Parameter?.RefKind is RefKind.Ref or RefKind.Out) is { } reference)
        {
            return Unreadable(reference, $"'{Text(reference)}'", "use the form of the method that returns its results");
        }

        var node = NumberCall(invocation);
        var instance = receiver is null ? null : Read(receiver);
        var read = ReadArguments(arguments);
        return new CallExpression(node, TorchNames.Of(target), instance, read, FallbackText.Call(target, instance, read));
    }

    /// <summary><c>MoveToOuter(x)</c> of a scope gives x back, <c>x.MoveToOuterDisposeScope()</c> the receiver.</summary>
    private Expression ReadScopeCall(IInvocationOperation invocation)
    {
        if (!IsDisposeScope(invocation.Instance!.Type))
        {
            return Read(invocation.Instance);
        }

        var node = NumberCall(invocation);
        var tensors = ReadAll(invocation.Arguments.Select(a => a.Value).Where(v => v.Type.IsTensor()));
        return tensors.Count == 1 ? tensors[0] : new TupleExpression(node, tensors);
    }

    private Expression ReadTorchProperty(IPropertyReferenceOperation operation)
    {
        var property = operation.Property;
        if (operation.Instance is { } owner && !IsReceiver(owner.Type))
        {
            return Unreadable(operation, $"'{Text(operation)}'", "use properties of tensors only");
        }

        var node = context.Number(operation.Syntax, Place(operation.Syntax));
        var receiver = operation.Instance is null ? null : Read(operation.Instance);
        if (!property.IsIndexer)
        {
            return property.SetMethod is not null && property.Type.IsTensor()
                ? Unreadable(node, $"'{Text(operation)}'", "gradients are computed by the training loop")
                : new CallExpression(node, TorchNames.Of(property), receiver, [], receiver is null ? FallbackText.Static(property) : FallbackText.Member(property));
        }

        // The overloads of the indexer differ in how they take the same list of indices.
        var indices = new List<Expression>();
        foreach (var argument in operation.Arguments)
        {
            switch (argument.Value.WithoutConversions())
            {
                case IArrayCreationOperation { Initializer: { } initializer }:
                    indices.AddRange(initializer.ElementValues.Select(ReadIndex));
                    break;
                case ICollectionExpressionOperation collection:
                    indices.AddRange(ReadCollection(collection) is ListExpression list ? list.Items : []);
                    break;
                default:
                    indices.Add(ReadIndex(argument.Value));
                    break;
            }
        }

        var items = new ListExpression(node, indices.ToEquatableArray());
        return new CallExpression(node, "Tensor.this[]", receiver, [new("indices", items)], FallbackText.Indexer(receiver!, items));
    }

    private Expression ReadBitwise(int node, BinaryOperatorKind kind, IOperation left, IOperation right)
    {
        var (name, text) = kind switch
        {
            BinaryOperatorKind.And => ("torch.bitwise_and", "&"),
            BinaryOperatorKind.Or => ("torch.bitwise_or", "|"),
            _ => ("torch.bitwise_xor", "^"),
        };
        Expression l = Read(left), r = Read(right);
        return new CallExpression(node, name, null, [new("left", l), new("right", r)], FallbackText.Operator(l, text, r));
    }

    private Expression ReadBitwiseNot(int node, IOperation operand) =>
        new CallExpression(node, "torch.bitwise_not", null, [new("input", Read(operand))], "~{0}");

    private Expression ReadMath(IInvocationOperation invocation)
    {
        var target = invocation.TargetMethod;
        var node = NumberCall(invocation);
        var arguments = ReadArguments(invocation.Arguments);
        return MathFunctions.Fold(node, target, arguments) ?? (Expression)
            new CallExpression(node, "Math." + target.Name, null, arguments, FallbackText.Call(target, null, arguments));
    }

    /// <summary>The receiver of a method, an extension's first argument too, and the other arguments.</summary>
    private static (IOperation? Receiver, IReadOnlyList<IArgumentOperation> Arguments) Split(IInvocationOperation invocation) =>
        invocation.TargetMethod is { IsExtensionMethod: true, ReducedFrom: null }
            ? (invocation.Arguments.First(a => a.Parameter!.Ordinal == 0).Value, [.. invocation.Arguments.Where(a => a.Parameter!.Ordinal != 0)])
            : (invocation.Instance, invocation.Arguments);

    private EquatableArray<Argument> ReadArguments(IEnumerable<IArgumentOperation> arguments) =>
    [
        .. arguments
            .Where(a => a.ArgumentKind != ArgumentKind.DefaultValue)
            .OrderBy(a => a.Parameter!.Ordinal)
            .Select(a => new Argument(a.Parameter!.Name, Read(a.Value))),
    ];

    private int NumberCall(IInvocationOperation invocation) => context.Number(invocation.Syntax, Place(invocation.Syntax));

    private bool IsOwn(ISymbol member) => SymbolEqualityComparer.Default.Equals(member.ContainingType, context.Type);

    private static bool IsDisposeScope(ITypeSymbol? type) => type is { Name: "DisposeScope" } && type.IsTorchSharp();

    private static bool IsReceiver(ITypeSymbol? type) => type.IsTensor() || type?.Name is "TensorIndex" or "Scalar";

    /// <summary>Whether a call only says who disposes a tensor, which generated code decides for itself.</summary>
    private static bool IsScopeCall(IInvocationOperation invocation) =>
        invocation.TargetMethod.IsTorchSharp() && invocation.Instance is { } instance &&
        (IsDisposeScope(instance.Type)
            ? invocation.TargetMethod.Name.StartsWith("Dispose", StringComparison.Ordinal) || invocation.Arguments.Any(a => a.Value.Type.IsTensor())
            : instance.Type.IsTensor() && (ScopeMethods.Contains(invocation.TargetMethod.Name) || invocation.TargetMethod.Name == "Dispose"));
}
