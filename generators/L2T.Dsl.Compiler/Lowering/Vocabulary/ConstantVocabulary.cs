using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>Tensors that are made of numbers.</summary>
internal static class ConstantVocabulary
{
    public static void AddTo(VocabularyTable table)
    {
        table.Add(["torch.zeros"], (a, b) => Full(a, b, 0));
        table.Add(["torch.ones"], (a, b) => Full(a, b, 1));
        table.Add(["torch.full"], (a, b) => Full(a, b, a.Number("value")));
        table.Add(["torch.zeros_like", "Tensor.zeros_like"], (a, b) => Like(a, b, 0));
        table.Add(["torch.ones_like", "Tensor.ones_like"], (a, b) => Like(a, b, 1));
        table.Add(["torch.full_like", "Tensor.full_like"], (a, b) => Like(a, b, a.Number("value")));
        table.Add(["torch.eye"], Eye);
        table.Add(["torch.tensor"], Tensor);
        table.Add(["torch.arange"], Arange);
    }

    private static Value Full(CallArguments a, Builder b, Scalar value)
    {
        RequireRealType(a);
        IReadOnlyList<Dim> sizes = a.Has("size") ? a.Sizes("size") : a.Has("rows") ? a.Sizes("rows", "columns") : a.Sizes("dim0", "dim1", "dim2", "dim3");
        return b.Full(new(sizes.ToEquatableArray()), value);
    }

    private static Value Like(CallArguments a, Builder b, Scalar value)
    {
        RequireRealType(a);
        var x = a.Subject(b);
        return x.IsReal || a.Has("dtype")
            ? b.Full(x.Shape, value)
            : throw new LoweringException("constants are real; say so with dtype: ScalarType.Float32");
    }

    private static Value Eye(CallArguments a, Builder b)
    {
        RequireRealType(a);
        var rows = a.Size("rows");
        return b.Eye(rows, a.Has("columns") && a.Size("columns") is { Value: not -1 } columns ? columns : rows);
    }

    /// <summary>A single number, or a list of numbers.</summary>
    private static Value Tensor(CallArguments a, Builder b)
    {
        RequireRealType(a);
        return a.Get("scalar", "rawArray", "dataArray") switch
        {
            NumberResult number => b.Full(Shape.Scalar, number.Value),
            ListResult { Items.Count: > 0 } list => b.Cat(0, [.. list.Items.Select(i => b.Full(Shape.Of(1), CallArguments.AsNumber(i, "rawArray")))]),
            _ => throw new LoweringException("only numbers and lists of numbers written at the call become tensors"),
        };
    }

    /// <summary>0, 1, 2 ... as integers.</summary>
    private static Value Arange(CallArguments a, Builder b)
    {
        if (a.ElementType("dtype") is not (null or ElementType.Integer) || a.Integer("start", 0) != 0 || a.Integer("step", 1) != 1)
        {
            throw new LoweringException("only arange(n), the integers from 0 up to n, has a rule");
        }

        return b.Arange(a.Size("stop"));
    }

    private static void RequireRealType(CallArguments a)
    {
        if (a.ElementType("dtype") is not (null or ElementType.Real))
        {
            throw new LoweringException("constants are real; integers come from labels, argmax and arange");
        }
    }
}
