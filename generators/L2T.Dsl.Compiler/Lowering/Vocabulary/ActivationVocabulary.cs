using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>Activation functions, most of them written with a few primitives.</summary>
internal static class ActivationVocabulary
{
    private const double SqrtHalf = 0.70710678118654752440;

    // Klambauer et al. 2017.
    private const double SeluScale = 1.0507009873554804934193349852946;
    private const double SeluAlpha = 1.6732632423543772848170429916717;

    public static void AddTo(VocabularyTable table)
    {
        table.Add(["torch.nn.functional.relu", "Tensor.relu"], (b, x) => b.Relu(x));
        table.Add(["torch.nn.functional.tanh"], (b, x) => b.Tanh(x));
        table.Add(["torch.nn.functional.sigmoid"], (b, x) => b.Sigmoid(x));
        table.Add(["torch.nn.functional.relu6", "Tensor.relu6"], (b, x) => b.Clamp(x, 0, 6));
        table.Add(["torch.nn.functional.silu", "Tensor.silu"], (b, x) => b.Mul(x, b.Sigmoid(x)));
        table.Add(["torch.nn.functional.mish"], (b, x) => b.Mul(x, b.Tanh(b.Softplus(x))));
        table.Add(["torch.nn.functional.softsign"], (b, x) => b.Div(x, b.Shift(b.Abs(x), 1)));
        table.Add(["torch.nn.functional.tanhshrink"], (b, x) => b.Sub(x, b.Tanh(x)));
        table.Add(["torch.nn.functional.logsigmoid"], (b, x) => b.Scale(b.Softplus(b.Scale(x, -1)), -1));
        table.Add(["torch.nn.functional.hardsigmoid"], (b, x) => b.Scale(b.Clamp(b.Shift(x, 3), 0, 6), 1.0 / 6));
        table.Add(["torch.nn.functional.hardswish"], (b, x) => b.Scale(b.Mul(x, b.Clamp(b.Shift(x, 3), 0, 6)), 1.0 / 6));
        table.Add(["torch.nn.functional.selu", "Tensor.selu"], (b, x) => b.Scale(Elu(b, x, SeluAlpha), SeluScale));
        table.Add(["torch.nn.functional.elu", "Tensor.elu"], (a, b) => Elu(b, a.RealSubject(b), a.Number("alpha", 1)));
        table.Add(["torch.nn.functional.leaky_relu", "Tensor.leaky_relu"], (a, b) => LeakyRelu(b, a.RealSubject(b), a.Number("negative_slope", 0.01)));
        table.Add(["torch.nn.functional.gelu", "Tensor.gelu"], (a, b) => a.Member("approximate", "none") == "tanh" ? GeluByTanh(b, a.RealSubject(b)) : Gelu(b, a.RealSubject(b)));
        table.Add(["torch.nn.functional.softplus", "Tensor.softplus"], (a, b) => Softplus(b, a.RealSubject(b), a.Number("beta", 1), a.Number("threshold", 20)));
        table.Add(["torch.nn.functional.glu"], Glu);
    }

    /// <summary>s x + (1 - s) relu x.</summary>
    private static Value LeakyRelu(Builder b, Value x, Scalar slope) => b.Add(b.Scale(x, slope), b.Scale(b.Relu(x), 1 - slope));

    /// <summary>relu x + a (e^min(x, 0) - 1).</summary>
    private static Value Elu(Builder b, Value x, Scalar alpha) =>
        b.Add(b.Relu(x), b.Scale(b.Shift(b.Exp(b.Scale(b.Relu(b.Scale(x, -1)), -1)), -1), alpha));

    /// <summary>x times the normal distribution function, x (1 + erf(x / sqrt 2)) / 2.</summary>
    private static Value Gelu(Builder b, Value x) => b.Mul(x, b.Shift(b.Scale(b.Erf(b.Scale(x, SqrtHalf)), 0.5), 0.5));

    /// <summary>x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2.</summary>
    private static Value GeluByTanh(Builder b, Value x)
    {
        var inner = b.Scale(b.Add(x, b.Scale(b.Pow(x, 3), 0.044715)), Math.Sqrt(2 / Math.PI));
        return b.Mul(x, b.Shift(b.Scale(b.Tanh(inner), 0.5), 0.5));
    }

    /// <summary>
    /// log(1 + e^(b x)) / b. PyTorch returns x itself where b x exceeds the threshold: from 20 on the difference is below
    /// 2.1e-9 / b and is left out; a lower threshold is what the user wants to have.
    /// </summary>
    private static Value Softplus(Builder b, Value x, Scalar beta, Scalar threshold)
    {
        var scaled = b.Scale(x, beta);
        var smooth = b.Scale(b.Softplus(scaled), 1 / beta);
        return threshold.Value >= 20 ? smooth : b.Where(b.Compare(Comparison.Greater, scaled, threshold), x, smooth);
    }

    /// <summary>The first half of a dimension, times the sigmoid of the second.</summary>
    private static Value Glu(CallArguments a, Builder b)
    {
        var x = a.RealSubject(b);
        var axis = a.Axis("dim", x.Shape, -1);
        return x.Shape[axis].TryDivide(2, out var half)
            ? b.Mul(b.Narrow(x, axis, 0, half), b.Sigmoid(b.Narrow(x, axis, half, half)))
            : throw new ShapeException(x.Shape.ToString(), "two halves", $"dimension {axis} must have an even size");
    }
}
