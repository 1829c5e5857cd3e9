using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>The losses of torch.nn.functional.</summary>
internal static class LossVocabulary
{
    public static void AddTo(VocabularyTable table)
    {
        table.Add(["torch.nn.functional.cross_entropy"], CrossEntropy);
        table.Add(["torch.nn.functional.nll_loss"], (a, b) => OfLabels(a, b, a.RealSubject(b), a.Tensor("target", b)));
        table.Add(["torch.nn.functional.mse_loss"], (a, b) => Pairwise(a, b, (x, y) => b.Pow(b.Sub(x, y), 2)));
        table.Add(["torch.nn.functional.l1_loss"], (a, b) => Pairwise(a, b, (x, y) => b.Abs(b.Sub(x, y))));
        table.Add(["torch.nn.functional.huber_loss"], (a, b) => Pairwise(a, b, (x, y) => Huber(b, b.Sub(x, y), a.Number("delta", 1))));
        table.Add(["torch.nn.functional.smooth_l1_loss"], (a, b) =>
        {
            var beta = a.Number("beta", 1);
            return Pairwise(a, b, (x, y) => b.Scale(Huber(b, b.Sub(x, y), beta), 1 / beta));
        });
        table.Add(["torch.nn.functional.binary_cross_entropy"], (a, b) => Pairwise(a, b, (p, y) => BinaryCrossEntropy(b, p, y)));
        table.Add(["torch.nn.functional.binary_cross_entropy_with_logits"], (a, b) => Pairwise(a, b, (x, y) => b.Sub(b.Softplus(x), b.Mul(x, y))));
    }

    /// <summary>-log softmax at the labels, or against target probabilities; the classes are dimension 1, or 0 of a single sample.</summary>
    private static Value CrossEntropy(CallArguments a, Builder b)
    {
        var logits = a.RealSubject(b);
        var target = a.Tensor("target", b);
        var axis = ClassAxis(logits.Shape);
        var logProbabilities = b.LogSoftmax(logits, axis);
        var smoothing = a.Number("label_smoothing", 0);
        var classes = Scalar.Of(logits.Shape[axis]);
        if (!target.IsReal)
        {
            var nll = OfLabels(a, b, logProbabilities, target, smoothing.Value == 0 ? null : 1 - smoothing);
            if (smoothing.Value == 0)
            {
                return nll;
            }

            RequireUnweighted(a);
            var uniform = b.Scale(b.Sum(logProbabilities, [axis]), -smoothing / classes);
            return b.Add(nll, Reduced(a, b, b.Reshape(uniform, target.Shape)));
        }

        RequireUnweighted(a);
        if (target.Shape != logits.Shape)
        {
            throw new ShapeException(target.Shape, logits.Shape, "target probabilities must have the shape of the logits");
        }

        var smoothed = b.Shift(b.Scale(target, 1 - smoothing), smoothing / classes);
        var losses = b.Scale(b.Sum(b.Mul(smoothed, logProbabilities), [axis]), -1);
        return Reduced(a, b, b.Reshape(losses, logits.Shape.Without([axis])));
    }

    /// <summary>-x at the labels, times a number or weights by class; a weighted mean is over the sum of the weights.</summary>
    private static Value OfLabels(CallArguments a, Builder b, Value x, Value target, Scalar? factor = null)
    {
        if (a.Integer("ignore_index", -100) != -100)
        {
            throw new LoweringException("'ignore_index' has no rule; mask the losses with reduction: Reduction.None");
        }

        var axis = ClassAxis(x.Shape);
        if (target.Type.Element != ElementType.Integer || target.Shape != x.Shape.Without([axis]))
        {
            throw new ShapeException(target.Type.ToString(), x.Type.ToString(), $"there must be one label for each {x.Shape[axis]} classes of dimension {axis}");
        }

        var index = b.Reshape(target, x.Shape.Keeping([axis]));
        var losses = b.Reshape(b.Scale(b.Gather(x, index, axis), -(factor ?? 1)), target.Shape);
        if (a.OptionalTensor("weight", b) is not { } weight)
        {
            return Reduced(a, b, losses);
        }

        if (weight.Shape != Shape.Of(x.Shape[axis]))
        {
            throw new ShapeException(weight.Shape, x.Shape, "there must be one weight for each class");
        }

        var weights = b.Reshape(b.IndexSelect(weight, b.Reshape(target, Shape.Of(target.Shape.Elements)), 0), target.Shape);
        var weighted = b.Mul(losses, weights);
        return Reduction(a) == "Mean"
            ? b.Div(Total(b, weighted), Total(b, weights))
            : Reduced(a, b, weighted);
    }

    /// <summary>d^2/2 up to delta, then delta (|d| - delta/2): with m = min(|d|, delta) it is m (|d| - m/2).</summary>
    private static Value Huber(Builder b, Value d, Scalar delta)
    {
        var distance = b.Abs(d);
        var limited = b.Clamp(distance, double.NegativeInfinity, delta);
        return b.Mul(limited, b.Sub(distance, b.Scale(limited, 0.5)));
    }

    /// <summary>-(y log p + (1 - y) log(1 - p)), the logs not below -100, as in PyTorch.</summary>
    private static Value BinaryCrossEntropy(Builder b, Value p, Value y)
    {
        Value positive = Limited(p), negative = Limited(b.Shift(b.Scale(p, -1), 1));
        return b.Scale(b.Add(b.Mul(y, positive), b.Mul(b.Shift(b.Scale(y, -1), 1), negative)), -1);

        Value Limited(Value probability) => b.Clamp(b.Log(probability), -100, double.PositiveInfinity);
    }

    private static Value Pairwise(CallArguments a, Builder b, Func<Value, Value, Value> loss)
    {
        var (x, y) = Broadcasting.RealTogether(b, a.Subject(b), a.Tensor("target", b));
        var losses = loss(x, y);
        if (a.OptionalTensor("weight", b) is { } weight)
        {
            losses = b.Mul(losses, b.Expand(b.ToReal(weight), losses.Shape));
        }

        return Reduced(a, b, losses);
    }

    private static Value Reduced(CallArguments a, Builder b, Value losses) => Reduction(a) switch
    {
        "None" => losses,
        "Sum" => Total(b, losses),
        _ => b.Reshape(b.Mean(losses, losses.Shape.Axes()), Shape.Scalar),
    };

    private static string Reduction(CallArguments a) => a.Member("reduction", "Mean");

    private static Value Total(Builder b, Value x) => b.Reshape(b.Sum(x, x.Shape.Axes()), Shape.Scalar);

    private static int ClassAxis(Shape shape) => shape.Rank switch
    {
        0 => throw new ShapeException(shape.ToString(), "scores of classes", "there must be a dimension of classes"),
        1 => 0,
        _ => 1,
    };

    private static void RequireUnweighted(CallArguments a)
    {
        if (a.Has("weight"))
        {
            throw new LoweringException("'weight' together with smoothed or given probabilities has no rule");
        }
    }
}
