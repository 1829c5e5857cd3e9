using System.Numerics;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Tensors;

/// <summary>Loops shared out among threads: each element is one thread's, whatever their number, and nothing is done twice or left out.</summary>
public sealed class LoopThreadsTests
{
    private delegate void Sharing(long rows, long columns, Action<LoopPart> body);

    private static readonly Dictionary<string, Sharing> Ways = new()
    {
        ["elements"] = (rows, columns, body) => LoopThreads.ByElements(rows, columns, body, static (part, b) => b(part)),
        ["rows"] = (rows, columns, body) => LoopThreads.ByRows(rows, columns, body, static (part, b) => b(part)),
        ["sums"] = (rows, columns, body) => LoopThreads.BySums<float, Action<LoopPart>>(rows, columns, [], body, static (part, b) => b(part)),
    };

    public static TheoryData<string, long, long> Shapes
    {
        get
        {
            var shapes = new TheoryData<string, long, long>();
            foreach (var way in Ways.Keys)
            {
                foreach (var (rows, columns) in ((long, long)[])[(1, 1), (1, 300_001), (2, 65_537), (70_001, 3), (300, 700)])
                {
                    shapes.Add(way, rows, columns);
                }
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_element_is_visited_once(string way, long rows, long columns)
    {
        var visits = new int[rows * columns];
        var parts = 0;

        With(3, () => Ways[way](rows, columns, part =>
        {
            Interlocked.Increment(ref parts);
            Assert.Equal(0, part.FromColumn % 16);
            for (var i = part.FromRow; i < part.ToRow; i++)
            {
                for (var j = part.FromColumn; j < part.ToColumn; j++)
                {
                    visits[(i * columns) + j]++;
                }
            }
        }));

        Assert.All(visits, count => Assert.Equal(1, count));
        Assert.True(parts > 1 || rows * columns < 65_536 || (way == "rows" && rows == 1));
    }

    [Theory]
    [InlineData(3, 7)]
    [InlineData(5, 30_001)]
    [InlineData(63, 2_001)]
    [InlineData(64, 2_001)]
    [InlineData(100_003, 3)]
    public void Sums_of_rows_are_the_same_bits_for_any_number_of_threads(long rows, long columns)
    {
        using var scope = NewDisposeScope();
        var values = randn(rows, columns, dtype: float64, generator: new Generator(1));
        var expected = values.sum(dim: 0);
        Tensor? first = null;
        foreach (var threads in (int[])[1, 2, 3, 5])
        {
            // Two sums of the same rows, the second of twice as much: each must come to its own place.
            Tensor[] sums = [full(columns, double.NaN, dtype: float64), full(columns, double.NaN, dtype: float64)];
            With(threads, () => Sum(values, sums[0], sums[1]));
            first ??= sums[0];
            Assert.True(sums[0].allclose(expected, 1e-10, 1e-10));
            Assert.True(sums[0].equal(first).all().item<bool>());
            Assert.True(sums[1].equal(2 * first).all().item<bool>());
        }
    }

    private static void Sum(Tensor values, Tensor total, Tensor twice)
    {
        var (rows, columns) = (values.shape[0], values.shape[1]);
        var (a, u0, u1) = (Strip(values), Strip(total), Strip(twice));
        LoopThreads.BySums(rows, columns, [u0, u1], (a, u0, u1, columns), static (part, s) =>
        {
            var (first, second) = (part.Sum(s.u0, 0), part.Sum(s.u1, 1));
            for (var i = part.FromRow; i < part.ToRow; i++)
            {
                for (var j = part.FromColumn; j < part.ToColumn; j += Vector<double>.Count)
                {
                    var value = s.a.Load((i * s.columns) + j, s.columns - j);
                    first.Sum(i - part.FromRow, j, s.columns - j, value);
                    second.Sum(i - part.FromRow, j, s.columns - j, value + value);
                }
            }
        });

        static Strip<double> Strip(Tensor tensor) => new(HostMemory.Address(tensor));
    }

    [Fact]
    public void Cycles_are_shared_by_the_rows_of_one()
    {
        const long Rows = 40, Columns = 5_000, Cycle = 4;
        var visits = new int[Cycle];

        LoopThreads.ByCycle(Rows, Columns, Cycle, visits, static (part, counts) =>
        {
            for (var i = part.FromRow; i < part.ToRow; i++)
            {
                counts[i]++;
            }
        });

        Assert.All(visits, count => Assert.Equal(1, count));
    }

    [Fact]
    public void One_thread_is_one_part() => With(1, () =>
    {
        var parts = 0;
        LoopThreads.ByElements(1000, 1000, 0, (_, _) => parts++);
        Assert.Equal(1, parts);
    });

    [Fact]
    public void A_fault_comes_back_as_an_exception() => With(2, () =>
    {
        var fault = Assert.Throws<InvalidOperationException>(() => LoopThreads.ByElements(1000, 1000, 0, (_, _) => throw new ArithmeticException()));
        Assert.IsType<ArithmeticException>(fault.InnerException);
    });

    private static void With(int threads, Action body)
    {
        var before = get_num_threads();
        set_num_threads(threads);
        try
        {
            body();
        }
        finally
        {
            set_num_threads(before);
        }
    }
}
