using CsCheck;
using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Compiler.Specs.Bodies;

namespace L2T.Dsl.Generators.Tests.Text;

/// <summary>Random specs: any that the notation can express, not only those that make sense.</summary>
internal static class SpecGen
{
    private static readonly Gen<string> Name = OneOf("x", "y", "h2", "_hidden", "N", "größe", "@new", "Weight");

    private static readonly Gen<string> Text = Gen.String[Gen.OneOf(Gen.Char[' ', '~'], OneOf('\n', '\t', '\r', 'ä', '"', '\\', '{', '(', ')')), 0, 12];

    private static readonly Gen<double> Real = Gen.OneOf(
        Gen.Double, OneOf(0.0, -0.0, 1.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, 0.1));

    private static readonly Gen<Dim> Size = Dims(2);

    private static readonly Gen<Shape> Sizes = Size.Array[0, 3].Select(d => new Shape([.. d]));

    private static readonly Gen<Expression> Constant = Gen.OneOf(
        Gen.Long[-(1L << 53), 1L << 53].Select(n => (Expression)new NumberExpression(0, n, true)),
        Real.Select(n => (Expression)new NumberExpression(0, n, false)),
        Gen.Bool.Select(b => (Expression)new BooleanExpression(0, b)),
        Text.Select(t => (Expression)new StringExpression(0, t)),
        Gen.Const((Expression)new EnumExpression(0, "ScalarType", "Int64")),
        Gen.Const((Expression)new NullExpression(0)),
        Gen.Const((Expression)new TrainingExpression(0)));

    private static readonly Gen<Expression> Leaf = Gen.OneOf(
        Constant,
        // Locals are not written into generated code, so they are not escaped.
        Name.Where(n => n[0] != '@').Select(n => (Expression)new NameExpression(0, n)),
        Name.Select(n => (Expression)new TensorMemberExpression(0, n)),
        Name.Select(n => (Expression)new ScalarNameExpression(0, n)));

    /// <summary>Modules.</summary>
    public static readonly Gen<ModuleSpec> Module = Gen.Select(
        Gen.Select(OneOf("", "A", "A.B"), Name, OneOf("public", "internal"), (space, name, access) => new TypeName(space, name, access)),
        Gen.Enum<ModuleKind>(),
        Gen.Select(Name, Gen.Enum<ScalarKind>(), Real.Nullable(), (name, kind, value) => new ScalarParameterSpec(0, name, kind, value)).Array[0, 3],
        Gen.Select(Name, OneOf("public", "protected internal"), Sizes, OneOf("Zeros", "Normal"), Gen.Select(Real, Gen.Bool, Name.Null()), (name, access, shape, init, rest) => new TensorMemberSpec(0, name, access, shape, init, rest.Item1, rest.Item2, rest.Item3)).Array[0, 3],
        Gen.Select(Name, Name, Gen.Select(Name, Numbers(3), (name, value) => new ScalarArgument(name, value)).Array[0, 3], Gen.Select(Numbers(2), Name.Null()).Nullable(), (field, block, arguments, array) => new BlockFieldSpec(0, field, block, [.. arguments], array?.Item1, array?.Item2)).Array[0, 2],
        Gen.Select(Name, Parameters(), Sizes.Null(), Statements(2), (name, parameters, returns, body) => new MethodSpec(0, name, parameters, returns, body)).Array[0, 3],
        (type, kind, scalars, tensors, blocks, methods) => new ModuleSpec(type, kind, [.. scalars], [.. tensors], [.. blocks], [.. methods]));

    /// <summary>One of these values.</summary>
    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<Dim> Dims(int depth)
    {
        var leaf = Gen.OneOf(Gen.Long[0, 99].Select(Dim.Constant), OneOf("N", "hidden", "K").Select(Dim.Symbol));
        return depth == 0 ? leaf : Gen.Select(Gen.Int[0, 4], Dims(depth - 1), Dims(depth - 1), (op, l, r) => op switch
        {
            0 => l + r,
            1 => l - r,
            2 => l * r,
            3 when r.Value != 0 => l / r,
            _ => l,
        });
    }

    private static Gen<Scalar> Numbers(int depth)
    {
        var leaf = Gen.OneOf(Real.Select(Scalar.Of), OneOf("rate", "p").Select(Scalar.Named), Size.Select(Scalar.Of));
        return depth == 0 ? leaf : Gen.Select(Gen.Int[0, 4], Numbers(depth - 1), Numbers(depth - 1), (op, l, r) => op switch
        {
            0 => l + r,
            1 => l - r,
            2 => l * r,
            3 => l / r,
            _ => l,
        });
    }

    private static Gen<EquatableArray<MethodParameterSpec>> Parameters() => Gen.Select(
        Name,
        Gen.Select(Gen.Enum<ElementType>(), Sizes, (element, shape) => new TensorType(element, shape)).Null(),
        Constant.Null(),
        (name, type, value) => new MethodParameterSpec(0, name, type, value)).Array[0, 3].Select(p => p.ToEquatableArray());

    private static Gen<EquatableArray<Statement>> Statements(int depth) => One(depth).Array[0, 3].Select(s => s.ToEquatableArray());

    private static Gen<Statement> One(int depth)
    {
        var let = Gen.Select(Gen.OneOf(Name, Gen.Const("")).Array[1, 3], Expressions(3), (names, value) => (Statement)new LetStatement(0, [.. names], value));
        var result = Expressions(3).Select(value => (Statement)new ReturnStatement(0, value));
        var add = Gen.Select(Name, Expressions(3), (list, element) => (Statement)new AddStatement(0, list, element));
        return depth == 0 ? Gen.OneOf(let, result, add) : Gen.OneOf(
            let,
            result,
            add,
            Gen.Select(Expressions(2), Statements(depth - 1), Statements(depth - 1), (condition, then, otherwise) => (Statement)new IfStatement(0, condition, then, otherwise)),
            Gen.Select(Name, Expressions(1), OneOf("<", "<=", ">", ">="), Expressions(1), Name.Array[0, 2], Statements(depth - 1), (name, first, comparison, bound, assigned, body) =>
                (Statement)new ForStatement(0, name, first, comparison, bound, [.. assigned], body)));
    }

    private static Gen<Expression> Expressions(int depth)
    {
        if (depth == 0)
        {
            return Leaf;
        }

        var inner = Expressions(depth - 1);
        var items = inner.Array[0, 3].Select(i => i.ToEquatableArray());
        var arguments = Gen.Select(Name, inner, (name, value) => new Argument(name, value)).Array[0, 2].Select(a => a.ToEquatableArray());
        return Gen.OneOf(
            Leaf,
            Gen.Select(inner.Null(), inner.Null(), (start, end) => (Expression)new RangeExpression(0, start, end)),
            Gen.Select(OneOf("torch.exp", "Tensor.this[]"), inner.Null(), arguments, Text, (name, receiver, a, text) => (Expression)new CallExpression(0, name, receiver, a, text)),
            Gen.Select(Name, Name, arguments, inner.Null(), (field, name, a, index) => (Expression)new BlockCallExpression(0, field, name, a, index)),
            Name.Select(field => (Expression)new CountExpression(0, field, null)),
            inner.Select(list => (Expression)new CountExpression(0, null, list)),
            Gen.Select(Name, arguments, (name, a) => (Expression)new HelperCallExpression(0, name, a)),
            Gen.Select(OneOf("+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "&&", "||"), inner, inner, (op, l, r) => (Expression)new BinaryExpression(0, op, l, r)),
            Gen.Select(OneOf("-", "!"), inner, (op, operand) => (Expression)new UnaryExpression(0, op, operand)),
            items.Select(i => (Expression)new TupleExpression(0, i)),
            items.Select(i => (Expression)new ListExpression(0, i)),
            Gen.Select(inner, inner, (collection, index) => (Expression)new ElementExpression(0, collection, index)),
            Gen.Select(inner, inner, inner, (condition, then, otherwise) => (Expression)new ConditionalExpression(0, condition, then, otherwise)));
    }
}
