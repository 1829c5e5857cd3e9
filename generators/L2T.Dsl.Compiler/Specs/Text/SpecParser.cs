using System.Globalization;
using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Specs.Bodies;

namespace L2T.Dsl.Compiler.Specs.Text;

/// <summary>Reads what <see cref="SpecPrinter"/> prints. Nodes are numbered anew in the order of the text.</summary>
public sealed class SpecParser
{
    private static readonly HashSet<string> Operators = ["+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "&&", "||"];

    // 0 is the type's own name.
    private int _node;

    private SpecParser()
    {
    }

    /// <summary>Reads a module; false where the text is damaged or of another version.</summary>
    public static bool TryParseModule(string text, out ModuleSpec module)
    {
        module = null!;
        try
        {
            if (!SExpression.TryParse(text, out var expression))
            {
                return false;
            }

            module = new SpecParser().Module(expression);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private ModuleSpec Module(SExpression expression)
    {
        var items = List(expression, SpecPrinter.ModuleHead, 5);
        if (Integer(items[1]) != SpecPrinter.Version)
        {
            throw new FormatException("Another version of the notation.");
        }

        var type = new TypeName(Word(items[2]), Word(items[3]), Word(items[4]));
        var kind = Member<ModuleKind>(items[5]);
        var scalars = new List<ScalarParameterSpec>();
        var tensors = new List<TensorMemberSpec>();
        var blocks = new List<BlockFieldSpec>();
        var methods = new List<MethodSpec>();
        foreach (var item in items.Skip(6))
        {
            switch (HeadOf(item))
            {
                case "scalar":
                    var scalar = List(item, "scalar", 2);
                    scalars.Add(new(++_node, Word(scalar[1]), Member<ScalarKind>(scalar[2]), scalar.Count > 3 ? Real(scalar[3]) : null));
                    break;
                case "tensor" or "buffer":
                    var tensor = List(item, HeadOf(item)!, 5);
                    var condition = tensor.Count > 6 ? Word(List(tensor[6], "if", 1)[1]) : null;
                    tensors.Add(new(++_node, Word(tensor[1]), Word(tensor[2]), Shape(tensor[3]), Word(tensor[4]), Real(tensor[5]), HeadOf(item) == "buffer", condition));
                    break;
                case "block":
                    var block = List(item, "block", 2);
                    blocks.Add(new(++_node, Word(block[1]), Word(block[2]), [.. Pairs(block, 3).Select(p => new ScalarArgument(p.Name, Scalar(p.Value)))]));
                    break;
                case "blocks":
                    var array = List(item, "blocks", 4);
                    blocks.Add(new(
                        ++_node, Word(array[1]), Word(array[2]), [.. Pairs(array, 5).Select(p => new ScalarArgument(p.Name, Scalar(p.Value)))], Scalar(array[3]), Word(array[4]) is var index and not "#alike" ? index : null));
                    break;
                default:
                    methods.Add(Method(item));
                    break;
            }
        }

        return new(type, kind, scalars.ToEquatableArray(), tensors.ToEquatableArray(), blocks.ToEquatableArray(), methods.ToEquatableArray());
    }

    private MethodSpec Method(SExpression expression)
    {
        var items = List(expression, "method", 2);
        var node = ++_node;
        EquatableArray<MethodParameterSpec> parameters = [.. List(items[2]).Select(Parameter)];
        var returns = items.Count > 3 && HeadOf(items[3]) == "returns" ? Shape(List(items[3], "returns", 1)[1]) : null;
        return new(node, Word(items[1]), parameters, returns, Statements(items.Skip(returns is null ? 3 : 4)));
    }

    private MethodParameterSpec Parameter(SExpression expression)
    {
        var items = List(expression);
        var node = ++_node;
        TensorType? type = null;
        Expression? value = null;
        foreach (var item in items.Skip(1))
        {
            if (HeadOf(item) == "type")
            {
                var parts = List(item, "type", 2);
                type = new(Member<ElementType>(parts[1]), Shape(parts[2]));
            }
            else
            {
                value = Expression(List(item, "default", 1)[1]);
            }
        }

        return new(node, Word(items.Count > 0 ? items[0] : expression), type, value);
    }

    private EquatableArray<Statement> Statements(IEnumerable<SExpression> expressions) => [.. expressions.Select(Statement)];

    private Statement Statement(SExpression expression)
    {
        var node = ++_node;
        switch (HeadOf(expression))
        {
            case "let":
                var let = List(expression, "let", 2);
                return new LetStatement(node, [.. List(let[1]).Select(Word)], Expression(let[2]));
            case "if":
                var branch = List(expression, "if", 3);
                return new IfStatement(node, Expression(branch[1]), Statements(List(branch[2])), Statements(List(branch[3])));
            case "for":
                var loop = List(expression, "for", 6);
                return new ForStatement(node, Word(loop[1]), Expression(loop[2]), Word(loop[3]), Expression(loop[4]), [.. List(loop[5]).Select(Word)], Statements(List(loop[6])));
            case "add":
                var add = List(expression, "add", 2);
                return new AddStatement(node, Word(add[1]), Expression(add[2]));
            default:
                return new ReturnStatement(node, Expression(List(expression, "return", 1)[1]));
        }
    }

    private Expression Expression(SExpression expression)
    {
        var node = ++_node;
        if (expression is SExpression.Symbol { Text: var word })
        {
            return word switch
            {
                "#true" or "#false" => new BooleanExpression(node, word == "#true"),
                "#null" => new NullExpression(node),
                "#training" => new TrainingExpression(node),
                ['@', ..] => new TensorMemberExpression(node, word.Substring(1)),
                ['$', ..] => new ScalarNameExpression(node, word.Substring(1)),
                _ when long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) => new NumberExpression(node, integer, IsInteger: true),
                _ when IsReal(word, out var real) => new NumberExpression(node, real, IsInteger: false),
                "" => throw new FormatException("A name is empty."),
                _ => new NameExpression(node, word),
            };
        }

        var head = HeadOf(expression);
        var items = List(expression);
        switch (head)
        {
            case "string":
                return new StringExpression(node, Word(List(expression, head, 1)[1]));
            case "enum":
                return new EnumExpression(node, Word(List(expression, head, 2)[1]), Word(items[2]));
            case "range":
                return new RangeExpression(node, Bound(List(expression, head, 2)[1]), Bound(items[2]));
            case "call":
                return Call(node, List(expression, head, 2));
            case "block-call":
                return new BlockCallExpression(node, Word(List(expression, head, 2)[1]), Word(items[2]), Arguments(items, 3));
            case "block-call-of":
                return new BlockCallExpression(node, Word(List(expression, head, 3)[1]), Word(items[3]), Arguments(items, 4), Expression(items[2]));
            case "count-blocks":
                return new CountExpression(node, Word(List(expression, head, 1)[1]), null);
            case "count":
                return new CountExpression(node, null, Expression(List(expression, head, 1)[1]));
            case "helper-call":
                return new HelperCallExpression(node, Word(List(expression, head, 1)[1]), Arguments(items, 2));
            case "tuple":
                return new TupleExpression(node, [.. items.Skip(1).Select(Expression)]);
            case "list":
                return new ListExpression(node, [.. items.Skip(1).Select(Expression)]);
            case "element":
                return new ElementExpression(node, Expression(List(expression, head, 2)[1]), Expression(items[2]));
            case "choose":
                return new ConditionalExpression(node, Expression(List(expression, head, 3)[1]), Expression(items[2]), Expression(items[3]));
            case "-" or "!" when items.Count == 2:
                return new UnaryExpression(node, head, Expression(items[1]));
            case not null when Operators.Contains(head):
                return new BinaryExpression(node, head, Expression(List(expression, head, 2)[1]), Expression(items[2]));
            default:
                throw new FormatException($"'{head}' is no expression.");
        }
    }

    private Expression? Bound(SExpression expression) => expression is SExpression.Symbol { Text: "#open" } ? null : Expression(expression);

    private CallExpression Call(int node, EquatableArray<SExpression> items)
    {
        var text = Word(List(items[items.Count - 1], "as", 1)[1]);
        Expression? receiver = null;
        var arguments = new List<Argument>();
        foreach (var (name, value) in Pairs(items, 2, trailing: 1))
        {
            if (name == "this")
            {
                receiver = Expression(value);
            }
            else
            {
                arguments.Add(new(name, Expression(value)));
            }
        }

        return new(node, Word(items[1]), receiver, arguments.ToEquatableArray(), text);
    }

    private EquatableArray<Argument> Arguments(EquatableArray<SExpression> items, int start) =>
        [.. Pairs(items, start).Select(p => new Argument(p.Name, Expression(p.Value)))];

    private static Scalar Scalar(SExpression expression)
    {
        if (expression is SExpression.Symbol { Text: var word })
        {
            return word is ['$', ..] ? Specs.Scalar.Named(word.Substring(1)) : Specs.Scalar.Of(Real(expression));
        }

        var head = HeadOf(expression);
        if (head == "size")
        {
            return Specs.Scalar.Of(Size(List(expression, head, 1)[1]));
        }

        var items = List(expression, head ?? "", 2);
        Scalar left = Scalar(items[1]), right = Scalar(items[2]);
        return head switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "/" => left / right,
            _ => throw new FormatException($"'{head}' is no operator."),
        };
    }

    private static Shape Shape(SExpression expression) => new([.. List(expression).Select(Size)]);

    private static Dim Size(SExpression expression) =>
        Dim.TryParse(Word(expression), out var dim) ? dim : throw new FormatException($"'{expression}' is no size.");

    private static IEnumerable<(string Name, SExpression Value)> Pairs(EquatableArray<SExpression> items, int start, int trailing = 0)
    {
        var end = items.Count - trailing;
        if ((end - start) % 2 != 0)
        {
            throw new FormatException("A parameter has no value.");
        }

        for (var i = start; i < end; i += 2)
        {
            yield return (Word(items[i]) is [':', .. var name] ? name : throw new FormatException($"'{items[i]}' is no parameter."), items[i + 1]);
        }
    }

    private static string? HeadOf(SExpression expression) =>
        expression is SExpression.Items { All: { Count: > 0 } all } && all[0] is SExpression.Symbol head ? head.Text : null;

    private static EquatableArray<SExpression> List(SExpression expression) =>
        expression is SExpression.Items list ? list.All : throw new FormatException($"'{expression}' is no list.");

    /// <summary>A list that begins with a word and has at least so many items after it.</summary>
    private static EquatableArray<SExpression> List(SExpression expression, string head, int atLeast) =>
        HeadOf(expression) == head && List(expression) is var items && items.Count > atLeast
            ? items
            : throw new FormatException($"'{expression}' is no '{head}'.");

    private static string Word(SExpression expression) =>
        expression is SExpression.Symbol symbol ? symbol.Text : throw new FormatException($"'{expression}' is no word.");

    private static long Integer(SExpression expression) =>
        long.TryParse(Word(expression), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw new FormatException($"'{expression}' is no integer.");

    private static double Real(SExpression expression) =>
        IsReal(Word(expression), out var value) ? value : throw new FormatException($"'{expression}' is no number.");

    private static bool IsReal(string word, out double value)
    {
        value = word switch
        {
            "double.NaN" => double.NaN,
            "double.PositiveInfinity" => double.PositiveInfinity,
            "double.NegativeInfinity" => double.NegativeInfinity,
            _ => 0,
        };
        return value != 0 || double.IsNaN(value) ||
            // Not a name such as 'Infinity', which .NET reads as a number too.
            (word.Length > 0 && (char.IsDigit(word[0]) || word[0] == '-') && double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out value));
    }

    private static T Member<T>(SExpression expression)
        where T : struct, Enum =>
        Enum.TryParse<T>(Word(expression), out var member) && Enum.IsDefined(typeof(T), member) ? member : throw new FormatException($"'{expression}' is no {typeof(T).Name}.");
}
