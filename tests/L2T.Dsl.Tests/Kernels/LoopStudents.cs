using L2T.Dsl.Blocks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>Blocks that are alike, their number known when the kernel is made.</summary>
[Student]
public sealed partial class ResidualStack(int depth)
{
    private readonly Residual[] _blocks = BlockArray.Of(depth - 1, () => new Residual(6));
    private readonly Linear _output = new(6, 4);

    public Tensor Forward([Shape("N", 6)] Tensor x)
    {
        foreach (var block in _blocks)
        {
            x = block.Forward(x);
        }

        return _output.Forward(x);
    }
}

/// <summary>An LSTM over 3 steps of 2 numbers, and attention over what it says at each.</summary>
[Student]
public sealed partial class RecurrentNetwork(int hidden)
{
    private readonly LongMemory _cell = new(2, hidden);
    private readonly Linear _output = new(2 * hidden, 4);

    [Parameter("hidden", Init = Init.Normal, Scale = 0.5)]
    public partial Tensor Query { get; }

    public Tensor Forward([Shape("N", 6)] Tensor x)
    {
        var steps = x.view(-1, 3, 2);
        var h = zeros(x.shape[0], hidden, dtype: x.dtype);
        var c = zeros(x.shape[0], hidden, dtype: x.dtype);
        var all = new List<Tensor>();
        for (var t = 0; t < 3; t++)
        {
            (h, c) = _cell.Forward(steps[.., t], h, c);
            all.Add(h);
        }

        var states = stack(all, dim: 1);
        var weights = functional.softmax((states * Query).sum(-1), 1);
        return _output.Forward(cat([h, (weights.unsqueeze(-1) * states).sum(1)], 1));
    }
}

/// <summary>A cell of long short-term memory (Hochreiter and Schmidhuber 1997).</summary>
[Block]
public sealed partial class LongMemory(int inputs, int hidden)
{
    [Parameter("4*hidden", "inputs", Init = Init.XavierUniform)]
    public partial Tensor Input { get; }

    [Parameter("4*hidden", "hidden", Init = Init.XavierUniform)]
    public partial Tensor Recurrent { get; }

    [Parameter("4*hidden")]
    public partial Tensor Bias { get; }

    public (Tensor H, Tensor C) Forward([Shape("N", "inputs")] Tensor x, [Shape("N", "hidden")] Tensor h, [Shape("N", "hidden")] Tensor c)
    {
        var gates = functional.linear(x, Input, Bias) + functional.linear(h, Recurrent);
        var next = gates[.., hidden..(2 * hidden)].sigmoid() * c + gates[.., ..hidden].sigmoid() * gates[.., (2 * hidden)..(3 * hidden)].tanh();
        return (gates[.., (3 * hidden)..].sigmoid() * next.tanh(), next);
    }
}

/// <summary>Layers over time, each reading the whole of the one below, every layer from the last step back; the last state of the top one counts.</summary>
[Student]
public sealed partial class LayeredNetwork(int layers)
{
    private readonly Cell[] _cells = BlockArray.Of(layers, () => new Cell(2));
    private readonly Linear _output = new(4, 4);

    public Tensor Forward([Shape("N", 6)] Tensor x)
    {
        var steps = x.view(-1, 3, 2).transpose(0, 1);
        var h = zeros(x.shape[0], 2, dtype: x.dtype);
        foreach (var cell in _cells)
        {
            h = zeros(x.shape[0], 2, dtype: x.dtype);
            var said = new List<Tensor>();
            for (var t = 2; t >= 0; t--)
            {
                h = cell.Forward(steps[t], h);
                said.Add(h);
            }

            steps = steps + stack(said, 0);
        }

        return _output.Forward(cat([h, steps[^1]], 1));
    }
}

/// <summary>A plain recurrent cell.</summary>
[Block]
public sealed partial class Cell(int width)
{
    private readonly Linear _input = new(width, width);
    private readonly Linear _state = new(width, width, bias: false);

    public Tensor Forward([Shape("N", "width")] Tensor x, [Shape("N", "width")] Tensor h) => (_input.Forward(x) + _state.Forward(h)).tanh();
}

/// <summary>Layers that see all before them, each wider than the last, and one of an array by its place.</summary>
[Student]
public sealed partial class DenseNetwork
{
    private readonly Linear[] _layers = BlockArray.Of(3, i => new Linear(6 + (2 * i), 2));
    private readonly Linear[] _outputs = BlockArray.Of(2, () => new Linear(12, 4));

    public Tensor Forward([Shape("N", 6)] Tensor x)
    {
        for (var i = 0; i < _layers.Length; i++)
        {
            x = cat([x, _layers[i].Forward(x).tanh()], 1);
        }

        return _outputs[0].Forward(x) + _outputs[^1].Forward(x.sin());
    }
}

/// <summary>
/// As many layers as the constructor says, each wider than the last, forth and then, with the places counted down, over other layers; the last one once more by its place.
/// </summary>
[Student]
public sealed partial class DenseStack(int layers, int growth, double dropout)
{
    private readonly DenseStackLayer[] _forth = BlockArray.Of(layers, i => new DenseStackLayer(6 + (i * growth), growth, dropout));
    private readonly DenseStackLayer[] _back = BlockArray.Of(layers, place => new DenseStackLayer(6 + layers * growth + (layers - 1 - place), 1, dropout));
    private readonly Linear _output = new(6 + layers * growth + layers + growth, 4);

    public Tensor Forward([Shape("N", 6)] Tensor x)
    {
        foreach (var layer in _forth)
        {
            x = cat([x, layer.Forward(x)], 1);
        }

        for (var i = _back.Length - 1; i >= 0; i--)
        {
            x = cat([x, _back[i].Forward(x)], 1);
        }

        return _output.Forward(cat([x, _forth[^1].Forward(x[.., ..(6 + (layers - 1) * growth)])], 1));
    }
}

/// <summary>Normalised, dropped, weighed.</summary>
[Block]
public sealed partial class DenseStackLayer(int inputs, int outputs, double dropout)
{
    private readonly BatchNorm1d _norm = new(inputs, 0.3);
    private readonly Dropout _dropout = new(dropout);
    private readonly Linear _linear = new(inputs, outputs);

    public Tensor Forward([Shape("N", "inputs")] Tensor x) => _linear.Forward(_dropout.Forward(_norm.Forward(x))).tanh();
}

/// <summary>Layers with statistics of their own, under statistics that they share: each application finds what the one before left.</summary>
[Student]
public sealed partial class NormStack(int depth)
{
    private readonly NormLayer[] _layers = BlockArray.Of(depth, () => new NormLayer(6));
    private readonly BatchNorm1d _shared = new(6, 0.3);
    private readonly Linear _output = new(6, 4);

    public Tensor Forward([Shape("N", 6)] Tensor x)
    {
        foreach (var layer in _layers)
        {
            x = _shared.Forward(layer.Forward(x));
        }

        return _output.Forward(x);
    }
}

/// <summary>A layer with batch normalisation, around which its input goes.</summary>
[Block]
public sealed partial class NormLayer(int width)
{
    private readonly Linear _linear = new(width, width, bias: false);
    private readonly BatchNorm1d _norm = new(width);

    public Tensor Forward([Shape("N", "width")] Tensor x) => x + _norm.Forward(_linear.Forward(x)).tanh();
}

/// <summary>Layers with dropout: a mask of its own each time.</summary>
[Student]
public sealed partial class DropoutStack(int depth)
{
    private readonly Linear[] _layers = BlockArray.Of(depth, () => new Linear(6, 6));
    private readonly Dropout _dropout = new(0.4);
    private readonly Linear _output = new(6, 4);

    public Tensor Forward([Shape("N", 6)] Tensor x)
    {
        foreach (var layer in _layers)
        {
            x = _dropout.Forward(layer.Forward(x).tanh());
        }

        return _output.Forward(x);
    }
}
