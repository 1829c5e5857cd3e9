using L2T.Dsl.Tensors;
using L2T.Dsl.Training;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>Generated teachers, forward and back, against the same formulas and bodies under autograd.</summary>
public sealed class TeacherKernelTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, (Func<LossTeacherExperiment> Experiment, Func<ITensorModule?> Teacher)> Cases = new()
    {
        ["attention, bilinear loss"] = (() => new RegressionExperiment(), () => null),
        ["attention, a coefficient that is a number"] = (() => new SkipExperiment(), () => null),
        ["a body of its own"] = (() => new NetworkExperiment { Student = new Perceptron(5) }, () => new NetworkTeacher()),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Coefficients_and_gradients_agree_with_autograd(string name)
    {
        using var errors = new ErrorLog(output);
        foreach (var (type, bound) in (ValueTuple<ScalarType, double>[])[(float64, 1e-12), (float32, 1e-5)])
        {
            using var scope = NewDisposeScope();
            using var blocks = new Blocks(Cases[name].Experiment(), type);
            using var kernel = blocks.Kernel();
            blocks.ThetaGradient.Flat.fill_(0.25);

            kernel.Forward(blocks.State);
            kernel.Backward(blocks.State);

            Tensor[] theta = [.. blocks.Theta.Tensors.Select(t => t.to(float64).detach().clone().requires_grad_())];
            var phi = EagerTeacher.Teach(blocks.Experiment, Cases[name].Teacher(), theta, blocks.State.to(float64));
            var objective = phi.Zip(blocks.PhiGradient.Tensors, (c, g) => (c * g).sum(dim: [])).Aggregate((a, b) => a + b);
            errors.Require($"{type}: Phi", Oracle.Flat(phi), blocks.Phi.Flat, bound);
            errors.Require($"{type}: gradient", Oracle.Flat(Autograd.Gradients(objective, theta)), blocks.ThetaGradient.Flat - 0.25, bound);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Runs_repeat_bit_for_bit_leave_no_tensor_and_change_no_other_block(string name)
    {
        using var scope = NewDisposeScope();
        using var blocks = new Blocks(Cases[name].Experiment(), float64);
        using var kernel = blocks.Kernel();
        Tensor[] read = [blocks.Theta.Flat, blocks.PhiGradient.Flat, blocks.State];
        Tensor[] before = [.. read.Select(t => t.clone())];
        var other = randn_like(blocks.State);
        var first = Run(blocks.State);

        Run(other);
        var again = Run(blocks.State);

        Assert.All(first.Zip(again), pair => Assert.True(pair.First.bytes.SequenceEqual(pair.Second.bytes)));
        Assert.All(read.Zip(before), pair => Assert.True(pair.First.bytes.SequenceEqual(pair.Second.bytes)));

        Tensor[] Run(Tensor state)
        {
            blocks.ThetaGradient.Zero();
            var live = Tensor.TotalCount;
            kernel.Forward(state);
            kernel.Backward(state);
            Assert.Equal(live, Tensor.TotalCount);
            return [blocks.Phi.Flat.clone(), blocks.ThetaGradient.Flat.clone()];
        }
    }

    /// <summary>What a teacher's kernel is bound to, at random.</summary>
    private sealed class Blocks : IDisposable
    {
        public Blocks(LossTeacherExperiment experiment, ScalarType type)
        {
            using var generator = new Generator(8);
            Experiment = experiment;
            Theta = Random(experiment.Get<IReadOnlyList<TensorSlot>>("TeacherLayout"));
            Phi = Random(experiment.Get<IReadOnlyList<TensorSlot>>("CoefficientLayout"));
            PhiGradient = Random(Phi.Layout);
            ThetaGradient = TensorBlock.LikeZeros(Theta);
            State = randn(experiment.Get<int>("StateSize"), dtype: float64, generator: generator).to(type);

            TensorBlock Random(IReadOnlyList<TensorSlot> layout)
            {
                var block = new TensorBlock(layout, type, CPU);
                block.Flat.copy_(randn(block.Count, dtype: float64, generator: generator));
                return block;
            }
        }

        public LossTeacherExperiment Experiment { get; }

        public TensorBlock Theta { get; }

        public TensorBlock Phi { get; }

        public TensorBlock PhiGradient { get; }

        public TensorBlock ThetaGradient { get; }

        public Tensor State { get; }

        public TeacherKernel Kernel() => Experiment.Call<TeacherKernel>("CreateTeacher", Theta, Phi, ThetaGradient, PhiGradient);

        public void Dispose()
        {
            Theta.Dispose();
            Phi.Dispose();
            PhiGradient.Dispose();
            ThetaGradient.Dispose();
        }
    }
}
