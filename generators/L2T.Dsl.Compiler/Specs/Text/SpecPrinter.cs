using System.Globalization;
using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Specs.Bodies;

namespace L2T.Dsl.Compiler.Specs.Text;

/// <summary>
/// Prints specs as s-expressions, for assemblies to carry their modules in and for people to read. Ordinals are left
/// out: they mean places in sources that a reader of the text does not have.
/// <para>
/// In bodies a bare word is a local or a parameter, <c>@Weight</c> a tensor of the type, <c>$classes</c> a parameter of
/// its constructor, <c>3</c> an integer, <c>3.0</c> a real number, <c>:name</c> the parameter that the next expression
/// fills.
/// </para>
/// </summary>
public static class SpecPrinter
{
    /// <summary>The version of the notation; a text of another version is not read.</summary>
    public const int Version = 3;

    internal const string ModuleHead = "module";

    /// <summary>The text of a module; <see cref="SpecParser"/> reads it back.</summary>
    public static string Print(ModuleSpec module) => Module(module).Print();

    private static SExpression Scalar(Scalar scalar) => scalar.Match<SExpression>(
        constant: number => Specs.Scalar.Literal(number),
        symbol: name => "$" + name,
        size: dim => SExpression.Of("size", dim.ToString()),
        arithmetic: (op, left, right) => SExpression.Of(op.ToString(), Scalar(left), Scalar(right)));

    private static SExpression Module(ModuleSpec module)
    {
        var items = new List<SExpression> { ModuleHead, Integer(Version), module.Type.Namespace, module.Type.Name, module.Type.Accessibility, module.Kind.ToString() };
        items.AddRange(module.Scalars.Select(s =>
            SExpression.Of(new SExpression[] { "scalar", s.Name, s.Kind.ToString() }.Concat(s.Default is { } value ? [Specs.Scalar.Literal(value)] : []))));
        items.AddRange(module.Tensors.Select(t =>
            SExpression.Of(new SExpression[] { t.IsBuffer ? "buffer" : "tensor", t.Name, t.Accessibility, Shape(t.Shape), t.Init, Specs.Scalar.Literal(t.Scale) }.Concat(
                t.If is { } condition ? [SExpression.Of("if", condition)] : []))));
        items.AddRange(module.Blocks.Select(b =>
            SExpression.Of(new SExpression[] { b.Count is null ? "block" : "blocks", b.Field, b.Block }
                .Concat(b.Count is { } count ? [Scalar(count), b.Index ?? "#alike"] : [])
                .Concat(b.Arguments.SelectMany(a => new[] { ":" + a.Parameter, Scalar(a.Value) })))));
        items.AddRange(module.Methods.Select(Method));
        return SExpression.Of(items);
    }

    private static SExpression Method(MethodSpec method)
    {
        var items = new List<SExpression> { "method", method.Name, SExpression.Of(method.Parameters.Select(Parameter)) };
        if (method.Returns is { } returns)
        {
            items.Add(SExpression.Of("returns", Shape(returns)));
        }

        items.AddRange(method.Body.Select(Statement));
        return SExpression.Of(items);
    }

    private static SExpression Parameter(MethodParameterSpec parameter)
    {
        var items = new List<SExpression> { parameter.Name };
        if (parameter.Type is { } type)
        {
            items.Add(SExpression.Of("type", type.Element.ToString(), Shape(type.Shape)));
        }

        if (parameter.Default is { } value)
        {
            items.Add(SExpression.Of("default", Expression(value)));
        }

        return SExpression.Of(items);
    }

    private static SExpression Shape(Shape shape) => SExpression.Of(shape.Dims.Select(d => (SExpression)d.ToString()));

    private static SExpression Statement(Statement statement) => statement switch
    {
        LetStatement let => SExpression.Of("let", SExpression.Of(let.Names.Select(n => (SExpression)n)), Expression(let.Value)),
        ReturnStatement result => SExpression.Of("return", Expression(result.Value)),
        IfStatement branch => SExpression.Of(
            "if", Expression(branch.Condition), SExpression.Of(branch.Then.Select(Statement)), SExpression.Of(branch.Else.Select(Statement))),
        ForStatement loop => SExpression.Of(
            "for", loop.Name, Expression(loop.First), loop.Comparison, Expression(loop.Bound), SExpression.Of(loop.Assigned.Select(n => (SExpression)n)), SExpression.Of(loop.Body.Select(Statement))),
        AddStatement add => SExpression.Of("add", add.List, Expression(add.Element)),
        _ => throw new NotSupportedException($"The statement {statement.GetType().Name} has no notation."),
    };

    private static SExpression Expression(Expression expression) => expression switch
    {
        NameExpression name => name.Name,
        TensorMemberExpression tensor => "@" + tensor.Name,
        ScalarNameExpression scalar => "$" + scalar.Name,
        NumberExpression { IsInteger: true } number => Integer((long)number.Value),
        NumberExpression number => Specs.Scalar.Literal(number.Value),
        BooleanExpression truth => truth.Value ? "#true" : "#false",
        StringExpression text => SExpression.Of("string", text.Value),
        EnumExpression member => SExpression.Of("enum", member.Type, member.Member),
        NullExpression => "#null",
        TrainingExpression => "#training",
        RangeExpression range => SExpression.Of("range", Bound(range.Start), Bound(range.End)),
        CallExpression call => Call(call),
        BlockCallExpression { Index: { } index } call => SExpression.Of(new SExpression[] { "block-call-of", call.Field, Expression(index), call.Method }.Concat(Arguments(call.Arguments))),
        BlockCallExpression call => SExpression.Of(new SExpression[] { "block-call", call.Field, call.Method }.Concat(Arguments(call.Arguments))),
        CountExpression { Field: { } field } => SExpression.Of("count-blocks", field),
        CountExpression count => SExpression.Of("count", Expression(count.List!)),
        HelperCallExpression call => SExpression.Of(new SExpression[] { "helper-call", call.Method }.Concat(Arguments(call.Arguments))),
        BinaryExpression binary => SExpression.Of(binary.Operator, Expression(binary.Left), Expression(binary.Right)),
        UnaryExpression unary => SExpression.Of(unary.Operator, Expression(unary.Operand)),
        TupleExpression tuple => SExpression.Of(new SExpression[] { "tuple" }.Concat(tuple.Items.Select(Expression))),
        ListExpression list => SExpression.Of(new SExpression[] { "list" }.Concat(list.Items.Select(Expression))),
        ElementExpression element => SExpression.Of("element", Expression(element.Collection), Expression(element.Index)),
        ConditionalExpression choice => SExpression.Of("choose", Expression(choice.Condition), Expression(choice.WhenTrue), Expression(choice.WhenFalse)),
        _ => throw new NotSupportedException($"The expression {expression.GetType().Name} has no notation."),
    };

    private static SExpression Bound(Expression? bound) => bound is null ? "#open" : Expression(bound);

    private static SExpression Call(CallExpression call)
    {
        var items = new List<SExpression> { "call", call.Method };
        if (call.Receiver is { } receiver)
        {
            items.Add(":this");
            items.Add(Expression(receiver));
        }

        items.AddRange(Arguments(call.Arguments));
        items.Add(SExpression.Of("as", call.CSharp));
        return SExpression.Of(items);
    }

    private static IEnumerable<SExpression> Arguments(EquatableArray<Argument> arguments) =>
        arguments.SelectMany(a => new[] { ":" + a.Parameter, Expression(a.Value) });

    private static SExpression Integer(long value) => value.ToString(CultureInfo.InvariantCulture);
}
