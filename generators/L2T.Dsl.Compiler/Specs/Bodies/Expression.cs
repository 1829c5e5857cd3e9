using L2T.Dsl.Compiler.Collections;

namespace L2T.Dsl.Compiler.Specs.Bodies;

/// <summary>
/// An expression of a body as it was written, names resolved, without symbols or locations. <paramref name="Node"/>
/// is its ordinal in the reading of the declaring type (see <see cref="Problems.SourceAnchor"/>).
/// </summary>
public abstract record Expression(int Node);

/// <summary>A parameter of the method, or a local that was assigned before.</summary>
public sealed record NameExpression(int Node, string Name) : Expression(Node);

/// <summary>A <c>[Parameter]</c> or <c>[Coefficient]</c> property of the declaring type.</summary>
public sealed record TensorMemberExpression(int Node, string Name) : Expression(Node);

/// <summary>A parameter of the primary constructor.</summary>
public sealed record ScalarNameExpression(int Node, string Name) : Expression(Node);

/// <summary>A number, literal or constant-folded; integers are exact up to 2^53.</summary>
public sealed record NumberExpression(int Node, double Value, bool IsInteger) : Expression(Node);

/// <summary>A truth value.</summary>
public sealed record BooleanExpression(int Node, bool Value) : Expression(Node);

/// <summary>A string.</summary>
public sealed record StringExpression(int Node, string Value) : Expression(Node);

/// <summary>A named constant of an enum, such as <c>ScalarType.Int64</c> or <c>torch.int64</c>: simple name of the enum, name of the member.</summary>
public sealed record EnumExpression(int Node, string Type, string Member) : Expression(Node);

/// <summary><c>null</c> or <c>default</c>: an argument left out.</summary>
public sealed record NullExpression(int Node) : Expression(Node);

/// <summary>The <c>Training</c> property: whether the student is being trained.</summary>
public sealed record TrainingExpression(int Node) : Expression(Node);

/// <summary>A range <c>a..b</c> or <c>..</c> in an index; an open end is null, a negative bound counts from the end.</summary>
public sealed record RangeExpression(int Node, Expression? Start, Expression? End) : Expression(Node);

/// <summary>
/// A call of TorchSharp: a static method, an instance method or extension (receiver in <paramref name="Receiver"/>), a
/// property, a static field or an indexer. <paramref name="Method"/> is <c>torch.nn.functional.linear</c> style for
/// members of static classes, <c>Tensor.sum</c> for others (<c>Tensor.shape</c>, <c>TensorIndex.Ellipsis</c>) and for
/// extensions, <c>Tensor.this[]</c> for the indexer, whatever its overload, with one list as argument <c>indices</c>
/// (numbers, ranges, tensors, <c>TensorIndex</c> members). <c>&amp; | ^ ~</c> on tensors are calls of
/// <c>torch.bitwise_and</c> and so on; functions of <c>System.Math</c> on numbers unknown to the reader <c>Math.Log</c>.
/// </summary>
/// <param name="Node">The ordinal.</param>
/// <param name="Method">The method.</param>
/// <param name="Receiver">The instance, or null.</param>
/// <param name="Arguments">The arguments given, by parameter name in the order of the parameters; defaults left out.</param>
/// <param name="CSharp">
/// How the fallback spells the call: full C# with <c>{0}</c>, <c>{1}</c> ... where the expressions of
/// <see cref="Holes"/> go, and no other braces. Constants are spelled out and numbers cast to the parameter's type, so
/// a hole takes a tensor, or a number or truth value as any C# expression, or sizes (<c>x.shape</c>) as <c>[a, b]</c>.
/// </param>
public sealed record CallExpression(int Node, string Method, Expression? Receiver, EquatableArray<Argument> Arguments, string CSharp) : Expression(Node)
{
    /// <summary>
    /// What fills the holes of <see cref="CSharp"/>: the receiver, then the arguments in order, lists, tuples and ranges
    /// by their items; constants have no hole.
    /// </summary>
    public IReadOnlyList<Expression> Holes()
    {
        var holes = new List<Expression>();
        Add(Receiver);
        foreach (var argument in Arguments)
        {
            Add(argument.Value);
        }

        return holes;

        void Add(Expression? expression)
        {
            switch (expression)
            {
                case null or NumberExpression or BooleanExpression or StringExpression or EnumExpression or NullExpression:
                    break;
                case ListExpression list:
                    list.Items.ToList().ForEach(Add);
                    break;
                case TupleExpression tuple:
                    tuple.Items.ToList().ForEach(Add);
                    break;
                case RangeExpression range:
                    Add(range.Start);
                    Add(range.End);
                    break;
                default:
                    holes.Add(expression);
                    break;
            }
        }
    }
}

/// <summary>A call of a method of a block held in a field, or of one of an array of blocks.</summary>
/// <param name="Node">The ordinal.</param>
/// <param name="Field">The field.</param>
/// <param name="Method">The method.</param>
/// <param name="Arguments">The arguments given.</param>
/// <param name="Index">Which of an array of blocks; null for a single one. A negative constant counts from the end.</param>
public sealed record BlockCallExpression(int Node, string Field, string Method, EquatableArray<Argument> Arguments, Expression? Index = null) : Expression(Node);

/// <summary>The number of blocks in an array, or of elements in a list: <c>Length</c>, <c>Count</c>.</summary>
public sealed record CountExpression(int Node, string? Field, Expression? List) : Expression(Node);

/// <summary>A call of another method of the declaring type, or of the getter of a computed property.</summary>
public sealed record HelperCallExpression(int Node, string Method, EquatableArray<Argument> Arguments) : Expression(Node);

/// <summary>
/// An arithmetic or comparison operator: <c>+ - * / % &lt; &lt;= &gt; &gt;= == != &amp;&amp; ||</c>. <c>/</c> of two integers
/// rounds as in C#; an integer that C# converts to a real number arrives as <c>1.0 * n</c>.
/// </summary>
public sealed record BinaryExpression(int Node, string Operator, Expression Left, Expression Right) : Expression(Node);

/// <summary>A unary operator: <c>- !</c>.</summary>
public sealed record UnaryExpression(int Node, string Operator, Expression Operand) : Expression(Node);

/// <summary>A tuple.</summary>
public sealed record TupleExpression(int Node, EquatableArray<Expression> Items) : Expression(Node);

/// <summary>An array or collection of numbers or tensors.</summary>
public sealed record ListExpression(int Node, EquatableArray<Expression> Items) : Expression(Node);

/// <summary>One element of a list or tuple, such as <c>x.shape[0]</c>; a negative index counts from the end.</summary>
public sealed record ElementExpression(int Node, Expression Collection, Expression Index) : Expression(Node);

/// <summary><c>condition ? a : b</c> with a condition known at compile time.</summary>
public sealed record ConditionalExpression(int Node, Expression Condition, Expression WhenTrue, Expression WhenFalse) : Expression(Node);
