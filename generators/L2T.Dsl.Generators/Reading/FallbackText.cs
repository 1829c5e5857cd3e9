using System.Globalization;
using System.Text;
using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Compiler.Specs.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace L2T.Dsl.Generators.Reading;

/// <summary>
/// Writes <see cref="CallExpression.CSharp"/>: the call in full C#, so that the fallback to autograd binds to the very
/// overload that the user called. Constants are spelled out; each of <see cref="CallExpression.Holes"/> is a hole. The
/// text has no other braces: lists are collection expressions.
/// </summary>
internal sealed class FallbackText
{
    private readonly StringBuilder _text = new();
    private int _holes;

    private FallbackText()
    {
    }

    /// <summary>The text of a method call.</summary>
    public static string Call(IMethodSymbol method, Expression? receiver, EquatableArray<Argument> arguments)
    {
        var text = new FallbackText();
        var isExtension = method is { IsExtensionMethod: true, ReducedFrom: null };
        if (receiver is not null && !isExtension)
        {
            text.Append(receiver, null);
        }
        else
        {
            text._text.Append(Name(method.ContainingType));
        }

        text._text.Append('.').Append(method.Identifier());
        if (method.TypeArguments.Length > 0)
        {
            text._text.Append('<').Append(string.Join(", ", method.TypeArguments.Select(Name))).Append('>');
        }

        text._text.Append('(');
        var isFirst = true;
        if (receiver is not null && isExtension)
        {
            text.Append(receiver, null);
            isFirst = false;
        }

        foreach (var argument in arguments)
        {
            text._text.Append(isFirst ? "" : ", ");
            var parameter = method.Parameters.First(p => p.Name == argument.Parameter);
            text._text.Append(parameter.Identifier()).Append(": ");
            text.Append(argument.Value, parameter.Type);
            isFirst = false;
        }

        return text._text.Append(')').ToString();
    }

    /// <summary>The text of a static field or property.</summary>
    public static string Static(ISymbol member) => Name(member.ContainingType) + "." + member.Identifier();

    /// <summary>The text of an instance property.</summary>
    public static string Member(ISymbol member) => "{0}." + member.Identifier();

    /// <summary>The text of an index into a tensor.</summary>
    public static string Indexer(Expression receiver, ListExpression indices)
    {
        var text = new FallbackText();
        text.Append(receiver, null);
        text._text.Append('[');
        for (var i = 0; i < indices.Items.Count; i++)
        {
            text._text.Append(i == 0 ? "" : ", ");
            text.Append(indices.Items[i], null);
        }

        return text._text.Append(']').ToString();
    }

    /// <summary>The text of an operator.</summary>
    public static string Operator(Expression left, string symbol, Expression right)
    {
        var text = new FallbackText();
        text.Append(left, null);
        text._text.Append(' ').Append(symbol).Append(' ');
        text.Append(right, null);
        return text._text.ToString();
    }

    /// <summary>Writes an expression that is converted to a type; null where the place needs no particular one.</summary>
    private void Append(Expression expression, ITypeSymbol? target)
    {
        switch (expression)
        {
            case NullExpression:
                _text.Append(target is null ? "null" : $"default({Name(target)})");
                break;
            case BooleanExpression truth:
                AppendCast(target).Append(truth.Value ? "true" : "false");
                break;
            case NumberExpression { IsInteger: true } integer:
                AppendCast(target).Append('(').Append(((long)integer.Value).ToString(CultureInfo.InvariantCulture)).Append("L)");
                break;
            case NumberExpression real:
                AppendCast(target).Append('(').Append(Scalar.Literal(real.Value)).Append(')');
                break;
            case StringExpression text:
                // Braces are holes.
                _text.Append(SymbolDisplay.FormatLiteral(text.Value, quote: true).Replace("{", "\\u007B").Replace("}", "\\u007D"));
                break;
            case EnumExpression member:
                _text.Append(target?.WithoutNullable() is { TypeKind: TypeKind.Enum } type ? Name(type) : member.Type).Append('.').Append(member.Member);
                break;
            case ListExpression list:
                AppendCast(target).Append('[');
                AppendItems(list.Items, target is null ? null : ElementType(target));
                _text.Append(']');
                break;
            case TupleExpression tuple:
                _text.Append('(');
                AppendItems(tuple.Items, null);
                _text.Append(')');
                break;
            case RangeExpression range:
                AppendBound(range.Start);
                _text.Append("..");
                AppendBound(range.End);
                break;
            default:
                // A number may have to become another one; a tensor is what it is.
                if (target is not null && target.WithoutNullable() is { } number && (number.ScalarKind() is not null || number.IsIntegral()))
                {
                    AppendCast(target).Append("({").Append(_holes++).Append("})");
                }
                else
                {
                    _text.Append('{').Append(_holes++).Append('}');
                }

                break;
        }
    }

    private StringBuilder AppendCast(ITypeSymbol? target) => target is null ? _text : _text.Append('(').Append(Name(target)).Append(')');

    private void AppendItems(EquatableArray<Expression> items, ITypeSymbol? type)
    {
        for (var i = 0; i < items.Count; i++)
        {
            _text.Append(i == 0 ? "" : ", ");
            Append(items[i], type);
        }
    }

    private void AppendBound(Expression? bound)
    {
        switch (bound)
        {
            case null:
                break;
            case NumberExpression { Value: < 0 } fromEnd:
                _text.Append('^').Append(((long)-fromEnd.Value).ToString(CultureInfo.InvariantCulture));
                break;
            case NumberExpression number:
                _text.Append(((long)number.Value).ToString(CultureInfo.InvariantCulture));
                break;
            default:
                _text.Append("(int)({").Append(_holes++).Append("})");
                break;
        }
    }

    private static ITypeSymbol? ElementType(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol { TypeArguments.Length: 1 } generic => generic.TypeArguments[0],
        _ => null,
    };

    private static string Name(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
}
