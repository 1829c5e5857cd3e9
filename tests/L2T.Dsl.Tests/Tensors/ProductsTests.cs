using System.Numerics;
using System.Reflection;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Tensors;

/// <summary>
/// Matrix products into memory that is there: against libtorch's in float64, at the edges of tiles, panels and blocks; in blocks also where the
/// library would leave them to libtorch.
/// </summary>
public sealed class ProductsTests
{
    private static readonly ScalarType[] Types = [ScalarType.Float32, ScalarType.Float64];

    // The tests can not be friends of the library, whose protected internal members they override.
    private static readonly Func<Tensor, Tensor, Tensor, bool, bool> InBlocks = typeof(Products).Assembly
        .GetType("L2T.Dsl.Tensors.BlockedProduct", throwOnError: true)!
        .GetMethod("TryRunAnySize", BindingFlags.Static | BindingFlags.NonPublic)!
        .CreateDelegate<Func<Tensor, Tensor, Tensor, bool, bool>>();

    // m, k, n: tiles have 6 rows and 8 or 16 columns; blocks a depth of up to 400, and at 267 of it up to 198 or 396 rows.
    private static readonly (long M, long K, long N)[] Sizes =
    [
        (128, 192, 128), (13, 401, 517), (517, 403, 13), (265, 801, 17), (1000, 256, 10), (10, 256, 1000), (1, 2000, 1100), (3000, 701, 1), (133, 399, 257),
        (6, 400, 16), (64, 64, 64), (397, 801, 17), (525, 403, 13), (5, 7, 3),
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
        WriteAndAdd(around.narrow(0, 1, m), left, right, expected, bound);
        Assert.True(around[0].isnan().all().item<bool>() && around[m + 1].isnan().all().item<bool>());
    }

    // As the library does it, and in blocks.
    private static void WriteAndAdd(Tensor result, Tensor left, Tensor right, Tensor expected, Tensor bound)
    {
        Products.Write(result, left, right);
        Near(expected);
        Products.Add(result, left, right);
        Near(2 * expected);
        if (!Fma.IsSupported || !Avx2.IsSupported || Vector<byte>.Count != Vector256<byte>.Count)
        {
            return;
        }

        result.fill_(double.NaN);
        Assert.True(InBlocks(result, left, right, false));
        Near(expected);
        Assert.True(InBlocks(result, left, right, true));
        Near(2 * expected);

        void Near(Tensor wanted)
        {
            var error = ((result.to(ScalarType.Float64) - wanted).abs() / bound).max().item<double>();
            Assert.True(error < (result.dtype == ScalarType.Float64 ? 1e-14 : 3e-6), $"off by {error:E1} of the sum of magnitudes");
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
            var byRows = randn(24, m, 5, k, type, generator: seeds).transpose(1, 2);
            var byColumns = randn(24, k, 5, m, type, generator: seeds).permute(0, 2, 3, 1);
            var right = randn(24, k, 5, n, type, generator: seeds).transpose(1, 2);
            var rightByColumns = randn(5, n, k, type, generator: seeds).transpose(1, 2).unsqueeze(0).expand(24, 5, k, n);
            foreach (var (a, b) in ((Tensor, Tensor)[])[(byRows, right), (byRows, rightByColumns), (byColumns, right), (byColumns, rightByColumns)])
            {
                foreach (var result in (Tensor[])[full([24, 5, m, n], double.NaN, type), full([24, m, 5, n], double.NaN, type).transpose(1, 2)])
                {
                    var (exactA, exactB) = (a.to(ScalarType.Float64), b.to(ScalarType.Float64));
                    WriteAndAdd(result, a, b, matmul(exactA, exactB), matmul(exactA.abs(), exactB.abs()));
                }
            }
        }
    }

    [Fact]
    public void Large_products_in_batches_are_right()
    {
        using var scope = NewDisposeScope();
        using var seeds = new Generator(1);
        var (a, b) = (randn(3, 130, 200, ScalarType.Float64, generator: seeds), randn(3, 200, 90, ScalarType.Float64, generator: seeds));

        WriteAndAdd(zeros(3, 130, 90, ScalarType.Float64), a, b, matmul(a, b), matmul(a.abs(), b.abs()));
    }

    [Fact]
    public void Batches_that_do_not_fit_are_rejected()
    {
        using var scope = NewDisposeScope();
        using var seeds = new Generator(1);
        var (a, b) = (randn(9, 1, 40, 64, generator: seeds), randn(9, 5, 64, 40, generator: seeds));
        var result = zeros(9, 5, 40, 40);

        Assert.False(InBlocks(result, a, b, false));
        Assert.Throws<L2TException>(() => Products.Write(result, a, b));
        Assert.Throws<L2TException>(() => Products.Add(result, a.expand(9, 5, 40, 64), b.narrow(0, 0, 3)));
        Assert.Throws<L2TException>(() => Products.Write(result, b, b));
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
