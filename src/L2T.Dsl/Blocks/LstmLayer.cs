using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Blocks;

/// <summary>
/// A layer of long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000) over time, the gates in
/// PyTorch's order i, f, g, o. Sequences are time first, [T, N, ...], so that a step is a stretch of memory; T is known when a kernel is made.
/// </summary>
/// <param name="inputs">The size of what comes in at each step.</param>
/// <param name="hidden">The size of the state.</param>
[Block]
public sealed partial class LstmLayer(int inputs, int hidden)
{
    /// <summary>Input to gates, [4*hidden, inputs].</summary>
    [Parameter("4*hidden", "inputs", Init = Init.KaimingUniform)]
    public partial Tensor Input { get; }

    /// <summary>State to gates, [4*hidden, hidden].</summary>
    [Parameter("4*hidden", "hidden", Init = Init.KaimingUniform)]
    public partial Tensor Recurrent { get; }

    /// <summary>The bias of the gates, [4*hidden].</summary>
    [Parameter("4*hidden")]
    public partial Tensor Bias { get; }

    /// <summary>Goes through a sequence from a state on.</summary>
    /// <param name="x">The sequence, [T, N, inputs].</param>
    /// <param name="h">The output before the first step, [N, hidden].</param>
    /// <param name="c">The memory before the first step, [N, hidden].</param>
    /// <returns>The outputs of all steps, [T, N, hidden].</returns>
    public Tensor Forward([Shape("T", "N", "inputs")] Tensor x, [Shape("N", "hidden")] Tensor h, [Shape("N", "hidden")] Tensor c)
    {
        // What comes in is weighed for all steps at once.
        var weighed = functional.linear(x, Input, Bias);
        var all = new List<Tensor>();
        for (var t = 0; t < x.shape[0]; t++)
        {
            (h, c) = Step(weighed[t], h, c);
            all.Add(h);
        }

        return stack(all, 0);
    }

    /// <summary>Goes through sequences of different lengths from zero on: a state stays as it is where a sequence has ended.</summary>
    /// <param name="x">The sequences, [T, N, inputs].</param>
    /// <param name="there">1 where a sequence goes on, else 0, [T, N, 1].</param>
    /// <returns>The outputs of all steps, [T, N, hidden], and the last output and memory of each sequence, [N, hidden].</returns>
    public (Tensor All, Tensor H, Tensor C) Read([Shape("T", "N", "inputs")] Tensor x, [Shape("T", "N", 1)] Tensor there)
    {
        var weighed = functional.linear(x, Input, Bias);
        var h = zeros(x.shape[1], hidden, dtype: x.dtype);
        var c = zeros(x.shape[1], hidden, dtype: x.dtype);
        var all = new List<Tensor>();
        for (var t = 0; t < x.shape[0]; t++)
        {
            var (output, memory) = Step(weighed[t], h, c);
            h = h + there[t] * (output - h);
            c = c + there[t] * (memory - c);
            all.Add(h);
        }

        return (stack(all, 0), h, c);
    }

    private (Tensor H, Tensor C) Step(Tensor weighed, Tensor h, Tensor c)
    {
        var gates = weighed + functional.linear(h, Recurrent);
        var memory = gates[.., hidden..(2 * hidden)].sigmoid() * c + gates[.., ..hidden].sigmoid() * gates[.., (2 * hidden)..(3 * hidden)].tanh();
        return (gates[.., (3 * hidden)..].sigmoid() * memory.tanh(), memory);
    }
}
