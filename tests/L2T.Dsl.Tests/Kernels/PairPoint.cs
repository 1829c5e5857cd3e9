using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>A student and an objective at random weights and coefficients, a direction of the weights, and a batch, in one element type.</summary>
internal sealed class PairPoint : IDisposable
{
    private readonly Generator _generator;
    private readonly Func<Generator, ScalarType, (Tensor X, Tensor Y)> _draw;

    /// <param name="student">The student.</param>
    /// <param name="objective">The loss form or metric.</param>
    /// <param name="n">The examples of a batch.</param>
    /// <param name="type">The element type.</param>
    /// <param name="seed">What all is drawn from.</param>
    /// <param name="draw">Draws a batch; null for normal inputs of the student's shape, and 4 classes.</param>
    public PairPoint(
        ITensorModule student, ITensorModule objective, long n, ScalarType type, ulong seed = 5, Func<Generator, ScalarType, (Tensor X, Tensor Y)>? draw = null)
    {
        _generator = new(seed);
        (Student, Objective, N) = (student, objective, n);
        _draw = draw ?? ((generator, real) =>
            (randn([n, .. PairKernels.InputShape(student)], dtype: float64, generator: generator).to(real), randint(4, n, dtype: int64, generator: generator)));
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
    public (Tensor X, Tensor Y) Batch(ScalarType type) => _draw(_generator, type);

    public GradientKernel Gradient(bool fuse, TensorBlock into) => PairKernels.Gradient(Student, Objective, fuse, W, Phi, into, N);

    public HyperKernel Hyper(bool fuse, TensorBlock tangent, TensorBlock intoW, TensorBlock intoPhi) =>
        PairKernels.Hyper(Student, Objective, fuse, W, Phi, tangent, intoW, intoPhi, N);

    /// <summary>What the step of this batch keeps that is run with a seed; a tensor of the present dispose scope.</summary>
    public Tensor Kept(bool fuse, double seed)
    {
        using var unused = TensorBlock.LikeZeros(W);
        using var step = Gradient(fuse, unused);
        step.Run(X, Y, seed);
        return step.Kept.clone();
    }

    /// <summary>The same bodies at the same point under autograd, in float64.</summary>
    public EagerRun Eager()
    {
        using var w = Double(W);
        using var phi = Double(Phi);
        return EagerRun.Of(Student, w, Objective, phi, X.is_floating_point() ? X.to(float64) : X, Y);
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
