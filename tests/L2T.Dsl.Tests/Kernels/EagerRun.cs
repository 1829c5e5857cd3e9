using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>The bodies of a student and an objective as C# runs them: bound to leaves, under autograd.</summary>
/// <param name="Output">The student's output.</param>
/// <param name="Value">The objective's value.</param>
/// <param name="W">The leaves of the student.</param>
/// <param name="Phi">The leaves of the objective.</param>
internal sealed record EagerRun(Tensor Output, Tensor Value, Tensor[] W, Tensor[] Phi)
{
    /// <summary>Runs the bodies.</summary>
    /// <param name="student">The student.</param>
    /// <param name="weights">Its weights, which are copied.</param>
    /// <param name="objective">An instance of a loss form or metric.</param>
    /// <param name="coefficients">Its coefficients, which are copied.</param>
    /// <param name="x">The inputs of the batch.</param>
    /// <param name="y">Its labels.</param>
    public static EagerRun Of(ITensorModule student, TensorBlock weights, object objective, TensorBlock coefficients, Tensor x, Tensor y)
    {
        var w = Leaves(weights);
        var phi = Leaves(coefficients);
        var (output, value) = Apply(student, w, objective, phi, x, y);
        return new(output, value, w, phi);
    }

    /// <summary>Runs the bodies on given tensors, which may have a graph of their own.</summary>
    public static (Tensor Output, Tensor Value) Apply(
        ITensorModule student, IReadOnlyList<Tensor> w, object objective, IReadOnlyList<Tensor> phi, Tensor x, Tensor y)
    {
        using var lent = new TensorCursor(w);
        student.Bind(lent);
        ((ITensorModule)objective).Bind(new TensorCursor(phi));
        var measure = objective.GetType().GetMethod("Loss") ?? objective.GetType().GetMethod("Measure")!;
        var output = student.GetType().GetMethod("Forward")!.CreateDelegate<Func<Tensor, Tensor>>(student)(x);
        return (output, measure.CreateDelegate<Func<Tensor, Tensor, Tensor>>(objective)(output, y));
    }

    /// <summary>The gradient of the value with respect to w, flat.</summary>
    public Tensor Gradient() => Oracle.Flat(Autograd.Gradients(Value, W, retainGraph: true));

    /// <summary>H v and M v for a direction v of w, flat, by double backward.</summary>
    public (Tensor Hv, Tensor Mv) HyperStep(TensorBlock direction)
    {
        var gradients = Autograd.Gradients(Value, W, createGraph: true);
        var along = gradients.Zip(direction.Tensors, (g, v) => (g * v).sum(dim: [])).Aggregate((a, b) => a + b);
        var second = along.requires_grad ? Autograd.Gradients(along, [.. W, .. Phi]) : [.. W.Concat(Phi).Select(t => zeros_like(t))];
        return (Oracle.Flat(second.Take(W.Length)), Oracle.Flat(second.Skip(W.Length)));
    }

    private static Tensor[] Leaves(TensorBlock block) => [.. block.Tensors.Select(t => t.clone().requires_grad_())];
}
