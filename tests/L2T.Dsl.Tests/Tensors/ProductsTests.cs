using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Tensors;

/// <summary>
/// Matrix products into memory that is there, of sizes at which they may be computed in blocks: against libtorch's in float64, at the edges of tiles,
/// panels and blocks.
/// </summary>
public sealed class ProductsTests
{
    private static readonly ScalarType[] Types = [ScalarType.Float32, ScalarType.Float64];

    // m, k, n: tiles have 6 rows and 8 or 16 columns; blocks 132 or 264 rows and a depth of 400.
    private static readonly (long M, long K, long N)[] Sizes =
    [
        (128, 192, 128), (13, 401, 517), (517, 403, 13), (265, 801, 17), (1000, 256, 10), (10, 256, 1000), (1, 2000, 1100), (3000, 701, 1), (133, 399, 257),
        (6, 400, 16), (64, 64, 64),
    ];

    public static TheoryData<ScalarType, long, long, long, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<ScalarType, long, long, long, bool, bool>();
            foreach (var type in Types)
            {
                foreach (var (m, k, n) in Sizes)
                {
                    foreach (var (left, right) in ((bool, bool)[])[(false, false), (false, true), (true, false), (true, true)])
                    {
                        cases.Add(type, m, k, n, left, right);
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_product_is_written_and_added(ScalarType type, long m, long k, long n, bool leftByColumns, bool rightByColumns)
    {
        var before = get_num_threads();
        try
        {
            foreach (var threads in (int[])[1, 2, 3])
            {
                set_num_threads(threads);
                WriteAndAdd(type, m, k, n, leftByColumns, rightByColumns);
            }
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private static void WriteAndAdd(ScalarType type, long m, long k, long n, bool leftByColumns, bool rightByColumns)
    {
        using var scope = NewDisposeScope();
        using var seeds = new Generator(1);
        var (left, right) = (Matrix(seeds, type, m, k, leftByColumns), Matrix(seeds, type, k, n, rightByColumns));
        var (a, b) = (left.to(ScalarType.Float64), right.to(ScalarType.Float64));
        var (expected, bound) = (mm(a, b), mm(a.abs(), b.abs()));

        // What is not to be read is NaN, and so is what lies around.
        var around = full(m + 2, n, double.NaN, dtype: type);
        var result = around.narrow(0, 1, m);
        Products.Write(result, left, right);
        Near(expected, result);
        Products.Add(result, left, right);
        Near(2 * expected, result);
        Assert.True(around[0].isnan().all().item<bool>() && around[m + 1].isnan().all().item<bool>());

        void Near(Tensor wanted, Tensor actual)
        {
            var error = ((actual.to(ScalarType.Float64) - wanted).abs() / bound).max().item<double>();
            Assert.True(error < (type == ScalarType.Float64 ? 1e-14 : 3e-6), $"off by {error:E1} of the sum of magnitudes");
        }
    }

    // Attention's heads, of which libtorch would make copies: [N, T, heads*size] seen as [N, heads, T, size], and as its transpose.
    [Theory]
    [InlineData(25, 64, 25)]
    [InlineData(64, 25, 70)]
    [InlineData(6, 200, 16)]
    [InlineData(13, 17, 90)]
    [InlineData(3, 40, 200)]
    public void Products_of_views_in_batches_are_written_and_added(long m, long k, long n)
    {
        using var scope = NewDisposeScope();
        using var seeds = new Generator(1);
        foreach (var type in Types)
        {
            var byRows = randn(9, m, 5, k, type, generator: seeds).transpose(1, 2);
            var byColumns = randn(9, k, 5, m, type, generator: seeds).permute(0, 2, 3, 1);
            var right = randn(9, k, 5, n, type, generator: seeds).transpose(1, 2);
            var rightByColumns = randn(5, n, k, type, generator: seeds).transpose(1, 2).unsqueeze(0).expand(9, 5, k, n);
            foreach (var (a, b) in ((Tensor, Tensor)[])[(byRows, right), (byRows, rightByColumns), (byColumns, right), (byColumns, rightByColumns)])
            {
                foreach (var result in (Tensor[])[full([9, 5, m, n], double.NaN, type), full([9, m, 5, n], double.NaN, type).transpose(1, 2)])
                {
                    var (exactA, exactB) = (a.to(ScalarType.Float64), b.to(ScalarType.Float64));
                    var (expected, bound) = (matmul(exactA, exactB), matmul(exactA.abs(), exactB.abs()));
                    Products.Write(result, a, b);
                    Assert.True(Error(expected, result, bound) < (type == ScalarType.Float64 ? 1e-14 : 3e-6));
                    Products.Add(result, a, b);
                    Assert.True(Error(2 * expected, result, bound) < (type == ScalarType.Float64 ? 1e-14 : 3e-6));
                }
            }
        }

        static double Error(Tensor expected, Tensor actual, Tensor bound) =>
            ((actual.to(ScalarType.Float64) - expected).abs() / bound).max().item<double>();
    }

    [Fact]
    public void Factors_with_gaps_and_results_by_columns_are_right()
    {
        using var scope = NewDisposeScope();
        using var seeds = new Generator(1);
        var wide = rand(300, 900, ScalarType.Float64, generator: seeds);
        var (left, right) = (wide.narrow(1, 3, 400), rand(400, 200, ScalarType.Float64, generator: seeds));
        var result = zeros(200, 300, ScalarType.Float64).t();

        Products.Write(result, left, right);

        Assert.True((result - mm(left, right)).abs().max().item<double>() < 1e-11);
    }

    [Fact]
    public void What_does_not_fit_is_rejected()
    {
        using var scope = NewDisposeScope();
        var result = zeros(300, 300);
        Assert.ThrowsAny<Exception>(() => Products.Write(result, zeros(300, 400), zeros(401, 300)));
        Assert.ThrowsAny<Exception>(() => Products.Write(result, zeros(300, 400), zeros(400, 301)));
        Assert.ThrowsAny<Exception>(() => Products.Add(result, zeros(300, 400), zeros(400, 300, ScalarType.Float64)));
    }

    private static Tensor Matrix(Generator seeds, ScalarType type, long rows, long columns, bool byColumns) =>
        byColumns ? randn(columns, rows, type, generator: seeds).t() : randn(rows, columns, type, generator: seeds);
}
