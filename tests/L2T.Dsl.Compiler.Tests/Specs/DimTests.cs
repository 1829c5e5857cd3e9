using CsCheck;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Tests.Specs;

/// <summary>Sizes are polynomials: the laws of their arithmetic, and their text.</summary>
public sealed class DimTests
{
    private static readonly string[] Names = ["N", "K", "hidden"];

    private static readonly Gen<Dim> Atoms = Gen.OneOf(Gen.Long[-4, 9].Select(Dim.Constant), Gen.Int[0, 2].Select(i => Dim.Symbol(Names[i])));

    private static readonly Gen<Dim> Sizes = Gen.Recursive<Dim>((depth, smaller) => depth > 2
        ? Atoms
        : Gen.OneOf(
            Atoms,
            Gen.Select(smaller, smaller, (l, r) => l + r),
            Gen.Select(smaller, smaller, (l, r) => l - r),
            Gen.Select(smaller, smaller, (l, r) => l * r)));

    private static readonly Gen<Dictionary<string, long>> Values = Gen.Long[1, 9].Array[3].Select(v => Names.Zip(v).ToDictionary(p => p.First, p => p.Second));

    [Fact]
    public void Sums_and_products_commute_associate_and_distribute() => Gen.Select(Sizes, Sizes, Sizes).Sample((x, y, z) =>
        (x + y).Equals(y + x)
        && (x * y).Equals(y * x)
        && (x + y + z).Equals(x + (y + z))
        && (x * y * z).Equals(x * (y * z))
        && (x * (y + z)).Equals((x * y) + (x * z))
        && (x + y - y).Equals(x)
        && (x * Dim.One).Equals(x)
        && (x * Dim.Zero).Equals(Dim.Zero));

    [Fact]
    public void Equal_sizes_have_equal_hashes_and_texts() => Gen.Select(Sizes, Sizes).Sample((x, y) =>
        (x + y).GetHashCode() == (y + x).GetHashCode() && (x * y).ToString() == (y * x).ToString());

    [Fact]
    public void Evaluation_respects_the_operators() => Gen.Select(Sizes, Sizes, Values).Sample((x, y, values) =>
        (x + y).Evaluate(values) == x.Evaluate(values) + y.Evaluate(values)
        && (x - y).Evaluate(values) == x.Evaluate(values) - y.Evaluate(values)
        && (x * y).Evaluate(values) == x.Evaluate(values) * y.Evaluate(values));

    [Fact]
    public void Text_reads_back_as_the_same_size() => Sizes.Sample(x => Dim.TryParse(x.ToString(), out var read) && read.Equals(x));

    [Fact]
    public void Product_divides_by_its_factors() => Gen.Select(Sizes, Gen.Long[1, 9], Gen.Int[0, 2]).Sample((x, number, name) =>
        (x * number / number).Equals(x) && (x * Dim.Symbol(Names[name]) / Dim.Symbol(Names[name])).Equals(x));

    [Fact]
    public void Quotient_that_is_no_polynomial_rounds_down() => Gen.Select(Sizes, Gen.Long[2, 9], Values).Sample((x, number, values) =>
        (x / number).Evaluate(values) == (long)Math.Floor((double)x.Evaluate(values) / number));

    [Fact]
    public void Sum_over_a_name_is_the_sum_of_its_values() => Gen.Select(Sizes, Gen.Int[0, 2], Gen.Long[0, 6], Values).Sample((x, name, count, values) =>
    {
        var expected = Enumerable.Range(0, (int)count).Sum(i => x.Evaluate(new Dictionary<string, long>(values) { [Names[name]] = i }));

        return x.Sum(Names[name], count)!.Evaluate(values) == expected
            && x.Sum(Names[name], Dim.Symbol("count"))!.Evaluate(new Dictionary<string, long>(values) { ["count"] = count }) == expected;
    });

    [Fact]
    public void Largest_over_a_name_is_the_largest_of_its_values() => Gen.Select(Sizes, Gen.Int[0, 2], Gen.Long[1, 6], Values).Sample((x, name, count, values) =>
        x.Largest(Names[name], count) is not { } largest
        || largest.Evaluate(values) == Enumerable.Range(0, (int)count).Max(i => x.Evaluate(new Dictionary<string, long>(values) { [Names[name]] = i })));

    [Fact]
    public void What_grows_or_shrinks_with_a_name_has_a_largest_value_and_what_is_divided_has_no_sum()
    {
        Dim n = Dim.Symbol("N"), k = Dim.Symbol("K");

        Assert.Equal((n * k) + (9 * k), ((n * k) + (k * Dim.Symbol("i"))).Largest("i", 10));
        Assert.Equal(n, (n - (3 * Dim.Symbol("i"))).Largest("i", 10));
        Assert.Null((n * (n - 3)).Largest("N", 10));
        Assert.Null(((n + 1) / 2).Sum("N", 10));
        Assert.Equal(10 * ((n + 1) / 2), ((n + 1) / 2).Sum("K", 10));
    }

    [Fact]
    public void What_can_be_divided_stands_outside_of_a_quotient() => Gen.Select(Sizes, Sizes, Gen.Long[2, 9]).Sample((x, y, number) =>
        (((x * number) + y) / number).Equals(x + (y / number)));

    [Fact]
    public void Quotient_reads_back_as_the_same_size() => Gen.Select(Sizes, Gen.Long[2, 9]).Sample((x, number) =>
        Dim.TryParse((x / number).ToString(), out var read) && read.Equals(x / number));

    [Fact]
    public void Substitution_comes_before_or_after_evaluation() => Gen.Select(Sizes, Atoms, Values).Sample((x, y, values) =>
    {
        var substituted = x.Substitute(new Dictionary<string, Dim> { ["N"] = y });
        var replaced = new Dictionary<string, long>(values) { ["N"] = y.Evaluate(values) };
        return substituted.Evaluate(values) == x.Evaluate(replaced);
    });

    [Theory]
    [InlineData("2*hidden", "2*hidden")]
    [InlineData("hidden*2 + 0", "2*hidden")]
    [InlineData("(N + 1)*(N - 1)", "N*N - 1")]
    [InlineData("N - N", "0")]
    [InlineData("6/4", "1")]
    [InlineData("-3", "-3")]
    [InlineData(" N / 2 ", "((N)/(2))")]
    public void Sizes_have_one_text(string text, string expected)
    {
        Assert.True(Dim.TryParse(text, out var dim));
        Assert.Equal(expected, dim.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("N +")]
    [InlineData("2 N")]
    [InlineData("(N")]
    [InlineData("N/0")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    public void What_is_no_size_is_refused(string text) => Assert.False(Dim.TryParse(text, out _));

    [Fact]
    public void Size_without_a_value_says_so() =>
        Assert.Contains("N", Assert.Throws<InvalidOperationException>(() => Dim.Symbol("N").Evaluate(new Dictionary<string, long>())).Message, StringComparison.Ordinal);
}
