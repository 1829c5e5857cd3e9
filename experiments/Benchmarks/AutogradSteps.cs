using L2T.Dsl.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace L2T.Experiments.Benchmarks;

#pragma warning disable RS0030 // the baseline is the bare call
/// <summary>The step of gradient descent and its reverse as a user of autograd writes them, on leaves of its own.</summary>
internal sealed class AutogradSteps
{
    private readonly Func<Tensor, Tensor> _forward;
    private readonly Func<Tensor, Tensor, Tensor> _loss;
    private readonly Tensor[] _w;
    private readonly Tensor[] _phi;
    private readonly Tensor[] _adjoint;
    private readonly Tensor[] _gradPhi;
    private readonly Scalar _minusRate;

    /// <param name="student">Makes the student's forward pass on these tensors, which are in the order of its layout.</param>
    /// <param name="form">The loss form, which is given the coefficients.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="w">Where the student starts; copied.</param>
    /// <param name="phi">The loss's coefficients; copied.</param>
    /// <param name="adjoint">The adjoint of w; copied.</param>
    /// <param name="rate">The learning rate.</param>
    public AutogradSteps(
        Func<Tensor[], Func<Tensor, Tensor>> student, ITensorModule form, Func<Tensor, Tensor, Tensor> loss, TensorBlock w, TensorBlock phi, TensorBlock adjoint, float rate)
    {
        _minusRate = -rate;
        Tensor[] all = [.. w.Tensors.Select((t, i) => t.clone().requires_grad_(!w.Layout[i].IsBuffer && w.Layout[i].Count > 0))];
        _w = [.. all.Where(t => t.requires_grad)];
        _phi = [.. phi.Tensors.Select(t => t.clone().requires_grad_(true))];
        _adjoint = [.. adjoint.Tensors.Where((_, i) => all[i].requires_grad).Select(t => t.clone())];
        _gradPhi = [.. phi.Tensors.Select(t => zeros_like(t))];
        _forward = student(all);
        form.Bind(new TensorCursor(_phi));
        _loss = loss;
    }

    /// <summary>Where the weights are, as one tensor.</summary>
    public Tensor Weights => Flat(_w);

    /// <summary>Their adjoint.</summary>
    public Tensor Adjoint => Flat(_adjoint);

    /// <summary>The gradient of Phi.</summary>
    public Tensor PhiGradient => Flat(_gradPhi);

    /// <summary>A step of gradient descent.</summary>
    public void Step(Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        var gradients = autograd.grad([_loss(_forward(x), y)], _w);
        using var off = no_grad();
        for (var i = 0; i < _w.Length; i++)
        {
            _w[i].add_(gradients[i], alpha: _minusRate);
        }
    }

    /// <summary>Its reverse, at the present weights, by double backward.</summary>
    public void Reverse(Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        var gradients = autograd.grad([_loss(_forward(x), y)], _w, create_graph: true, retain_graph: true);
        var product = gradients.Select((g, i) => (g * _adjoint[i]).sum(dim: [])).Aggregate((a, b) => a + b);
        var second = autograd.grad([product], [.. _w, .. _phi]);
        using var off = no_grad();
        for (var i = 0; i < _w.Length; i++)
        {
            _adjoint[i].add_(second[i], alpha: _minusRate);
        }

        for (var i = 0; i < _phi.Length; i++)
        {
            _gradPhi[i].add_(second[_w.Length + i], alpha: _minusRate);
        }
    }

    private static Tensor Flat(Tensor[] tensors) => cat([.. tensors.Select(t => t.detach().flatten())]);
}
