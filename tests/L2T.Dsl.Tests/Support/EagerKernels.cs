using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Support;

internal delegate Judged EagerFunction(IReadOnlyList<Tensor> w, IReadOnlyList<Tensor> phi, Tensor x, Tensor y);

/// <summary>A gradient kernel over autograd. Keeps the inputs, so that a hyper kernel can tell whether what it is given back is right.</summary>
internal sealed class EagerGradientKernel : GradientKernel
{
    private readonly EagerFunction _function;
    private readonly TensorBlock _w;
    private readonly TensorBlock? _phi;
    private readonly TensorBlock _into;
    private readonly long _n;
    private readonly Tensor _value;
    private readonly Action<Tensor, Tensor>? _record;

    public EagerGradientKernel(
        EagerFunction function, TensorBlock w, TensorBlock? phi, TensorBlock into, long n, int inputs, Action<Tensor, Tensor>? record = null)
        : base(w)
    {
        _function = function;
        _w = w;
        _phi = phi;
        _into = into;
        _n = n;
        _record = record;
        _value = Own(zeros([], Dtype));
        Kept = Own(zeros((n * inputs) + 1, Dtype));
        Output = Own(zeros([n, w.Layout[0].Shape[0]], Dtype));
    }

    public override Tensor Value => _value;

    public override Tensor Output { get; }

    public override Tensor Kept { get; }

    public override void Run(Tensor x, Tensor y, double seed)
    {
        Require(x, "x", true, [_n, (Kept.numel() - 1) / _n]);
        Require(y, "y", false, [_n]);
        using var scope = NewDisposeScope();
        _record?.Invoke(x, y);
        Kept.copy_(Remembered(x, seed));
        var w = _w.Flat.detach().clone().requires_grad_();
        var judged = _function(EagerFunctions.Split(w, _w.Layout), _phi is null ? [] : [.. _phi.Tensors], x, y);
        _value.copy_(judged.Value.detach());
        Output.copy_(judged.Output.detach());
        _into.Flat.add_(Autograd.Gradients(judged.Value, [w])[0], seed);
    }

    /// <summary>What tells the batch and the seed of a step.</summary>
    public static Tensor Remembered(Tensor x, double seed) => cat([x.flatten(), tensor([seed], dtype: x.dtype)]);
}

/// <summary>H v and M v by double backward.</summary>
internal sealed class EagerHyperKernel : HyperKernel
{
    private readonly EagerFunction _function;
    private readonly TensorBlock _w;
    private readonly TensorBlock _phi;
    private readonly TensorBlock _tangent;
    private readonly TensorBlock _intoW;
    private readonly TensorBlock _intoPhi;

    public EagerHyperKernel(
        EagerFunction function, TensorBlock w, TensorBlock phi, TensorBlock tangent, TensorBlock intoW, TensorBlock intoPhi)
        : base(w)
    {
        _function = function;
        _w = w;
        _phi = phi;
        _tangent = tangent;
        _intoW = intoW;
        _intoPhi = intoPhi;
    }

    public override void Run(Tensor x, Tensor y, Tensor kept, double seed)
    {
        using var scope = NewDisposeScope();
        if (!kept.Equals(EagerGradientKernel.Remembered(x, seed)))
            throw new InvalidOperationException("The kept values are not those of this step, or of another seed.");
        var w = _w.Flat.detach().clone().requires_grad_();
        var phi = _phi.Flat.detach().clone().requires_grad_();
        var value = _function(EagerFunctions.Split(w, _w.Layout), EagerFunctions.Split(phi, _phi.Layout), x, y).Value;
        var gradient = Autograd.Gradients(value, [w], createGraph: true)[0];
        var products = Autograd.Gradients(gradient.dot(_tangent.Flat.clone()), [w, phi]);
        _intoW.Flat.add_(products[0], seed);
        _intoPhi.Flat.add_(products[1], seed);
    }
}

internal sealed class EagerForwardKernel(TensorBlock w, long n) : ForwardKernel(w)
{
    private readonly TensorBlock _w = w;
    private Tensor? _output;

    public override Tensor Run(Tensor x)
    {
        Require(x, "x", true, [n, _w.Layout[0].Shape[1]]);
        _output?.Dispose();
        using var scope = NewDisposeScope();
        return _output = EagerFunctions.Logits(_w.Tensors, x).DetachFromDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        _output?.Dispose();
        base.Dispose(disposing);
    }
}

internal sealed class EagerTeachingKernel(TensorBlock theta, TensorBlock phi, Action<Tensor>? record) : StateKernel(theta)
{
    private readonly TensorBlock _theta = theta;

    public override void Run(Tensor state)
    {
        using var scope = NewDisposeScope();
        record?.Invoke(state);
        phi.Flat.copy_(EagerFunctions.Teach(_theta.Tensors, state));
    }
}

internal sealed class EagerTeacherGradientKernel(TensorBlock theta, TensorBlock gradTheta, TensorBlock gradPhi) : StateKernel(theta)
{
    private readonly TensorBlock _theta = theta;

    public override void Run(Tensor state)
    {
        using var scope = NewDisposeScope();
        var leaf = _theta.Flat.detach().clone().requires_grad_();
        var phi = EagerFunctions.Teach(EagerFunctions.Split(leaf, _theta.Layout), state);
        gradTheta.Flat.add_(Autograd.Gradients(phi, [leaf], gradPhi.Flat)[0]);
    }
}
