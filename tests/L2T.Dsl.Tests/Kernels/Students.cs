using L2T.Dsl.Blocks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>No hidden layer.</summary>
[Student]
public sealed partial class SoftmaxRegression
{
    private readonly Linear _output = new(6, 4);

    public Tensor Forward([Shape("N", 6)] Tensor x) => _output.Forward(x);
}

/// <summary>A width given to the constructor; the weights of the hidden products long enough to be kept.</summary>
[Student]
public sealed partial class Perceptron(int hidden)
{
    private readonly Linear _hidden = new(6, hidden);
    private readonly Linear _output = new(hidden, 4);

    public Tensor Forward([Shape("N", 6)] Tensor x) => _output.Forward(functional.relu(_hidden.Forward(x)));
}

/// <summary>Two wide hidden layers: the products of the reverse pass are long too, and depend on the seed.</summary>
[Student]
public sealed partial class DeepNetwork
{
    private readonly Linear _first = new(6, 40);
    private readonly Linear _second = new(40, 36);
    private readonly Linear _output = new(36, 4);

    public Tensor Forward([Shape("N", 6)] Tensor x) => _output.Forward(_second.Forward(_first.Forward(x).tanh()).tanh());
}

/// <summary>Blocks in blocks, smooth units, a skip, locals, a helper, a parameter of the student's own.</summary>
[Student]
public sealed partial class SkipNetwork
{
    private readonly Residual _first = new(6);
    private readonly Residual _second = new(6);
    private readonly Linear _output = new(6, 4);

    [Parameter(6, Init = Init.Ones)]
    public partial Tensor Gain { get; }

    public Tensor Forward([Shape("N", 6)] Tensor x)
    {
        var h = _first.Forward(x);
        h = _second.Forward(h) + Squash(x);
        return _output.Forward(h * Gain);
    }

    private static Tensor Squash(Tensor x) => functional.gelu(x) - 0.5 * x.sigmoid();
}

/// <summary>x + tanh of an affine map.</summary>
[Block]
public sealed partial class Residual(int width)
{
    private readonly Linear _inner = new(width, width);

    public Tensor Forward([Shape("N", "width")] Tensor x) => x + _inner.Forward(x).tanh();
}

/// <summary>One block used twice, and its transpose once more: gradients of one weight come from three places.</summary>
[Student]
public sealed partial class TiedNetwork
{
    private readonly Linear _shared = new(6, 6);
    private readonly Linear _output = new(6, 4);

    [Parameter(6, 6, Init = Init.XavierUniform)]
    public partial Tensor Tied { get; }

    public Tensor Forward([Shape("N", 6)] Tensor x)
    {
        var h = functional.softplus(_shared.Forward(functional.relu(_shared.Forward(x))));
        return _output.Forward(torch.matmul(torch.matmul(h, Tied).tanh(), Tied.t()));
    }
}

/// <summary>
/// A real constructor parameter, a quotient of sizes, fields whose names differ by an underscore, a view of a view.
/// </summary>
[Student]
public sealed partial class AwkwardNames(int width, double slope)
{
    private readonly Linear _h = new(6, width);
    private readonly Linear _h_ = new(width, 4);

    public Tensor Forward([Shape("N", 6)] Tensor x)
    {
        var turned = x.reshape(-1, 2, 3).transpose(1, 2).reshape(-1, 6);
        return _h_.Forward(functional.leaky_relu(_h.Forward(turned), 0.1) * slope * ((double)width / x.shape[0]));
    }
}

/// <summary>An op without derivative rule, which autograd differentiates.</summary>
[Student]
public sealed partial class FallbackNetwork
{
    private readonly Linear _hidden = new(6, 5);
    private readonly Linear _output = new(5, 4);

#pragma warning disable L2T2002 // what is tested here
    public Tensor Forward([Shape("N", 6)] Tensor x) => _output.Forward(torch.special.erfcx(_hidden.Forward(x)));
#pragma warning restore L2T2002
}

/// <summary>Statistics of the batch, of features and of images.</summary>
[Student]
public sealed partial class NormNetwork
{
    private readonly Linear _hidden = new(6, 8);
    private readonly BatchNorm1d _features = new(8);
    private readonly BatchNorm2d _images = new(2, 0.3);
    private readonly Linear _output = new(8, 4);

    public Tensor Forward([Shape("N", 6)] Tensor x)
    {
        var h = functional.relu(_features.Forward(_hidden.Forward(x)));
        return _output.Forward(_images.Forward(h.view(-1, 2, 2, 2)).tanh().flatten(1));
    }
}

/// <summary>Dropout of elements and of channels.</summary>
[Student]
public sealed partial class DropoutNetwork
{
    private readonly Linear _hidden = new(6, 8);
    private readonly Dropout _dropout = new(0.4);
    private readonly Linear _output = new(8, 4);

    public bool Training { get; set; }

    public Tensor Forward([Shape("N", 6)] Tensor x)
    {
        var h = _dropout.Forward(_hidden.Forward(x).tanh());
        return _output.Forward(functional.dropout2d(h.view(-1, 2, 2, 2), 0.25, Training).flatten(1));
    }
}

/// <summary>Images through a wide residual block (Zagoruyko and Komodakis 2016): normalised before each convolution, dropout between them.</summary>
[Student]
public sealed partial class WideNetwork
{
    private readonly Conv2d _stem = new(2, 2, 3, padding: 1, bias: false);
    private readonly BatchNorm2d _before = new(2);
    private readonly Conv2d _first = new(2, 4, 3, stride: 2, padding: 1, bias: false);
    private readonly BatchNorm2d _between = new(4);
    private readonly Dropout _dropout = new(0.3);
    private readonly Conv2d _second = new(4, 4, 3, padding: 1, bias: false);
    private readonly Conv2d _shortcut = new(2, 4, 1, stride: 2, bias: false);
    private readonly Linear _output = new(4, 4);

    public Tensor Forward([Shape("N", 2, 4, 5)] Tensor x)
    {
        var active = functional.silu(_before.Forward(_stem.Forward(x)));
        var h = _dropout.Forward(functional.silu(_between.Forward(_first.Forward(active))));
        return _output.Forward((_second.Forward(h) + _shortcut.Forward(active)).mean([2, 3]));
    }
}

/// <summary>Reads running statistics in training too, as the step before left them.</summary>
[Student]
public sealed partial class CentredNetwork
{
    private readonly Linear _hidden = new(6, 8);
    private readonly Linear _output = new(8, 4);

    [Buffer(8)]
    public partial Tensor RunningMean { get; }

    [Buffer(8, Init = Init.Ones)]
    public partial Tensor RunningVariance { get; }

    public bool Training { get; set; }

    public Tensor Forward([Shape("N", 6)] Tensor x)
    {
        var h = _hidden.Forward(x);
        var shifted = (h - RunningMean).tanh();
        var normalised = functional.batch_norm(h, RunningMean, RunningVariance, null, null, Training, 0.3);
        return _output.Forward(shifted + 0.5 * normalised.tanh() * RunningVariance);
    }
}

/// <summary>A convolution and an output layer without biases.</summary>
[Student]
public sealed partial class UnbiasedNetwork
{
    private readonly Conv2d _images = new(1, 3, 2, padding: 1, bias: false);
    private readonly Linear _output = new(36, 4, bias: false);

    public Tensor Forward([Shape("N", 6)] Tensor x) => _output.Forward(_images.Forward(x.reshape(-1, 1, 2, 3)).tanh().flatten(1));
}

/// <summary>A small image network: a stride that leaves a rest, padding, groups, pooling by maximum and by mean.</summary>
[Student]
public sealed partial class ImageNetwork
{
    private readonly Conv2d _first = new(1, 4, 2, padding: 1);
    private readonly Conv2d _second = new(2, 2, 2, stride: 3);
    private readonly Linear _output = new(4, 4);

    [Parameter(2, 2, 1, 2, Init = Init.KaimingUniform)]
    public partial Tensor Grouped { get; }

    public Tensor Forward([Shape("N", 6)] Tensor x)
    {
        var h = _first.Forward(x.reshape(-1, 1, 2, 3)).tanh();
        h = functional.relu(functional.conv2d(functional.max_pool2d(h, 2, stride: 1), Grouped, groups: 2, padding: [1, 0]));
        var pooled = functional.adaptive_avg_pool2d(h, 1).reshape(-1, 2);
        return _output.Forward(torch.cat([_second.Forward(h).reshape(-1, 2), pooled], 1));
    }
}

/// <summary>Images as they are: groups, holes in the filters, every second place of an image, a border and channels of zeros, groups normalised.</summary>
[Student]
public sealed partial class GroupedNetwork
{
    private readonly Conv2d _first = new(2, 4, 3, padding: 2, dilation: 2, groups: 2);
    private readonly GroupNorm _groups = new(2, 4);
    private readonly Conv2d _second = new(6, 6, 3, stride: 2, groups: 3, bias: false);
    private readonly Linear _output = new(6, 4);

    public Tensor Forward([Shape("N", 2, 5, 4)] Tensor x)
    {
        var h = _groups.Forward(_first.Forward(x)).tanh();
        var every = TensorIndex.Slice(step: 2);
        h = functional.pad(h[.., .., every, every], [1, 1, 1, 0, 1, 1]);
        return _output.Forward(functional.adaptive_avg_pool2d(_second.Forward(h), 1).flatten(1));
    }
}

/// <summary>Words, places, and attention to what came before: embeddings, one of them tied to the output, a triangular mask, rows normalised.</summary>
[Student]
public sealed partial class AttentionNetwork(int width)
{
    private readonly Embedding _words = new(4, width);
    private readonly Embedding _places = new(4, width);
    private readonly LayerNorm _before = new(width);
    private readonly LayerNorm _behind = new(width, bias: false);

    [Parameter("width", "width", Init = Init.XavierUniform)]
    public partial Tensor Query { get; }

    public Tensor Forward([Shape("N", 4, 4)] Tensor x)
    {
        var h = _words.Forward(x.argmax(-1)) + _places.Forward(arange(4));
        var seen = _before.Forward(h) + x.sum(-1, keepdim: true).tanh();
        var scores = torch.bmm(torch.matmul(seen, Query), seen.transpose(1, 2)) / Math.Sqrt(width);
        var hidden = ones(4, 4, dtype: x.dtype).triu(1).to_type(ScalarType.Bool);
        var attention = functional.softmax(scores.masked_fill(hidden, double.NegativeInfinity), -1);
        return _words.Scores(_behind.Forward(h + torch.bmm(attention, seen)).tril(2).mean([1]));
    }
}
