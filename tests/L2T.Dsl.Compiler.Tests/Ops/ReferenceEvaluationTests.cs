using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Tests.Ops;

/// <summary>The reference evaluation against values worked out by hand or taken from tables.</summary>
public sealed class ReferenceEvaluationTests
{
    private const double Tolerance = 1e-14;

    // 1 2 3
    // 4 5 6
    private static readonly NdArray Counting = Matrix(2, 3, 1, 2, 3, 4, 5, 6);

    public static TheoryData<Op, double, double> Functions { get; } = new()
    {
        { new ScaleOp(-1.5), 2, -3 },
        { new ShiftOp(0.5), 2, 2.5 },
        { new ExpOp(), 1, Math.E },
        { new LogOp(), Math.E, 1 },
        { new Log1pOp(), 1e-10, 9.9999999995e-11 },
        { new Log1pOp(), 1, 0.6931471805599453 },
        { new PowOp(0.5), 9, 3 },
        { new PowOp(-1), 4, 0.25 },
        { new PowOp(-0.5), 4, 0.5 },
        { new PowOp(2.5), 4, 32 },
        { new TanhOp(), 0.5, 0.46211715726000975 },
        { new SigmoidOp(), 0, 0.5 },
        { new SigmoidOp(), -2, 0.11920292202211755 },
        { new SoftplusOp(), 0, 0.6931471805599453 },
        { new SoftplusOp(), 800, 800 },
        { new SoftplusOp(), -40, 4.248354255291589e-18 },
        { new ErfOp(), 0.5, 0.5204998778130465 },
        { new ErfOp(), 2.5, 0.999593047982555 },
        { new ErfOp(), 3.5, 0.9999992569016276 },
        { new ErfOp(), -1, -0.8427007929497149 },
        { new ErfOp(), 7, 1 },
        { new SinOp(), Math.PI / 6, 0.5 },
        { new CosOp(), Math.PI / 3, 0.5 },
        { new AbsOp(), -2, 2 },
        { new SignOp(), -2, -1 },
        { new SignOp(), 0, 0 },
        { new ReluOp(), -2, 0 },
        { new ReluOp(), 2, 2 },
        { new StepOp(), 0, 0 },
        { new StepOp(), 0.1, 1 },
        { new ClampOp(-1, 1), -3, -1 },
        { new ClampOp(-1, 1), 0.5, 0.5 },
        { new ClampOp(double.NegativeInfinity, 1), -3, -3 },
        { new CompareNumberOp(Comparison.GreaterOrEqual, 2, ElementType.Real), 2, 1 },
        { new CompareNumberOp(Comparison.Less, 2, ElementType.Boolean), 2, 0 },
        { new NotOp(), 1, 0 },
        { new CastOp(ElementType.Real), 3, 3 },
        { new DetachOp(), 3, 3 },
    };

    public static TheoryData<Op, double, double, double> Pairs { get; } = new()
    {
        { new AddOp(), 2, 3, 5 },
        { new SubOp(), 2, 3, -1 },
        { new MulOp(), 2, 3, 6 },
        { new DivOp(), 3, 2, 1.5 },
        { new MaximumOp(), 2, 3, 3 },
        { new MinimumOp(), 2, 3, 2 },
        { new CompareOp(Comparison.Equal, ElementType.Boolean), 2, 2, 1 },
        { new CompareOp(Comparison.NotEqual, ElementType.Boolean), 2, 2, 0 },
        { new CompareOp(Comparison.Less, ElementType.Boolean), 2, 3, 1 },
        { new CompareOp(Comparison.LessOrEqual, ElementType.Real), 3, 3, 1 },
        { new CompareOp(Comparison.Greater, ElementType.Real), 3, 3, 0 },
        { new CompareOp(Comparison.GreaterOrEqual, ElementType.Real), 3, 3, 1 },
        { new LogicalOp(Both: true), 1, 0, 0 },
        { new LogicalOp(Both: false), 1, 0, 1 },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Function_of_one_number(Op op, double x, double expected) => AssertClose(Matrix(1, 1, expected), Evaluate(op, Matrix(1, 1, x)));

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Function_of_two_numbers(Op op, double x, double y, double expected) =>
        AssertClose(Matrix(1, 1, expected), Evaluate(op, Matrix(1, 1, x), Matrix(1, 1, y)));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Relu_lets_nan_and_infinity_through(double x) => Assert.Equal(x, Evaluate(new ReluOp(), Matrix(1, 1, x)).Data[0]);

    [Fact]
    public void Choice() => AssertClose(Matrix(1, 2, 1, 4), Evaluate(new WhereOp(), Matrix(1, 2, 1, 0), Matrix(1, 2, 1, 2), Matrix(1, 2, 3, 4)));

    [Fact]
    public void Product()
    {
        var expected = Matrix(2, 2, 14, 32, 32, 77);
        var transpose = Evaluate(new PermuteOp([1, 0]), Counting);

        AssertClose(expected, Evaluate(new MatMulOp(false, true), Counting, Counting));
        AssertClose(expected, Evaluate(new MatMulOp(false, false), Counting, transpose));
        AssertClose(expected, Evaluate(new MatMulOp(true, false), transpose, transpose));
        AssertClose(expected, Evaluate(new MatMulOp(true, true), transpose, Counting));
    }

    [Fact]
    public void Reductions()
    {
        AssertClose(Matrix(1, 3, 5, 7, 9), Evaluate(new SumOp([0]), Counting));
        AssertClose(Matrix(1, 1, 21), Evaluate(new SumOp([0, 1]), Counting));
        AssertClose(Matrix(2, 1, 3, 6), Evaluate(new AmaxOp([1]), Counting));
        AssertClose(Matrix(1, 3, 1, 2, 3), Evaluate(new AminOp([0]), Counting));
        AssertClose(Matrix(2, 1, 2, 0), Evaluate(new ArgMaxOp(1), Matrix(2, 3, 1, 2, 3, 6, 6, 4)));
        AssertClose(Matrix(3, 2, 1, 1, 0, 0, 2, 2), Evaluate(new MultinomialOp(2, 0), Matrix(3, 3, 0, 2, 0, 5, 0, 0, 0, 0, 0.1)));
    }

    [Fact]
    public void Softmax_does_not_overflow()
    {
        var logSumExp = 1000 + Math.Log(1 + Math.Exp(-1));

        AssertClose(Matrix(1, 1, logSumExp), Evaluate(new LogSumExpOp(1), Matrix(1, 2, 1000, 999)));
        AssertClose(Matrix(1, 2, 1000 - logSumExp, 999 - logSumExp), Evaluate(new LogSoftmaxOp(1), Matrix(1, 2, 1000, 999)));
    }

    [Fact]
    public void Arrangements()
    {
        AssertClose(Matrix(3, 2, 1, 4, 2, 5, 3, 6), Evaluate(new PermuteOp([1, 0]), Counting));
        AssertClose(Matrix(2, 3, 6, 5, 4, 3, 2, 1), Evaluate(new FlipOp([0, 1]), Counting));
        AssertClose(Matrix(3, 2, 1, 2, 3, 4, 5, 6), Evaluate(new ReshapeOp(Shape.Of(3, 2)), Counting));
        AssertClose(Matrix(2, 2, 2, 3, 5, 6), Evaluate(new NarrowOp(1, 1, 2), Counting));
        AssertClose(Matrix(1, 5, 0, 0, 7, 8, 0), Evaluate(new PadOp([0, 2], [0, 1]), Matrix(1, 2, 7, 8)));
        AssertClose(Matrix(2, 4, 1, 2, 3, 7, 4, 5, 6, 8), Evaluate(new CatOp(1, 2), Counting, Matrix(2, 1, 7, 8)));
        AssertClose(Matrix(2, 2, 7, 7, 8, 8), Evaluate(new ExpandOp(Shape.Of(2, 2)), Matrix(2, 1, 7, 8)));
        AssertClose(Matrix(2, 2, 1, 2, 1, 2), Evaluate(new ExpandOp(Shape.Of(2, 2)), new NdArray([2], [1, 2])));
        AssertClose(Matrix(2, 3, 1, 0, 0, 0, 1, 0), Evaluate(new EyeOp(2, 3)));
        AssertClose(Matrix(1, 2, 0.5, 0.5), Evaluate(new FullOp(Shape.Of(1, 2), 0.5)));
        AssertClose(new([3], [0, 1, 2]), Evaluate(new ArangeOp(3)));
    }

    [Fact]
    public void Elements_named_by_integers()
    {
        var twice = new NdArray([3], [1, 0, 1]);

        AssertClose(Matrix(3, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6), Evaluate(new IndexSelectOp(0), Counting, twice));
        AssertClose(Matrix(2, 2, 3, 8, 5, 4), Evaluate(new IndexAddOp(0, 2), Matrix(3, 2, 5, 3, 3, 8, 0, 1), twice));
        AssertClose(Matrix(2, 2, 3, 1, 4, 4), Evaluate(new GatherOp(1), Counting, Matrix(2, 2, 2, 0, 0, 0)));
        AssertClose(Matrix(2, 3, 2, 0, 1, 7, 0, 0), Evaluate(new ScatterAddOp(1, 3), Matrix(2, 2, 1, 2, 3, 4), Matrix(2, 2, 2, 0, 0, 0)));
        AssertClose(Matrix(2, 3, 0, 0, 1, 1, 0, 0), Evaluate(new OneHotOp(3), new NdArray([2], [2, 0])));
    }

    [Fact]
    public void Names_take_their_values_from_the_bindings()
    {
        var bindings = new Bindings(new Dictionary<string, long> { ["N"] = 2 }, new Dictionary<string, double> { ["gamma"] = 3 });

        var scaled = new ScaleOp(Scalar.Named("gamma") / Scalar.Of(Dim.Symbol("N"))).Evaluate([Counting], bindings)[0];
        var full = new FullOp(Shape.Of(Dim.Symbol("N") * 2), 1).Evaluate([], bindings)[0];

        Assert.Equal(1.5, scaled.Data[0]);
        Assert.Equal([4], full.Shape);
    }

    private static NdArray Evaluate(Op op, params NdArray[] operands) => op.Evaluate(operands, Bindings.Empty)[0];

    private static NdArray Matrix(long rows, long columns, params double[] elements) => new([rows, columns], elements);

    private static void AssertClose(NdArray expected, NdArray actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.All(expected.Data.Zip(actual.Data), p => Assert.Equal(p.First, p.Second, Tolerance * Math.Max(1, Math.Abs(p.First))));
    }
}
