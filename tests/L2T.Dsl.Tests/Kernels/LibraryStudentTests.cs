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
        { "DenseNet-BC (L=100, k=12)", 769_162 },
        { "DenseNet-BC (L=190, k=40)", 25_624_430 },
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
    [InlineData(3, 5)] // 10, 25, 12, 27, 13 and 28 channels
    [InlineData(0, 4)]
    public void A_densely_connected_network_has_the_weights_of_its_layers(int layers, int growth)
    {
        const int Classes = 7;
        var channels = 2 * growth;
        var weights = 9 * 3 * channels;
        for (var block = 0; block < 3; block++)
        {
            for (var layer = 0; layer < layers; layer++, channels += growth)
                weights += (2 * channels) + (channels * 4 * growth) + (2 * 4 * growth) + (9 * 4 * growth * growth);
            if (block < 2)
            {
                weights += (2 * channels) + (channels * (channels / 2));
                channels /= 2;
            }
        }

        Assert.Equal(weights + (2 * channels) + (Classes * (channels + 1)), WeightsOf(new DenseNet(layers, growth, Classes)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_LSTM_translator_has_the_weights_of_its_parts(int layers)
    {
        const int Source = 70, Target = 60, Width = 8;

        // A layer weighs its input and its state for four gates, with one bias.
        var layer = 4 * Width * ((2 * Width) + 1);
        var attention = (Width * Width) + (2 * Width * Width);

        Assert.Equal(((Source + Target) * Width) + (2 * layers * layer) + attention + Target, WeightsOf(new LstmTranslator(Source, Target, 9, 7, Width, layers)));
    }

    [Fact]
    public void A_transformer_has_the_weights_of_its_layers()
    {
        const int Source = 70, Target = 60, Heads = 2, Size = 3, Inner = 11, Layers = 3, Width = Heads * Size;
        const int Attention = 4 * Width * Width, Norm = 2 * Width, Network = (2 * Width * Inner) + Inner + Width;
        const int Encoder = (Layers * (Attention + Network + (2 * Norm))) + Norm, Decoder = (Layers * ((2 * Attention) + Network + (3 * Norm))) + Norm;

        Assert.Equal(((Source + Target) * Width) + Encoder + Decoder + Target, WeightsOf(new TransformerTranslator(Source, Target, 9, 7, Heads, Size, Inner, Layers)));
    }

    [Theory]
    [InlineData(typeof(LeNet))]
    [InlineData(typeof(ResNet))]
    [InlineData(typeof(WideResNet))]
    [InlineData(typeof(WideNetwork))]
    [InlineData(typeof(DenseNet))]
    [InlineData(typeof(LstmTranslator))]
    [InlineData(typeof(TransformerTranslator))]
    public void No_derivative_is_left_to_autograd(Type student)
    {
        var translates = student == typeof(LstmTranslator) || student == typeof(TransformerTranslator);
        foreach (var objective in translates
            ? (Type[])[typeof(DiagonalTokenLoss), typeof(LowRankTokenLoss), typeof(BilinearTokenLoss), typeof(TokenCrossEntropy), typeof(ExpectedTokenAccuracy), typeof(ExpectedBleu)]
            : [typeof(BilinearLoss), typeof(CrossEntropy), typeof(SmoothAccuracy)])
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
        "DenseNet-BC (L=100, k=12)" => new DenseNet(),
        "DenseNet-BC (L=190, k=40)" => new DenseNet(31, 40),
        _ => new ResNet(5),
    };

    private static long WeightsOf(ITensorModule student) => student.Layout.Where(slot => !slot.IsBuffer).Sum(slot => slot.Count);
}
