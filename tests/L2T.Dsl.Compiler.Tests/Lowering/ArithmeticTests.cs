using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Lowering.Vocabulary;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Tests.Lowering;

public sealed class ArithmeticTests
{
    private readonly Builder _b = new();

    [Theory]
    [InlineData("+", "add(%0, %1)")]
    [InlineData("-", "sub(%0, %1)")]
    [InlineData("*", "mul(%0, %1)")]
    [InlineData("/", "div(%0, %1)")]
    [InlineData("<", "lt(%0, %1)")]
    [InlineData("<=", "le(%0, %1)")]
    [InlineData(">", "gt(%0, %1)")]
    [InlineData(">=", "ge(%0, %1)")]
    [InlineData("==", "eq(%0, %1)")]
    [InlineData("!=", "ne(%0, %1)")]
    public void Operator_of_two_tensors_is_one_op(string op, string expected) => Assert.Equal(expected, Text(Arithmetic.Binary(op, Real("x", 3), Real("y", 3), _b)));

    [Theory]
    [InlineData("+", "shift[2.0](%0)")]
    [InlineData("-", "shift[-2.0](%0)")]
    [InlineData("*", "scale[2.0](%0)")]
    [InlineData("/", "scale[0.5](%0)")]
    [InlineData("<", "lt[2.0](%0)")]
    [InlineData("==", "eq[2.0](%0)")]
    public void Number_on_the_right_is_an_attribute(string op, string expected) => Assert.Equal(expected, Text(Arithmetic.Binary(op, Real("x", 3), Number(2), _b)));

    [Theory]
    [InlineData("+", "shift[2.0](%0)")]
    [InlineData("-", "shift[2.0](%1)")]
    [InlineData("*", "scale[2.0](%0)")]
    [InlineData("/", "scale[2.0](%1)")]
    [InlineData("<", "gt[2.0](%0)")]
    [InlineData(">=", "le[2.0](%0)")]
    [InlineData("!=", "ne[2.0](%0)")]
    public void Number_on_the_left_is_an_attribute(string op, string expected) => Assert.Equal(expected, Text(Arithmetic.Binary(op, Number(2), Real("x", 3), _b)));

    [Fact]
    public void Tensors_are_broadcast()
    {
        var sum = (TensorResult)Arithmetic.Binary("+", Real("x", 4, 1), Real("y", 3), _b);

        Assert.Equal("real[4, 3]", sum.Value.Type.ToString());
        Assert.Equal("add(%2, %3)", Text(sum));
    }

    [Fact]
    public void Symbolic_sizes_are_broadcast_where_they_are_equal()
    {
        var n = Dim.Symbol("N");
        var x = _b.Input("x", InputRole.Data, TensorType.Real(n, 3));
        var y = _b.Input("y", InputRole.Data, TensorType.Real(n, 1));
        var z = _b.Input("z", InputRole.Data, TensorType.Real(Dim.Symbol("M"), 3));

        Assert.Equal("real[N, 3]", ((TensorResult)Arithmetic.Binary("*", new TensorResult(x), new TensorResult(y), _b)).Value.Type.ToString());
        Assert.Throws<ShapeException>(() => Arithmetic.Binary("*", new TensorResult(x), new TensorResult(z), _b));
    }

    [Fact]
    public void Integers_and_truth_values_meet_reals_as_reals()
    {
        var labels = new TensorResult(_b.Input("labels", InputRole.Data, TensorType.Integer(3)));
        var x = Real("x", 3);

        Assert.Equal("real[3]", ((TensorResult)Arithmetic.Binary("*", labels, x, _b)).Value.Type.ToString());
        Assert.Equal("bool[3]", ((TensorResult)Arithmetic.Binary("==", labels, x, _b)).Value.Type.ToString());
        var mask = Arithmetic.Binary(">", x, Number(0), _b);
        Assert.Equal("mul(%1, %6)", Text(Arithmetic.Binary("*", mask, x, _b)));
    }

    [Theory]
    [InlineData("+", 7, 2, 9)]
    [InlineData("-", 7, 2, 5)]
    [InlineData("*", 7, 2, 14)]
    [InlineData("/", 7, 2, 3)]
    [InlineData("/", -7, 2, -3)]
    [InlineData("%", 7, 2, 1)]
    [InlineData("%", -7, 2, -1)]
    public void Integers_compute_as_in_CSharp(string op, int left, int right, int expected) =>
        Assert.Equal(new NumberResult((double)expected, true), Arithmetic.Binary(op, new NumberResult((double)left, true), new NumberResult((double)right, true), _b));

    [Fact]
    public void Real_numbers_divide_exactly() => Assert.Equal(new NumberResult(3.5, false), Arithmetic.Binary("/", Number(7), new NumberResult(2.0, true), _b));

    [Fact]
    public void Sizes_compute_symbolically()
    {
        var n = new NumberResult(Scalar.Of(Dim.Symbol("N")), true);
        var two = new NumberResult(2.0, true);

        Assert.Equal("2*N", ((NumberResult)Arithmetic.Binary("*", n, two, _b)).Value.ToString());
        Assert.Equal(n, Arithmetic.Binary("/", Arithmetic.Binary("*", n, two, _b), two, _b));
        Assert.Equal(new BooleanResult(true), Arithmetic.Binary("==", n, n, _b));
        Assert.Equal(new BooleanResult(true), Arithmetic.Binary("<", n, Arithmetic.Binary("+", n, two, _b), _b));
        Assert.Throws<LoweringException>(() => Arithmetic.Binary("==", n, two, _b));
    }

    [Theory]
    [InlineData("&&", true, false, false)]
    [InlineData("||", true, false, true)]
    [InlineData("==", true, false, false)]
    [InlineData("!=", true, false, true)]
    public void Truth_values_are_joined(string op, bool left, bool right, bool expected) =>
        Assert.Equal(new BooleanResult(expected), Arithmetic.Binary(op, new BooleanResult(left), new BooleanResult(right), _b));

    [Fact]
    public void Unary_operators_negate()
    {
        var x = Real("x", 3);

        Assert.Equal("scale[-1.0](%0)", Text(Arithmetic.Unary("-", x, _b)));
        Assert.Equal(Number(-2), Arithmetic.Unary("-", Number(2), _b));
        Assert.Equal(new BooleanResult(false), Arithmetic.Unary("!", new BooleanResult(true), _b));
        Assert.Equal("not(%2)", Text(Arithmetic.Unary("!", Arithmetic.Binary(">", x, Number(0), _b), _b)));
    }

    [Theory]
    [InlineData("%")]
    [InlineData("&&")]
    public void Operator_without_rule_is_refused(string op)
    {
        Assert.Throws<LoweringException>(() => Arithmetic.Binary(op, Real("x", 3), Real("y", 3), _b));
        Assert.Throws<LoweringException>(() => Arithmetic.Binary(op, Real("z", 3), Number(2), _b));
        Assert.Throws<LoweringException>(() => Arithmetic.Binary(op, Number(2), Real("u", 3), _b));
    }

    [Fact]
    public void Integer_division_by_zero_is_refused() =>
        Assert.Throws<LoweringException>(() => Arithmetic.Binary("/", new NumberResult(1.0, true), new NumberResult(0.0, true), _b));

    private static NumberResult Number(double value) => new(value, false);

    private TensorResult Real(string name, params int[] sizes) => new(_b.Input(name, InputRole.Data, TensorType.Real([.. sizes.Select(s => (Dim)s)])));

    private string Text(Lowered result) => _b.Binder(((TensorResult)result).Value)!.ToString().Split(" = ")[1];
}
