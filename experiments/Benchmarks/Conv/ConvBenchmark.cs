using System.Reflection;
using L2T.Dsl.Blocks;
using L2T.Dsl.Losses;
using L2T.Dsl.Students;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Experiments.Benchmarks.Conv;

/// <summary>
/// Steps of LeNet and of residual networks, with batch normalisation in training. Under autograd, residual networks run the same bodies:
/// their channels fill oneDNN's vectors, so that libtorch's convolutions are right. LeNet's do not (<see cref="Convolutions"/>): autograd is
/// given the second convolution with channels of zeros, as many as are needed to be right.
/// </summary>
internal static class ConvBenchmark
{
    private const int LeastRounds = 7;
    private const int Vector = 16;

    /// <summary>Measures all cases.</summary>
    public static IEnumerable<StepTimes> Run(TimeSpan budget)
    {
        yield return Measure("LeNet, batch 64", new LeNetExperiment { Student = new LeNet() }, PlainLeNet, budget, 64, 784);
        yield return Measure("ResNet-8, batch 32", new ResNetExperiment { Student = new ResNet(1) }, w => PlainResNet(1, w), budget, 32, 3, 32, 32);
        yield return Measure("ResNet-20, batch 32", new ResNetExperiment { Student = new ResNet(3) }, w => PlainResNet(3, w), budget, 32, 3, 32, 32);
    }

    private static StepTimes Measure(string name, IStepKernels kernels, Func<Tensor[], Func<Tensor, Tensor>> plain, TimeSpan budget, params long[] shape)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var loss = new BilinearLoss(10);
        return StepBenchmark.Measure(name, kernels, plain, loss, loss.Loss, rand(shape), randint(10, shape[0], dtype: ScalarType.Int64), budget, LeastRounds);
    }

    // LeNet's own body apart from the channels of zeros.
    private static Func<Tensor, Tensor> PlainLeNet(Tensor[] w)
    {
        var (outputs, channels) = (w[2].shape[0], w[2].shape[1]);
        var (noOutputs, noChannels) = (Missing(outputs), Missing(channels));
        return x =>
        {
            var h = functional.max_pool2d(functional.conv2d(x.reshape(-1, 1, 28, 28), w[0], w[1]), 2).tanh();
            var whole = functional.conv2d(
                functional.pad(h, [0, 0, 0, 0, 0, noChannels]), functional.pad(w[2], [0, 0, 0, 0, 0, noChannels, 0, noOutputs]), functional.pad(w[3], [0, noOutputs]));
            h = functional.max_pool2d(whole.narrow(1, 0, outputs), 2).tanh();
            return functional.linear(functional.linear(h.flatten(1), w[4], w[5]).tanh(), w[6], w[7]);
        };

        static long Missing(long count) => ((count + Vector - 1) / Vector * Vector) - count;
    }

    private static Func<Tensor, Tensor> PlainResNet(int blocks, Tensor[] w)
    {
        var student = new ResNet(blocks);
        ((ITensorModule)student).Bind(new TensorCursor(w));
        Train(student);
        return student.Forward;
    }

    // Generated kernels know that they train; the blocks of plain C# are told.
    private static void Train(ITensorModule module)
    {
        if (module is BatchNorm2d norm)
        {
            norm.Training = true;
        }

        foreach (var field in module.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic))
        {
            var held = field.GetValue(module);
            foreach (var block in (held as Array ?? new[] { held }).OfType<ITensorModule>())
            {
                Train(block);
            }
        }
    }
}
