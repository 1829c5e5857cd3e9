using System.Numerics;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Tests.Tensors;

/// <summary>The functions of fused loops against System.Math, in both precisions.</summary>
public sealed class LanesTests
{
    // A few units in the last place.
    private const double DoubleTolerance = 1e-15;
    private const double FloatTolerance = 1e-6;

    private static readonly double[] Points =
    [
        0, 1e-300, -1e-12, 1e-6, -1e-3, 0.1, -0.3, 0.62, -0.63, 0.9, 1, -1, 1.5, -2, 3, -5, 10, -20, 30, -40,
    ];

    public static TheoryData<string> Names { get; } = ["Exp", "Log", "Log1p", "Sqrt", "Rsqrt", "Reciprocal", "Tanh", "Sigmoid", "Softplus", "Sin", "Cos", "Relu", "Step", "Abs", "Sign"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Function_of_one_number_agrees_with_Math(string name)
    {
        var expected = Reference(name);
        foreach (var x in Points.Where(x => name is not ("Log" or "Sqrt" or "Rsqrt" or "Reciprocal") || x > 0).Where(x => name != "Log1p" || x > -1))
        {
            AssertClose(expected(x), Evaluate<double>(name, x), DoubleTolerance, $"{name}({x})");
            var single = (float)x;
            if (float.IsNormal(single) || single == 0)
            {
                AssertClose((float)expected(single), Evaluate<float>(name, single), FloatTolerance, $"{name}({single}f)");
            }
        }
    }

    [Theory]
    [InlineData("Exp", double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData("Exp", double.NegativeInfinity, 0)]
    [InlineData("Tanh", double.PositiveInfinity, 1)]
    [InlineData("Tanh", -800, -1)]
    [InlineData("Tanh", double.NaN, double.NaN)]
    [InlineData("Sigmoid", -800, 0)]
    [InlineData("Sigmoid", 800, 1)]
    [InlineData("Softplus", 800, 800)]
    [InlineData("Softplus", -800, 0)]
    [InlineData("Relu", double.NaN, double.NaN)]
    [InlineData("Log", 0, double.NegativeInfinity)]
    public void Extremes_do_not_overflow(string name, double x, double expected) => Assert.Equal(expected, Evaluate<double>(name, x));

    [Fact]
    public void Powers_of_e_are_right_to_two_units_in_the_last_place_in_the_whole_range_of_floats()
    {
        // Down to half of the least number above zero, and up beyond the greatest.
        for (var x = -105f; x < 90; x += 0.0137f)
        {
            var (expected, actual) = ((float)Math.Exp(x), Lanes.Exp(new Vector<float>(x))[0]);
            Assert.True(actual == expected || Math.Abs(BitConverter.SingleToInt32Bits(actual) - BitConverter.SingleToInt32Bits(expected)) <= 2, $"e^{x} is {expected}, not {actual}");
        }

        Assert.Equal(1, Lanes.Exp(Vector<float>.Zero)[0]);
        Assert.Equal(0, Lanes.Exp(new Vector<float>(float.NegativeInfinity))[0]);
        Assert.Equal(float.PositiveInfinity, Lanes.Exp(new Vector<float>(float.PositiveInfinity))[0]);
        Assert.Equal(float.NaN, Lanes.Exp(new Vector<float>(float.NaN))[0]);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(1.5, 1.5)]
    [InlineData(-1, 0)]
    public void Functions_of_two_numbers(double x, double y)
    {
        Vector<double> left = new(x), right = new(y);

        Assert.Equal(Math.Max(x, y), Lanes.Max(left, right)[0]);
        Assert.Equal(Math.Min(x, y), Lanes.Min(left, right)[0]);
        Assert.Equal(x == y ? 1 : 0, Lanes.Equal(left, right)[0]);
        Assert.Equal(x != y ? 1 : 0, Lanes.NotEqual(left, right)[0]);
        Assert.Equal(x < y ? 1 : 0, Lanes.Less(left, right)[0]);
        Assert.Equal(x <= y ? 1 : 0, Lanes.LessOrEqual(left, right)[0]);
        Assert.Equal(x > y ? 1 : 0, Lanes.Greater(left, right)[0]);
        Assert.Equal(x >= y ? 1 : 0, Lanes.GreaterOrEqual(left, right)[0]);
        Assert.Equal(Math.Clamp(x, -0.5, 1.2), Lanes.Clamp(left, new(-0.5), new(1.2))[0]);
    }

    private static Func<double, double> Reference(string name) => name switch
    {
        "Exp" => Math.Exp,
        "Log" => Math.Log,
        "Log1p" => Log1p,
        "Sqrt" => Math.Sqrt,
        "Rsqrt" => x => 1 / Math.Sqrt(x),
        "Reciprocal" => x => 1 / x,
        "Tanh" => Math.Tanh,
        "Sigmoid" => x => 1 / (1 + Math.Exp(-x)),
        "Softplus" => x => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x))),
        "Sin" => Math.Sin,
        "Cos" => Math.Cos,
        "Relu" => x => Math.Max(x, 0),
        "Step" => x => x > 0 ? 1 : 0,
        "Abs" => Math.Abs,
        _ => x => Math.Sign(x),
    };

    /// <summary>log(1 + x), where 1 + x would round as 2 artanh(x / (2 + x)) by its series.</summary>
    private static double Log1p(double x)
    {
        var z = x / (2 + x);
        return Math.Abs(x) < 0.5 ? 2 * Enumerable.Range(0, 30).Reverse().Sum(k => Math.Pow(z, (2 * k) + 1) / ((2 * k) + 1)) : Math.Log(1 + x);
    }

    private static double Evaluate<T>(string name, double x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var v = new Vector<T>(T.CreateChecked(x));
        var y = name switch
        {
            "Exp" => Lanes.Exp(v),
            "Log" => Lanes.Log(v),
            "Log1p" => Lanes.Log1p(v),
            "Sqrt" => Lanes.Sqrt(v),
            "Rsqrt" => Lanes.Rsqrt(v),
            "Reciprocal" => Lanes.Reciprocal(v),
            "Tanh" => Lanes.Tanh(v),
            "Sigmoid" => Lanes.Sigmoid(v),
            "Softplus" => Lanes.Softplus(v),
            "Sin" => Lanes.Sin(v),
            "Cos" => Lanes.Cos(v),
            "Relu" => Lanes.Relu(v),
            "Step" => Lanes.Step(v),
            "Abs" => Lanes.Abs(v),
            "Sign" => Lanes.Sign(v),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "not a function of one number"),
        };
        return double.CreateChecked(y[0]);
    }

    private static void AssertClose(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Abs(expected) || expected == actual, $"{what} = {actual:R}, not {expected:R}");
}
