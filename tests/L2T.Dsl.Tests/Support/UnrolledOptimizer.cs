using L2T.Dsl.Optimizers;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Support;

/// <summary>
/// PyTorch's optimizers written out as functions of tensors, so that autograd differentiates a whole training, with respect to their
/// settings too.
/// </summary>
internal sealed class UnrolledOptimizer
{
    private readonly OptimizerOptions _options;
    private readonly double _gradientScale;
    private Tensor? _first;
    private Tensor? _second;
    private Tensor? _average;

    public UnrolledOptimizer(OptimizerOptions options, double gradientScale = 1)
    {
        _options = options;
        _gradientScale = gradientScale;
        Momentum = tensor(options switch { SgdOptions sgd => sgd.Momentum, AdamOptions adam => adam.Beta1, _ => 0 }, float64).requires_grad_();
        WeightDecay = tensor(options.WeightDecay, float64).requires_grad_();
    }

    /// <summary>mu or b1.</summary>
    public Tensor Momentum { get; }

    /// <summary>lambda.</summary>
    public Tensor WeightDecay { get; }

    /// <summary>The norms of the gradients, before they are clipped.</summary>
    public List<double> Norms { get; } = [];

    /// <summary>What the student is evaluated at; null for its weights.</summary>
    public Tensor? Average => _average;

    /// <summary>w' from w and the loss's gradient at w, both flat.</summary>
    public Tensor Step(Tensor w, Tensor gradient, int step, Tensor rate)
    {
        var g = Clip(gradient * _gradientScale);
        var shrunk = w;
        if (_options.DecoupledWeightDecay)
            shrunk = w * (1 - rate * WeightDecay);
        else
            g = g + WeightDecay * w;
        var next = shrunk - rate * (_options switch
        {
            SgdOptions sgd => Descent(sgd, g),
            AdamOptions adam => Adam(adam, g, step),
            _ => throw new NotSupportedException(),
        });
        if (_options.AverageDecay is { } decay)
            _average = _average is null ? next : decay * _average + (1 - decay) * next;
        return next;
    }

    private Tensor Clip(Tensor g)
    {
        var norm = g.pow(2).sum(dim: []).sqrt();
        Norms.Add(norm.item<double>());
        var factor = _options.ClipNorm / (norm + 1e-6);
        return factor.item<double>() < 1 ? g * factor : g;
    }

    private Tensor Descent(SgdOptions options, Tensor g)
    {
        _first = _first is null ? g : Momentum * _first + (1 - options.Dampening) * g;
        return options.Nesterov ? g + Momentum * _first : _first;
    }

    private Tensor Adam(AdamOptions options, Tensor g, int step)
    {
        _first = (_first is null ? zeros_like(g) : Momentum * _first) + (1 - Momentum) * g;
        _second = (_second is null ? zeros_like(g) : options.Beta2 * _second) + (1 - options.Beta2) * g * g;
        // The root's derivative at 0 times 0 is NaN to autograd.
        var moved = _second > 0;
        var root = where(moved, where(moved, _second, ones_like(_second)).sqrt(), zeros_like(_second));
        var correction1 = 1 - Momentum.pow(step + 1);
        var correction2 = 1 - Math.Pow(options.Beta2, step + 1);
        return _first / correction1 / (root / Math.Sqrt(correction2) + options.Epsilon);
    }
}
