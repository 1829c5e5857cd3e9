using L2T.Dsl.Compiler.Differentiation;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Tests.Ops;

/// <summary>What needs no equation gets none, and what is the same is written the same way.</summary>
public sealed class BuilderOpsTests
{
    private readonly Builder _b = new();
    private readonly Value _x;
    private readonly Value _y;
    private readonly Value _row;

    public BuilderOpsTests()
    {
        _x = _b.Input("x", InputRole.Data, TensorType.Real(4, 3));
        _y = _b.Input("y", InputRole.Data, TensorType.Real(4, 3));
        _row = _b.Input("row", InputRole.Data, TensorType.Real(3));
    }

    public static TheoryData<string> Neutral { get; } = ["x + 0", "0 + x", "x - 0", "x * 1", "1 * x", "x / 1", "x^1", "expand", "reshape", "permute", "narrow", "pad", "sum of size 1", "cast", "not not", "log exp", "one part", "where"];

    [Theory]
    [MemberData(nameof(Neutral))]
    public void What_changes_nothing_is_the_operand_itself(string what)
    {
        Value zeros = _b.Full(_x.Shape, 0), ones = _b.Full(_x.Shape, 1), mask = _b.Compare(Comparison.Less, _x, 0), column = _b.Reshape(_x, Shape.Of(12, 1));
        var (operand, result) = what switch
        {
            "x + 0" => (_x, _b.Add(_x, zeros)),
            "0 + x" => (_x, _b.Add(zeros, _x)),
            "x - 0" => (_x, _b.Sub(_x, zeros)),
            "x * 1" => (_x, _b.Mul(_x, ones)),
            "1 * x" => (_x, _b.Mul(ones, _x)),
            "x / 1" => (_x, _b.Div(_x, ones)),
            "x^1" => (_x, _b.Pow(_x, 1)),
            "expand" => (_x, _b.Expand(_x, _x.Shape)),
            "reshape" => (_x, _b.Reshape(_b.Reshape(_x, Shape.Of(12)), _x.Shape)),
            "permute" => (_x, _b.Transpose(_b.Transpose(_x, 0, 1), 0, 1)),
            "narrow" => (_x, _b.Narrow(_x, 0, 0, 4)),
            "pad" => (_x, _b.Pad(_x, 0, 0, 0)),
            "sum of size 1" => (column, _b.Sum(column, [1])),
            "cast" => (_x, _b.ToReal(_x)),
            "not not" => (mask, _b.Not(_b.Not(mask))),
            "log exp" => (_x, _b.Log(_b.Exp(_x))),
            "one part" => (_x, _b.Cat(0, _x)),
            _ => (_x, _b.Where(mask, _x, _x)),
        };

        Assert.Equal(operand, result);
    }

    [Fact]
    public void Equal_equations_are_written_once()
    {
        Assert.Equal(_b.Mul(_x, _y), _b.Mul(_y, _x));
        Assert.Equal(_b.Exp(_x), _b.Exp(_x));
        Assert.Equal(2, _b.Equations.Count);
    }

    [Fact]
    public void Numbers_are_joined()
    {
        Assert.Equal("scale[6.0](%0)", Text(_b.Scale(_b.Scale(_x, 2), 3)));
        Assert.Equal("shift[5.0](%0)", Text(_b.Shift(_b.Shift(_x, 2), 3)));
        Assert.Equal("scale[2.0](%0)", Text(_b.Add(_x, _x)));
        Assert.Equal("scale[3.0](%0)", Text(_b.Mul(_x, _b.Full(_x.Shape, 3))));
        Assert.Equal("scale[0.25](%0)", Text(_b.Div(_x, _b.Full(_x.Shape, 4))));
        Assert.Equal("shift[3.0](%0)", Text(_b.Add(_x, _b.Full(_x.Shape, 3))));
        Assert.Equal("shift[-3.0](%0)", Text(_b.Sub(_x, _b.Full(_x.Shape, 3))));
    }

    [Fact]
    public void Negated_operand_is_subtracted()
    {
        Assert.Equal("sub(%0, %1)", Text(_b.Add(_x, _b.Scale(_y, -1))));
        Assert.Equal("sub(%1, %0)", Text(_b.Add(_b.Scale(_x, -1), _y)));
        Assert.Equal("add(%0, %1)", Text(_b.Sub(_x, _b.Scale(_y, -1))));
    }

    [Fact]
    public void Small_powers_are_products()
    {
        Assert.Equal("mul(%0, %0)", Text(_b.Pow(_x, 2)));
        Assert.Equal(1, _b.FillOf(_b.Pow(_x, 0))!.Value);
        Assert.Equal("sqrt(%0)", Text(_b.Pow(_x, 0.5)));
        Assert.Equal("pow[1.5](%0)", Text(_b.Pow(_x, 1.5)));
    }

    [Fact]
    public void Constants_stay_constants()
    {
        var c = _b.Full(_x.Shape, 4);

        Assert.Equal(8, _b.FillOf(_b.Scale(c, 2))!.Value);
        Assert.Equal(2, _b.FillOf(_b.Sqrt(c))!.Value);
        Assert.Equal(Math.Log(4), _b.FillOf(_b.Log(c))!.Value);
        Assert.Equal(12, _b.FillOf(_b.Sum(c, [1]))!.Value);
        Assert.Equal("full[[3, 4], 4.0]()", Text(_b.Transpose(c, 0, 1)));
        Assert.Equal("full[[2, 3], 4.0]()", Text(_b.Narrow(c, 0, 1, 2)));
        Assert.Equal("full[[2, 4, 3], 4.0]()", Text(_b.Expand(c, Shape.Of(2, 4, 3))));
    }

    [Fact]
    public void What_is_repeated_is_computed_once()
    {
        var wide = _b.Expand(_row, _x.Shape);
        var other = _b.Expand(_b.Exp(_row), _x.Shape);

        Assert.Equal("real[3]", Narrowest(_b.Tanh(wide)));
        Assert.Equal("real[3]", Narrowest(_b.Scale(wide, 2)));
        Assert.Equal("real[3]", Narrowest(_b.Shift(wide, 2)));
        Assert.Equal("real[3]", Narrowest(_b.Mul(wide, other)));
        Assert.Equal("bool[3]", Narrowest(_b.Compare(Comparison.Less, wide, 0)));
        Assert.Equal("real[3]", Narrowest(_b.ToReal(_b.Compare(Comparison.Less, wide, 0))));
        Assert.Equal("mul(%0, %3)", Text(_b.Mul(_x, wide)));

        string Narrowest(Value value) => _b.Binder(value) is { Op: ExpandOp } expand ? expand.Operands[0].Type.ToString() : "not repeated";
    }

    [Fact]
    public void Sum_of_what_is_repeated_is_a_multiple()
    {
        var wide = _b.Expand(_row, Shape.Of(Dim.Symbol("N"), 3));

        var overRows = _b.Sum(wide, [0]);
        var overAll = _b.Sum(wide, [0, 1]);

        Assert.Equal("[1, 3]", overRows.Shape.ToString());
        Assert.Equal("[1, 1]", overAll.Shape.ToString());
        Assert.Equal("expand[[1, 3]](%4)", Text(overRows));
        Assert.Contains(_b.Equations, e => e.ToString().Contains("scale[N](", StringComparison.Ordinal));
        Assert.DoesNotContain(_b.Equations, e => e.Op is SumOp { Axes.Count: 2 });
    }

    [Fact]
    public void Sum_does_not_care_where_among_zeros_something_was_put()
    {
        var labels = _b.Input("labels", InputRole.Data, TensorType.Integer(4, 3));
        var list = _b.Input("list", InputRole.Data, TensorType.Integer(4));

        Assert.Equal(_b.Sum(_x, [1]), _b.Sum(_b.ScatterAdd(_x, labels, 1, 10), [1]));
        Assert.Equal(_b.Sum(_x, [0]), _b.Sum(_b.IndexAdd(_x, list, 0, 10), [0]));
        Assert.Equal(_b.Sum(_x, [0, 1]), _b.Sum(_b.Pad(_x, 1, 2, 3), [0, 1]));
        Assert.Equal("[1, 10]", _b.Sum(_b.ScatterAdd(_x, labels, 1, 10), [0]).Shape.ToString());
        Assert.Equal("[4, 1]", _b.Sum(_b.Pad(_x, 0, 0, 0), [1]).Shape.ToString());
        Assert.Equal("sum[1](%12)", Text(_b.Sum(_b.Pad(_x, 0, 1, 0), [1])));
    }

    [Fact]
    public void Gradient_of_cross_entropy_is_the_softmax_less_the_labels()
    {
        var b = new Builder();
        var (n, labels) = (Dim.Symbol("N"), b.Input("labels", InputRole.Data, TensorType.Integer(Dim.Symbol("N"), 1)));
        var logits = b.Input("logits", InputRole.Parameter, TensorType.Real(n, 10));
        var loss = b.Scale(b.Mean(b.Gather(b.LogSoftmax(logits, 1), labels, 1), [0, 1]), -1);
        var gradient = Vjp.Write(b, [(loss, b.Full(loss.Shape, 1))], [logits])[0]!;
        var live = Liveness.Live(b.Equations, [gradient]);

        Assert.Equal(
            """
            %2: real[N, 10] = log_softmax[1](%1)
            %9: real[N, 1] = full[[N, 1], -1.0 / N]()
            %10: real[N, 10] = scatter_add[1: 10](%9, %0)
            %11: real[N, 10] = exp(%2)
            %13: real[N, 10] = scale[-1.0 / N](%11)
            %14: real[N, 10] = sub(%10, %13)
            """,
            string.Join("\n", b.Equations.Where(live.Contains)));
    }

    [Fact]
    public void Sums_to_a_shape_undo_broadcasting()
    {
        Assert.Equal(_row.Shape, _b.SumTo(_x, _row.Shape).Shape);
        Assert.Equal("[4, 1]", _b.SumTo(_x, Shape.Of(4, 1)).Shape.ToString());
        Assert.Equal(_x, _b.SumTo(_x, _x.Shape));
    }

    [Fact]
    public void Transpose_becomes_a_flag_of_the_product()
    {
        Assert.Equal("matmul[right^T](%0, %1)", Text(_b.MatMul(_x, _b.Transpose(_y, 0, 1))));
        Assert.Equal("matmul[left^T](%0, %1)", Text(_b.MatMul(_b.Transpose(_x, 0, 1), _y)));
        Assert.Equal("matmul[left^T](%0, %1)", Text(_b.MatMul(_x, _b.Transpose(_y, 0, 1), transposeLeft: true, transposeRight: true)));
    }

    [Fact]
    public void Comparison_wanted_as_numbers_is_made_so_at_once()
    {
        Assert.Equal("step(%0)", Text(_b.ToReal(_b.Compare(Comparison.Greater, _x, 0))));
        Assert.Equal("le[1.0, real](%0)", Text(_b.ToReal(_b.Compare(Comparison.LessOrEqual, _x, 1))));
        Assert.Equal("eq[real](%0, %1)", Text(_b.ToReal(_b.Compare(Comparison.Equal, _x, _y))));
        Assert.Equal("gt[0.0](%0)", Text(_b.Compare(Comparison.Less, _b.Full(_x.Shape, 0), _x)));
    }

    [Fact]
    public void Part_of_joined_tensors_is_the_part_itself()
    {
        var joined = _b.Cat(1, _x, _y);

        Assert.Equal(_y, _b.Narrow(joined, 1, 3, 3));
        Assert.Equal("narrow[1: 2 + 3](%3)", Text(_b.Narrow(joined, 1, 2, 3)));
        Assert.Equal("narrow[0: 3 + 1](%0)", Text(_b.Narrow(_b.Narrow(_x, 0, 1, 3), 0, 2, 1)));
    }

    private string Text(Value value) => _b.Binder(value)!.ToString().Split(" = ")[1];
}
