using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace L2T.Dsl.Generators.Reading;

internal sealed partial class BodyReader
{
    /// <summary>How deep expressions may be nested: specs are compared and printed by recursion.</summary>
    private const int MaxDepth = 200;

    private int _depth;
    private bool _isTooDeep;

    private Expression Read(IOperation operation)
    {
        if (_depth >= MaxDepth)
        {
            if (_isTooDeep)
            {
                return new NullExpression(0);
            }

            _isTooDeep = true;
            return Unreadable(operation, $"An expression nested more than {MaxDepth} levels deep", "give parts of it names with 'var'");
        }

        _depth++;
        try
        {
            return operation.ConstantValue.HasValue ? ReadConstant(operation, operation.ConstantValue.Value) : ReadVariable(operation);
        }
        finally
        {
            _depth--;
        }
    }

    private Expression ReadConstant(IOperation operation, object? value)
    {
        if (operation.Type?.TypeKind == TypeKind.Error)
        {
            return Broken(operation);
        }

        var node = context.Number(operation.Syntax);
        return ConstantReader.Read(node, operation.Type, value) ??
            Unreadable(operation, $"The constant '{Text(operation)}'", "use integers up to 2^53, float, double, bool, string or a member of an enum");
    }

    private Expression ReadVariable(IOperation operation)
    {
        switch (operation)
        {
            case IInvalidOperation:
                return Broken(operation);
            case IConversionOperation conversion:
                return ReadConversion(conversion);
            case ILocalReferenceOperation { Local: var local } when _blockLocals.ContainsKey(local):
                return Unreadable(operation, $"The block '{local.Name}' as a value", "call a method of it");
            case ILocalReferenceOperation { Local: var local }:
                // C# reports most of these itself, but not as an error of syntax that stops the reading.
                return _assigned?.Contains(local.Name) != false
                    ? new NameExpression(context.Number(operation.Syntax), local.Name)
                    : Unreadable(operation, $"'{local.Name}', which has no value on some path,", "give it one where it is declared");
            case IParameterReferenceOperation { Parameter: var parameter }:
                return IsOwnParameter(parameter)
                    ? new NameExpression(context.Number(operation.Syntax), NameOf(parameter))
                    : new ScalarNameExpression(context.Number(operation.Syntax), parameter.Name);
            case IFieldReferenceOperation field:
                return ReadField(field);
            case IPropertyReferenceOperation property:
                return ReadProperty(property);
            case IInvocationOperation invocation:
                return ReadInvocation(invocation);
            case IBinaryOperation binary:
                return ReadBinary(binary, binary.OperatorKind, binary.LeftOperand, binary.RightOperand, binary.IsLifted);
            case IUnaryOperation unary:
                return ReadUnary(unary);
            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                var node = context.Number(operation.Syntax);
                return new ConditionalExpression(node, Read(conditional.Condition), Read(conditional.WhenTrue), Read(whenFalse));
            case ITupleOperation tuple:
                return new TupleExpression(context.Number(operation.Syntax), ReadAll(tuple.Elements));
            case IArrayCreationOperation { Initializer: { } initializer, DimensionSizes.Length: 1 }:
                return new ListExpression(context.Number(operation.Syntax), ReadAll(initializer.ElementValues));
            case ICollectionExpressionOperation collection:
                return ReadCollection(collection);
            case IObjectCreationOperation creation when IsTensorList(creation.Type) && !creation.HasErrors():
                return ReadListCreation(creation);
            case IImplicitIndexerReferenceOperation { IndexerSymbol: IPropertySymbol } element when IsTensorList(element.Instance.Type):
                var place = context.Number(operation.Syntax);
                return new ElementExpression(place, Read(element.Instance), ReadIndex(element.Argument));
            case IArrayElementReferenceOperation { Indices.Length: 1 } element when BlockOf(element) is null:
                var at = context.Number(operation.Syntax);
                return new ElementExpression(at, Read(element.ArrayReference), ReadIndex(element.Indices[0]));
            case IRangeOperation range:
                return ReadRange(range);
            case IDefaultValueOperation { Type: { } type } when type.IsReferenceType || !SymbolEqualityComparer.Default.Equals(type, type.WithoutNullable()):
                return new NullExpression(context.Number(operation.Syntax));
            default:
                return ReadOther(operation);
        }
    }

    private Expression ReadOther(IOperation operation)
    {
        if (operation.Type?.TypeKind == TypeKind.Error || operation.HasErrors())
        {
            return Broken(operation);
        }

        return operation switch
        {
            IInstanceReferenceOperation => Unreadable(operation, "'this' as a value", "name the tensors or call the method that is meant"),
            IAnonymousFunctionOperation or IDelegateCreationOperation or IMethodReferenceOperation =>
                Unreadable(operation, "A lambda", "make it a private method and call it"),
            ISimpleAssignmentOperation or ICompoundAssignmentOperation or IDeconstructionAssignmentOperation or IIncrementOrDecrementOperation =>
                Unreadable(operation, "An assignment inside an expression", "make it a statement of its own"),
            ISwitchExpressionOperation => Unreadable(FirstToken(operation), "A switch", "write conditional expressions on constructor parameters"),
            ICoalesceOperation or IConditionalAccessOperation =>
                Unreadable(operation, $"'{Text(operation)}'", "no tensor is null here; write it without '?'"),
            IIsPatternOperation or IIsTypeOperation => Unreadable(operation, "A pattern", "write a comparison of constructor parameters"),
            IArrayCreationOperation => Unreadable(operation, "An array of this form", "write its elements out, as in '[0, 1]'"),
            IObjectCreationOperation => Unreadable(operation, $"A new '{operation.Type?.Name}'", "use tensors and numbers; write lists as '[0, 1]'"),
            IThrowOperation => Unreadable(operation, "'throw'", "remove it: shapes are checked at compile time"),
            _ => Unreadable(operation, Describe(operation), "use tensors, numbers, TorchSharp's methods, blocks and methods of this type"),
        };
    }

    private EquatableArray<Expression> ReadAll(IEnumerable<IOperation> operations) => [.. operations.Select(Read)];

    private Expression ReadCollection(ICollectionExpressionOperation collection)
    {
        var node = context.Number(collection.Syntax);
        return collection.Elements.FirstOrDefault(e => e is ISpreadOperation) is { } spread
            ? Unreadable(spread, "A spread", "write the elements out")
            : new ListExpression(node, ReadAll(collection.Elements));
    }

    private Expression ReadConversion(IConversionOperation conversion)
    {
        var operand = conversion.Operand;
        if (conversion.OperatorMethod is { } method)
        {
            return ReadUserConversion(conversion, method);
        }

        var kind = conversion.Conversion;
        if (kind.IsNumeric || (kind.IsNullable && conversion.Type?.WithoutNullable().SpecialType != operand.Type?.WithoutNullable().SpecialType))
        {
            ITypeSymbol? from = operand.Type?.WithoutNullable(), to = conversion.Type?.WithoutNullable();
            if (from.IsFloatingPoint() && to.IsIntegral())
            {
                return Unreadable(conversion, $"Rounding '{Text(operand)}' to an integer", "compute with integers; '/' of two integers rounds down");
            }

            // A division must see that its operands are real numbers now.
            if (from.IsIntegral() && to.IsFloatingPoint())
            {
                var node = context.Number(conversion.Syntax);
                return new BinaryExpression(node, "*", new NumberExpression(node, 1, IsInteger: false), Read(operand));
            }

            return from.ScalarKind() is not null && to.ScalarKind() is not null
                ? Read(operand)
                : Unreadable(conversion, $"A conversion to '{conversion.Type?.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}'", "use int, long, float, double and bool");
        }

        if (!kind.Exists || conversion.Type?.TypeKind == TypeKind.Error)
        {
            return Broken(conversion);
        }

        return conversion.Type?.TypeKind == TypeKind.Enum || operand.Type?.TypeKind == TypeKind.Enum && !SymbolEqualityComparer.Default.Equals(conversion.Type?.WithoutNullable(), operand.Type)
            ? Unreadable(conversion, "A conversion from or to an enum", "name the member")
            : Read(operand);
    }

    private Expression ReadUserConversion(IConversionOperation conversion, IMethodSymbol method)
    {
        var operand = conversion.Operand;
        if (operand.Type.IsTensor() && !conversion.Type.IsTensor() && conversion.Type?.Name != "TensorIndex")
        {
            return ReadsElements(conversion);
        }

        // To a Scalar, a TensorIndex, or a tensor from one number: the value stays what it is.
        var known = method.ContainingType.IsTorchSharp() || method.ContainingType.FullName() is "System.Index" or "System.Range" || operand is ICollectionExpressionOperation;
        return known && (operand.Type is not IArrayTypeSymbol || !conversion.Type.IsTensor())
            ? Read(operand)
            : Unreadable(conversion, $"A conversion of '{Text(operand)}' to '{conversion.Type?.Name}'", "call the method that makes the tensor, such as 'torch.tensor'");
    }

    private Expression ReadField(IFieldReferenceOperation operation)
    {
        var field = operation.Field;
        if (field.ContainingType is { IsTupleType: true } tuple && operation.Instance is { } instance)
        {
            var node = context.Number(operation.Syntax);
            var index = tuple.TupleElements.IndexOf(tuple.TupleElements.FirstOrDefault(e => e.Name == field.Name) ?? field);
            if (index < 0 && field.Name.StartsWith("Item", StringComparison.Ordinal) && int.TryParse(field.Name.Substring(4), out var number))
            {
                index = number - 1;
            }

            return new ElementExpression(node, Read(instance), new NumberExpression(node, index, IsInteger: true));
        }

        if (field.Type.TypeKind == TypeKind.Error)
        {
            return Broken(operation);
        }

        if (field.IsStatic && field.IsTorchSharp())
        {
            var node = context.Number(operation.Syntax);
            return TorchNames.ScalarType(field) is { } member
                ? new EnumExpression(node, "ScalarType", member)
                : new CallExpression(node, TorchNames.Of(field), null, [], FallbackText.Static(field));
        }

        return field switch
        {
            _ when field.Type.Has(KnownNames.Block) => Unreadable(operation, $"The block '{field.Name}' as a value", "call a method of it"),
            _ when BlockArrayOf(operation) is not null => Unreadable(operation, $"The blocks '{field.Name}' as a value", "call a method of one of them"),
            { IsStatic: true } => Unreadable(operation, $"The static field '{field.Name}'", "make it 'const'"),
            _ when field.Type.IsTensor() => Unreadable(operation, $"The tensor field '{field.Name}'", "make it a partial property marked [Parameter] or [Coefficient]"),
            _ => Unreadable(operation, $"The field '{field.Name}'", "use a constructor parameter or a constant"),
        };
    }

    private Expression ReadProperty(IPropertyReferenceOperation operation)
    {
        var property = operation.Property;
        if (property.Type.TypeKind == TypeKind.Error || operation.Arguments.Any(a => a.HasErrors()))
        {
            return Broken(operation);
        }

        if (property.IsTorchSharp())
        {
            return ReadTorchProperty(operation);
        }

        if (operation.Instance is { } collection && BlockArrayOf(collection) is { } blocks && property.Name == "Length")
        {
            return new CountExpression(context.Number(operation.Syntax), blocks.Identifier(), null);
        }

        if (IsTensorList(operation.Instance?.Type) && (property.Name == "Count" || property.IsIndexer))
        {
            var node = context.Number(operation.Syntax);
            return property.IsIndexer
                ? new ElementExpression(node, Read(operation.Instance!), ReadIndex(operation.Arguments[0].Value))
                : new CountExpression(node, null, Read(operation.Instance!));
        }

        if (IsOwn(property) && operation.Instance is null or IInstanceReferenceOperation)
        {
            if (ModuleReader.IsTensorMember(property))
            {
                return new TensorMemberExpression(context.Number(operation.Syntax), property.Identifier());
            }

            if (property is { Name: KnownNames.Training, Type.SpecialType: SpecialType.System_Boolean })
            {
                return new TrainingExpression(context.Number(operation.Syntax));
            }

            if (IsComputed(property))
            {
                var node = context.Number(operation.Syntax);
                module.Use(method.Name, property, node);
                return new HelperCallExpression(node, property.Name, []);
            }
        }

        return property switch
        {
            { Name: "Length" or "Count" } => Unreadable(operation, $"'{Text(operation)}'", "use 'ndim' for the number of dimensions of a tensor"),
            _ when BlockOf(operation.Instance) is not null => Unreadable(operation, $"'{Text(operation)}'", "a block's tensors are its own; call a method of the block"),
            _ => Unreadable(operation, $"The property '{property.Name}'", "use a constructor parameter or a constant"),
        };
    }

    /// <summary>Whether a property has a getter with a body, which is read as a method without parameters.</summary>
    private bool IsComputed(IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.Select(r => r.GetSyntax(context.Cancellation)).OfType<PropertyDeclarationSyntax>().Any(p =>
            p.ExpressionBody is not null || (p.AccessorList?.Accessors.Any(a => a.Keyword.IsKind(SyntaxKind.GetKeyword) && (a.Body is not null || a.ExpressionBody is not null)) ?? false));

    private Expression ReadBinary(IOperation operation, BinaryOperatorKind kind, IOperation left, IOperation right, bool isLifted)
    {
        if (operation.Type?.TypeKind == TypeKind.Error || left.Type?.TypeKind == TypeKind.Error || right.Type?.TypeKind == TypeKind.Error)
        {
            return Broken(operation);
        }

        if (isLifted || left.Type?.SpecialType == SpecialType.System_String || left.Type?.SpecialType == SpecialType.System_Decimal)
        {
            return Unreadable(operation, Describe(operation), "compute with tensors and numbers only");
        }

        var isTensor = left.Type.IsTensor() || right.Type.IsTensor();
        var node = context.Number(operation.Syntax);
        if (isTensor && kind is BinaryOperatorKind.And or BinaryOperatorKind.Or or BinaryOperatorKind.ExclusiveOr)
        {
            return ReadBitwise(node, kind, left, right);
        }

        var text = kind switch
        {
            BinaryOperatorKind.Add => "+",
            BinaryOperatorKind.Subtract => "-",
            BinaryOperatorKind.Multiply => "*",
            BinaryOperatorKind.Divide => "/",
            BinaryOperatorKind.Remainder => "%",
            BinaryOperatorKind.LessThan => "<",
            BinaryOperatorKind.LessThanOrEqual => "<=",
            BinaryOperatorKind.GreaterThan => ">",
            BinaryOperatorKind.GreaterThanOrEqual => ">=",
            BinaryOperatorKind.Equals => "==",
            BinaryOperatorKind.NotEquals => "!=",
            BinaryOperatorKind.ConditionalAnd => "&&",
            BinaryOperatorKind.ConditionalOr => "||",
            BinaryOperatorKind.And when left.Type?.SpecialType == SpecialType.System_Boolean => "&&",
            BinaryOperatorKind.Or when left.Type?.SpecialType == SpecialType.System_Boolean => "||",
            _ => null,
        };
        return text is null
            ? Unreadable(operation, $"The operator of '{Text(operation)}'", "use + - * / %, comparisons, && and ||")
            : new BinaryExpression(node, text, Read(left), Read(right));
    }

    private Expression ReadUnary(IUnaryOperation unary)
    {
        if (unary.Type?.TypeKind == TypeKind.Error)
        {
            return Broken(unary);
        }

        var node = context.Number(unary.Syntax);
        return unary switch
        {
            { IsLifted: true } => Unreadable(unary, Describe(unary), "compute with tensors and numbers only"),
            { OperatorKind: UnaryOperatorKind.Plus } => Read(unary.Operand),
            { OperatorKind: UnaryOperatorKind.Minus } => new UnaryExpression(node, "-", Read(unary.Operand)),
            { OperatorKind: UnaryOperatorKind.Not } when unary.Type?.SpecialType == SpecialType.System_Boolean => new UnaryExpression(node, "!", Read(unary.Operand)),
            { OperatorKind: UnaryOperatorKind.BitwiseNegation } when unary.Type.IsTensor() => ReadBitwiseNot(node, unary.Operand),
            _ => Unreadable(unary, $"The operator of '{Text(unary)}'", "use '-' on numbers and tensors, '!' on truth values"),
        };
    }

    private Expression ReadRange(IRangeOperation range)
    {
        var node = context.Number(range.Syntax);
        return new RangeExpression(node, ReadBound(range.LeftOperand), ReadBound(range.RightOperand));
    }

    /// <summary>A bound of a range; <c>^0</c> as an end is the open end.</summary>
    private Expression? ReadBound(IOperation? bound)
    {
        var index = bound?.WithoutConversions();
        return index switch
        {
            null => null,
            IUnaryOperation { OperatorKind: UnaryOperatorKind.Hat, Operand.ConstantValue: { HasValue: true, Value: 0 } } when bound!.Parent is IRangeOperation range && range.RightOperand == bound => null,
            _ => ReadIndex(bound!),
        };
    }

    /// <summary>An index; <c>^k</c>, which counts from the end, becomes -k.</summary>
    private Expression ReadIndex(IOperation index)
    {
        if (index.WithoutConversions() is not IUnaryOperation { OperatorKind: UnaryOperatorKind.Hat } fromEnd)
        {
            return Read(index);
        }

        return fromEnd.Operand.ConstantValue is { HasValue: true, Value: int and > 0 and var k }
            ? new NumberExpression(context.Number(fromEnd.Syntax), -k, IsInteger: true)
            : Unreadable(fromEnd, $"The index '{Text(fromEnd)}'", "count from the end by a constant that is at least 1");
    }

    private Expression ReadsElements(IOperation operation) =>
        Unreadable(operation, $"'{Text(operation)}', which reads numbers out of a tensor,", "keep it a tensor: gradients flow through tensors only");

    private Expression Broken(IOperation operation)
    {
        context.Break();
        return new NullExpression(context.Number(operation.Syntax));
    }

    private Expression Unreadable(IOperation operation, string what, string instead) =>
        Unreadable(context.Number(operation.Syntax, Place(operation.Syntax)), what, instead);

    private Expression Unreadable(SyntaxToken token, string what, string instead) => Unreadable(context.Number(token), what, instead);

    private Expression Unreadable(int node, string what, string instead)
    {
        context.Report(Rules.Unreadable, node, what, instead);
        return new NullExpression(node);
    }

    /// <summary>Where a message about an expression points: for calls from the method's name on, so that a chain of calls shows which.</summary>
    private static TextSpan Place(SyntaxNode syntax) => syntax switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => TextSpan.FromBounds(access.Name.SpanStart, syntax.Span.End),
        MemberAccessExpressionSyntax access => access.Name.Span,
        _ => syntax.Span,
    };

    private static SyntaxToken FirstToken(IOperation operation) => operation switch
    {
        { Syntax: SwitchExpressionSyntax expression } => expression.SwitchKeyword,
        _ => operation.Syntax.GetFirstToken(),
    };

    private static string Describe(IOperation operation) => $"'{Text(operation)}'";

    /// <summary>The source of an operation on one line, shortened.</summary>
    private static string Text(IOperation operation)
    {
        const int Longest = 40;
        var text = string.Join(" ", operation.Syntax.ToString().Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= Longest ? text : text.Substring(0, Longest - 3) + "...";
    }
}
