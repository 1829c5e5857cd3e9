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
        ["columns"] = (rows, columns, body) => LoopThreads.ByColumns(rows, columns, body, static (part, b) => b(part)),
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
        Assert.True(parts > 1 || rows * columns < 65_536 || (way == "rows" && rows == 1) || (way == "columns" && columns <= 16));
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
