using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>
/// Gradients from libtorch's autograd, without its traps. An exception inside <c>torch.autograd.grad</c> ends the process, and by
/// default it frees the graph even where it is to be differentiated again. This goes through <c>backward</c> instead, whose
/// exceptions are caught at the native border, checks what can be checked beforehand, and leaves <c>.grad</c> of the inputs as it was.
/// </summary>
/// <remarks>With <c>createGraph</c>, <c>backward</c> copies each gradient once, and libtorch warns once about a reference cycle, which
/// is broken here.</remarks>
public static class Autograd
{
    /// <summary>
    /// The gradient of <paramref name="output"/> with respect to each input, times <paramref name="outputGradient"/>. An input that
    /// the output does not depend on gets zeros. The caller owns the results.
    /// </summary>
    /// <param name="output">What to differentiate; a scalar unless <paramref name="outputGradient"/> is given.</param>
    /// <param name="inputs">Tensors that require gradients, leaves or not.</param>
    /// <param name="outputGradient">A tensor of the output's shape, or null for 1.</param>
    /// <param name="createGraph">Whether the gradients are to be differentiated again; this keeps the graph too.</param>
    /// <param name="retainGraph">Whether the graph is kept, to be differentiated again.</param>
    /// <exception cref="L2TException">Autograd cannot do it: no graph, wrong shapes, a graph that was freed, a tensor overwritten.</exception>
    public static Tensor[] Gradients(
        Tensor output,
        IReadOnlyList<Tensor> inputs,
        Tensor? outputGradient = null,
        bool createGraph = false,
        bool retainGraph = false)
    {
        Check(output, inputs, outputGradient);

        var saved = new Tensor?[inputs.Count];
        for (var i = 0; i < inputs.Count; i++)
        {
            saved[i] = inputs[i].grad;
            inputs[i].grad = null;
        }
        try
        {
            using (enable_grad())
            {
                autograd.backward(
                    [output],
                    outputGradient is null ? null : [outputGradient],
                    retain_graph: retainGraph || createGraph,
                    create_graph: createGraph,
                    inputs: [.. inputs]);
            }
            return [.. inputs.Select(input => input.grad ?? zeros_like(input))];
        }
        catch (ExternalException e)
        {
            throw new L2TException($"libtorch's autograd failed: {FirstLine(e)} Set createGraph to differentiate a gradient again, "
                + "retainGraph to differentiate the same output again, and change no tensor in place that a gradient still needs.", e);
        }
        finally
        {
            for (var i = 0; i < inputs.Count; i++)
            {
                inputs[i].grad = saved[i];
                saved[i]?.Dispose();
            }
        }
    }

    private static void Check(Tensor output, IReadOnlyList<Tensor> inputs, Tensor? outputGradient)
    {
        if (!output.requires_grad)
        {
            throw new L2TException("The output depends on no tensor that requires a gradient. Set requires_grad on the inputs before "
                + "computing it, and compute it outside no_grad and inference_mode.");
        }
        for (var i = 0; i < inputs.Count; i++)
        {
            if (!inputs[i].requires_grad)
                throw new L2TException($"Input {i} does not require a gradient. Set requires_grad on it before computing the output.");
            for (var j = 0; j < i; j++)
            {
                if (ReferenceEquals(inputs[i], inputs[j]))
                    throw new L2TException($"Inputs {j} and {i} are the same tensor. Give each input once.");
            }
        }
        if (outputGradient is null ? output.numel() != 1 : !output.shape.AsSpan().SequenceEqual(outputGradient.shape))
        {
            throw new L2TException($"An output of shape [{string.Join(", ", output.shape)}] needs an outputGradient of that shape, not "
                + (outputGradient is null ? "none." : $"[{string.Join(", ", outputGradient.shape)}]."));
        }
        if (outputGradient is not null && outputGradient.dtype != output.dtype)
            throw new L2TException($"The outputGradient is {outputGradient.dtype}, the output {output.dtype}. Convert one of them.");
    }

    private static string FirstLine(Exception e)
    {
        var line = e.Message.AsSpan();
        var end = line.IndexOf('\n');
        return (end < 0 ? line : line[..end]).TrimEnd(" .").ToString() + ".";
    }
}
