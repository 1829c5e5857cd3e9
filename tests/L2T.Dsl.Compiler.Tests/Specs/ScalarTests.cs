using CsCheck;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Tests.Specs;

public sealed class ScalarTests
{
    private static readonly string[] Names = ["gamma", "eta"];

    private static readonly Gen<Scalar> Atoms = Gen.OneOf(
        Gen.Double[-3, 3].Select(Scalar.Of),
        Gen.Int[0, 1].Select(i => Scalar.Named(Names[i])),
        Gen.Long[1, 7].Select(n => Scalar.Of(Dim.Symbol("N") * n)));

    private static readonly Gen<(Scalar Number, Func<IReadOnlyDictionary<string, double>, double> Value)> Numbers =
        Gen.Recursive<(Scalar, Func<IReadOnlyDictionary<string, double>, double>)>((depth, smaller) => depth > 3
            ? Atoms.Select(a => (a, Evaluation(a)))
            : Gen.OneOf(
                Atoms.Select(a => (a, Evaluation(a))),
                Gen.Select(smaller, smaller, (l, r) => (l.Item1 + r.Item1, Combined(l.Item2, r.Item2, (x, y) => x + y))),
                Gen.Select(smaller, smaller, (l, r) => (l.Item1 - r.Item1, Combined(l.Item2, r.Item2, (x, y) => x - y))),
                Gen.Select(smaller, smaller, (l, r) => (l.Item1 * r.Item1, Combined(l.Item2, r.Item2, (x, y) => x * y)))));

    private static readonly Gen<Dictionary<string, double>> Values =
        Gen.Select(Gen.Double[0.5, 2], Gen.Double[0.5, 2], Gen.Long[1, 9], (g, e, n) => new Dictionary<string, double> { ["gamma"] = g, ["eta"] = e, ["N"] = n });

    [Fact]
    public void Folding_keeps_the_value() => Gen.Select(Numbers, Values).Sample((number, values) =>
    {
        var expected = number.Value(values);
        return Math.Abs(number.Number.Evaluate(values) - expected) <= 1e-12 * Math.Max(1, Math.Abs(expected));
    });

    [Fact]
    public void Constants_fold()
    {
        Assert.Equal(3, (Scalar.Of(1.0) + 2).Value);
        Assert.Equal(0.5, (Scalar.Of(1.0) / 2).Value);
        Assert.Equal(Scalar.Named("eta"), Scalar.Named("eta") * 1);
        Assert.Equal("6.0 * eta", (Scalar.Of(2.0) * (Scalar.Named("eta") * 3)).ToString());
        Assert.Equal("2.0 / N", (2 * (1 / Scalar.Of(Dim.Symbol("N")))).ToString());
        Assert.Equal("2*N", (Scalar.Of(Dim.Symbol("N")) + Scalar.Of(Dim.Symbol("N"))).ToString());
    }

    [Theory]
    [InlineData(1, "1.0")]
    [InlineData(0.1, "0.1")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(1e300, "1E+300")]
    [InlineData(double.NaN, "double.NaN")]
    [InlineData(double.PositiveInfinity, "double.PositiveInfinity")]
    [InlineData(double.NegativeInfinity, "double.NegativeInfinity")]
    public void Literal_is_CSharp(double value, string expected) => Assert.Equal(expected, Scalar.Literal(value));

    [Fact]
    public void Literal_reads_back_as_the_same_number() => Gen.Double.Where(double.IsFinite).Sample(x =>
        double.Parse(Scalar.Literal(x), System.Globalization.CultureInfo.InvariantCulture) == x);

    private static Func<IReadOnlyDictionary<string, double>, double> Evaluation(Scalar atom) => values => atom.Evaluate(values);

    private static Func<IReadOnlyDictionary<string, double>, double> Combined(
        Func<IReadOnlyDictionary<string, double>, double> left,
        Func<IReadOnlyDictionary<string, double>, double> right,
        Func<double, double, double> f) => values => f(left(values), right(values));
}
