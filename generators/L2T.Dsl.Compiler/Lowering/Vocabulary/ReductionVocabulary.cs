using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>Reductions over all dimensions, one, or several; and softmax.</summary>
internal static class ReductionVocabulary
{
    private static readonly string[] AxesNames = ["dim", "dims", "dimensions", "dim0"];

    public static void AddTo(VocabularyTable table)
    {
        table.Add(["torch.sum", "Tensor.sum"], (a, b) => Reduce(a, b, b.Sum));
        table.Add(["torch.mean", "Tensor.mean"], (a, b) => Reduce(a, b, b.Mean));
        table.Add(["torch.amax", "Tensor.amax"], (a, b) => Reduce(a, b, b.Amax));
        table.Add(["torch.amin", "Tensor.amin"], (a, b) => Reduce(a, b, b.Amin));
        table.Add(["torch.var", "Tensor.var"], (a, b) => AxesNames.Any(a.Has) || a.Boolean("unbiased", true)
            ? Variance(a, b)
            : throw new LoweringException("TorchSharp 0.107 ignores 'unbiased: false' where no dimensions are named; name them"));
        table.Add(["torch.std", "Tensor.std"], (a, b) => b.Sqrt(Variance(a, b)));
        table.Add(["torch.logsumexp", "Tensor.logsumexp"], LogSumExp);
        table.Add(["torch.max", "Tensor.max"], (a, b) => Extremum(a, b, 1, BuilderOps.Maximum, b.Amax));
        table.Add(["torch.min", "Tensor.min"], (a, b) => Extremum(a, b, -1, BuilderOps.Minimum, b.Amin));
        table.Add(["torch.argmax", "Tensor.argmax"], (a, b) => ArgMax(a, b, 1));
        table.Add(["torch.argmin", "Tensor.argmin"], (a, b) => ArgMax(a, b, -1));

        string[] softmax = ["torch.softmax", "Tensor.softmax", "torch.nn.functional.softmax", "torch.special.softmax"];
        table.Add(softmax, (a, b) => b.Softmax(Typed(a, b, "dtype"), a.Axis("dim", a.Subject(b).Shape)));
        string[] logSoftmax = ["Tensor.log_softmax", "torch.nn.functional.log_softmax", "torch.special.log_softmax"];
        table.Add(logSoftmax, (a, b) => b.LogSoftmax(Typed(a, b, "dtype"), a.Axis("dim", a.Subject(b).Shape)));
    }

    /// <summary>The tensor of a call as reals, which is also all that a type given with it may ask for.</summary>
    private static Value Typed(CallArguments a, Builder b, string name) => a.ElementType(name) is null or ElementType.Real
        ? a.RealSubject(b)
        : throw new LoweringException($"'{name}' must be a real type here");

    private static Value Reduce(CallArguments a, Builder b, Func<Value, EquatableArray<int>, Value> function)
    {
        var x = Typed(a, b, "type");
        var axes = a.Axes(x.Shape, AxesNames);
        return Shaped(a, b, function(x, axes), axes);
    }

    /// <summary>Drops the reduced dimensions, unless the call keeps them.</summary>
    private static Value Shaped(CallArguments a, Builder b, Value reduced, EquatableArray<int> axes) =>
        a.Boolean("keepdim", false) ? reduced : b.Reshape(reduced, reduced.Shape.Without(axes));

    /// <summary>The mean square distance from the mean; over n - 1 unless the call says otherwise.</summary>
    private static Value Variance(CallArguments a, Builder b)
    {
        var x = Typed(a, b, "type");
        var axes = a.Axes(x.Shape, AxesNames);
        var centred = b.Sub(x, b.Expand(b.Mean(x, axes), x.Shape));
        var count = x.Shape.Count(axes) - (a.Boolean("unbiased", true) ? 1 : 0);
        return Shaped(a, b, b.Scale(b.Sum(b.Pow(centred, 2), axes), 1 / count), axes);
    }

    private static Value LogSumExp(CallArguments a, Builder b)
    {
        var x = a.RealSubject(b);
        var axis = a.Axis("dim", x.Shape);
        return Shaped(a, b, b.LogSumExp(x, axis), [axis]);
    }

    /// <summary>max and min: of all elements, of two tensors, or over a dimension with the place where it is attained.</summary>
    private static Lowered Extremum(
        CallArguments a,
        Builder b,
        int direction,
        Func<Builder, Value, Value, Value> ofTwo,
        Func<Value, EquatableArray<int>, Value> ofAll)
    {
        if (a.Has("other"))
        {
            return new TensorResult(PointwiseVocabulary.Pair(a, b, ofTwo));
        }

        var x = a.RealSubject(b);
        if (!a.Has("dim"))
        {
            return new TensorResult(b.Reshape(ofAll(x, x.Shape.Axes()), Shape.Scalar));
        }

        var axis = a.Axis("dim", x.Shape);
        var index = b.ArgMax(b.Scale(x, direction), axis);
        return new TupleResult([new TensorResult(Shaped(a, b, b.Gather(x, index, axis), [axis])), new TensorResult(Shaped(a, b, index, [axis]))]);
    }

    private static Value ArgMax(CallArguments a, Builder b, int direction)
    {
        var x = b.Scale(a.RealSubject(b), direction);
        if (!a.Has("dim"))
        {
            return b.Reshape(b.ArgMax(b.Reshape(x, Shape.Of(x.Shape.Elements)), 0), Shape.Scalar);
        }

        var axis = a.Axis("dim", x.Shape);
        return Shaped(a, b, b.ArgMax(x, axis), [axis]);
    }
}
