using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>A student and an objective at random weights and coefficients, a direction of the weights, and a batch, in one element type.</summary>
internal sealed class PairPoint : IDisposable
{
    private readonly Generator _generator;
    private readonly long[] _inputs;

    public PairPoint(ITensorModule student, ITensorModule objective, long n, ScalarType type, ulong seed = 5)
    {
        _generator = new(seed);
        (Student, Objective, N) = (student, objective, n);
        _inputs = PairKernels.InputShape(student);
        W = Random(student.Layout, type);
        Phi = Random(objective.Layout, type);
        Tangent = Random(student.Layout, type);
        (X, Y) = Batch(type);
    }

    public ITensorModule Student { get; }

    public ITensorModule Objective { get; }

    public long N { get; }

    public TensorBlock W { get; }

    public TensorBlock Phi { get; }

    public TensorBlock Tangent { get; }

    public Tensor X { get; }

    public Tensor Y { get; }

    /// <summary>Another batch; tensors of the present dispose scope.</summary>
    public (Tensor X, Tensor Y) Batch(ScalarType type) =>
        (randn([N, .. _inputs], dtype: float64, generator: _generator).to(type), randint(4, N, dtype: int64, generator: _generator));

    public GradientKernel Gradient(bool fuse, TensorBlock into) => PairKernels.Gradient(Student, Objective, fuse, W, Phi, into, N);

    /// <summary>The hyper kernel, given what the step of this batch keeps.</summary>
    public HyperKernel Hyper(bool fuse, TensorBlock tangent, TensorBlock intoW, TensorBlock intoPhi)
    {
        var hyper = PairKernels.Hyper(Student, Objective, fuse, W, Phi, tangent, intoW, intoPhi, N);
        using var unused = TensorBlock.LikeZeros(W);
        using var step = Gradient(fuse, unused);
        step.Run(X, Y, 1);
        hyper.Kept.copy_(step.Kept);
        return hyper;
    }

    /// <summary>The same bodies at the same point under autograd, in float64.</summary>
    public EagerRun Eager()
    {
        using var w = Double(W);
        using var phi = Double(Phi);
        return EagerRun.Of(Student, w, Objective, phi, X.to(float64), Y);
    }

    public static TensorBlock Double(TensorBlock block)
    {
        var copy = new TensorBlock(block.Layout, float64, CPU);
        copy.Flat.copy_(block.Flat);
        return copy;
    }

    public void Dispose()
    {
        W.Dispose();
        Phi.Dispose();
        Tangent.Dispose();
        _generator.Dispose();
    }

    private TensorBlock Random(IReadOnlyList<TensorSlot> layout, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var block = new TensorBlock(layout, type, CPU);
        block.Initialise(_generator);
        if (block.Count > 0)
        {
            block.Flat.add_(randn(block.Count, dtype: float64, generator: _generator).to(type), 0.3);
        }

        return block;
    }
}
