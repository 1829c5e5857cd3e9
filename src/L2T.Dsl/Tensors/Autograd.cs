using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>
/// Gradients from libtorch's autograd, without its traps. An exception inside TorchSharp's <c>torch.autograd.grad</c> ends the process, and
/// by default it frees the graph even where it is to be differentiated again; <c>backward</c> writes into the inputs, and with
/// <c>create_graph</c> libtorch warns of it on the error stream. This calls libtorch's <c>grad</c> from TorchScript, whose exceptions are caught
/// at the native border, and checks what can be checked beforehand.
/// </summary>
public static class Autograd
{
    // The text is fixed: a faulty one would end the process. The parser wants a line end at its end. What grad gives may be the seed itself, one
    // tensor twice, or of any strides: each result is copied, by rows (0).
    private const string Script = """
        def gradients(output: Tensor, seed: Tensor, inputs: List[Tensor], retain: bool, create: bool):
            seeds: List[Optional[Tensor]] = [seed]
            found = torch.autograd.grad([output], inputs, seeds, retain, create, True)
            result: List[Tensor] = []
            for i in range(len(inputs)):
                gradient = found[i]
                if gradient is None:
                    result.append(torch.zeros_like(inputs[i]))
                else:
                    result.append(gradient.clone(memory_format=0))
            return result

        """;

    private static readonly Lazy<jit.CompilationUnit> Compiled = new(() => jit.compile(Script));

    /// <summary>
    /// The gradient of <paramref name="output"/> with respect to each input, times <paramref name="outputGradient"/>. An input that
    /// the output does not depend on gets zeros. The caller owns the results, which are contiguous and share no
    /// memory.
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

        using var one = outputGradient is null ? ones_like(output) : null;

        // The copies are differentiated again, whatever the caller's mode.
        using var mode = set_grad_enabled(createGraph);
        try
        {
            return (Tensor[])Compiled.Value.invoke("gradients", output, outputGradient ?? one, inputs.ToArray(), retainGraph || createGraph, createGraph);
        }
        catch (ExternalException e)
        {
            throw new L2TException($"libtorch's autograd failed: {Reason(e)} Set createGraph to differentiate a gradient again, "
                + "retainGraph to differentiate the same output again, and change no tensor in place that a gradient still needs.", e);
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

    // Before the reason stands where in the script it was met.
    private static string Reason(Exception e)
    {
        const string Mark = "RuntimeError: ";
        var start = e.Message.IndexOf(Mark, StringComparison.Ordinal);
        var line = start < 0 ? e.Message.AsSpan() : e.Message.AsSpan(start + Mark.Length);
        var end = line.IndexOf('\n');
        return (end < 0 ? line : line[..end]).TrimEnd(" .").ToString() + ".";
    }
}
