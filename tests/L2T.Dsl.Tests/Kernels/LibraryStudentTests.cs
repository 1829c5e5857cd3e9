using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;
using L2T.Dsl.Students;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>The students of the library: as many weights as the architectures that were published, and derivatives by rules alone.</summary>
public sealed class LibraryStudentTests
{
    public static TheoryData<string, long> Sizes { get; } = new()
    {
        { "LeNet", 431_080 },
        { "ResNet-8", 75_290 },
        { "ResNet-20", 269_722 },
        { "ResNet-32", 464_154 },
        { "WRN-40-10", 55_841_754 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Weights_are_as_many_as_published(string name, long expected) => Assert.Equal(expected, WeightsOf(Make(name)));

    [Fact]
    public void A_residual_network_has_the_weights_of_its_layers()
    {
        const int Blocks = 5, Width = 3, Classes = 7;

        // A convolution of 3 x 3 without bias and two numbers a channel behind it; shortcuts have none.
        static int Layer(int from, int to) => (9 * from * to) + (2 * to);
        var stages = Enumerable.Range(0, 3).Sum(stage =>
        {
            var channels = Width << stage;
            var into = stage == 0 ? channels : channels / 2;
            return Layer(into, channels) + (((2 * Blocks) - 1) * Layer(channels, channels));
        });

        Assert.Equal(Layer(3, Width) + stages + (Classes * ((4 * Width) + 1)), WeightsOf(new ResNet(Blocks, Width, Classes)));
    }

    [Theory]
    [InlineData(typeof(LeNet))]
    [InlineData(typeof(ResNet))]
    [InlineData(typeof(WideResNet))]
    [InlineData(typeof(WideNetwork))]
    public void No_derivative_is_left_to_autograd(Type student)
    {
        foreach (var objective in (Type[])[typeof(BilinearLoss), typeof(CrossEntropy), typeof(SmoothAccuracy)])
        {
            var (problems, fallsBack) = PairKernels.Check(student, objective);
            Assert.Empty(problems);
            Assert.False(fallsBack);
        }
    }

    [Fact]
    public void A_derivative_that_is_left_to_autograd_is_seen()
    {
        var (problems, fallsBack) = PairKernels.Check(typeof(FallbackNetwork), typeof(CrossEntropy));

        Assert.Equal(["L2T2002"], problems);
        Assert.True(fallsBack);
    }

    private static ITensorModule Make(string name) => name switch
    {
        "LeNet" => new LeNet(),
        "ResNet-8" => new ResNet(1),
        "ResNet-20" => new ResNet(3),
        "WRN-40-10" => new WideResNet(),
        _ => new ResNet(5),
    };

    private static long WeightsOf(ITensorModule student) => student.Layout.Where(slot => !slot.IsBuffer).Sum(slot => slot.Count);
}
