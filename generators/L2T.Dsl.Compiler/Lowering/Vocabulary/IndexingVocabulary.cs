using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>Elements and slices named by integers.</summary>
internal static class IndexingVocabulary
{
    public static void AddTo(VocabularyTable table)
    {
        table.Add(["torch.index_select", "Tensor.index_select"], IndexSelect);
        table.Add(["torch.gather", "Tensor.gather"], (a, b) => Gather(a, b, "index"));
        table.Add(["torch.take_along_dim", "Tensor.take_along_dim"], (a, b) => Gather(a, b, "indices"));
        table.Add(["torch.nn.functional.one_hot"], OneHot);
        table.Add(["Tensor.this[]", "Tensor.index"], Index);
        table.Add(["TensorIndex.Slice"], SliceOf);
        table.Add(["TensorIndex.Single"], (a, _) => a.Get("index"));
        table.Add(["TensorIndex.Tensor"], (a, _) => a.Get("tensor"));
        table.Add(["TensorIndex.Colon"], (_, _) => new RangeResult(null, null));
        table.Add(["TensorIndex.None", "TensorIndex.Null"], (_, _) => new NothingResult());
        table.Add(["TensorIndex.Ellipsis"], (_, _) => new EnumResult("TensorIndex", "Ellipsis"));
    }

    /// <summary>
    /// The elements from a start up to an end; negative ones count from the end, and known ones stop at the border. With a step,
    /// the first of each so many.
    /// </summary>
    public static Value Range(Builder b, Value x, int axis, Dim? start, Dim? end, Dim? step = null)
    {
        var size = x.Shape[axis];
        Dim from = Place(start ?? Dim.Zero), to = end is null ? size : Place(end);
        var length = (to - from).Value < 0 ? Dim.Zero : to - from;
        return step is null || step.Value == 1 ? b.Narrow(x, axis, from, length) : Every(b, x, axis, from, length, step);

        Dim Place(Dim at)
        {
            var counted = at.Value < 0 ? size + at : at;
            return counted.Value is { } position && size.Value is { } border ? Math.Max(0, Math.Min(position, border)) : counted;
        }
    }

    /// <summary>The first of each so many elements of a stretch, told apart by a dimension of their own.</summary>
    private static Value Every(Builder b, Value x, int axis, Dim start, Dim length, Dim step)
    {
        if (step.Value <= 0)
        {
            throw new LoweringException("a slice's step must be at least 1");
        }

        if (!length.TryDivide(step, out var count))
        {
            count = (length.Value, step.Value) is ({ } elements, { } each)
                ? (elements + each - 1) / each
                : throw new ShapeException(x.Shape.ToString(), $"one of each {step}", $"it must be known at compile time how often {step} goes into {length}");
        }

        // The last one may have less behind it.
        var missing = start + (count * step) - x.Shape[axis];
        var whole = missing.Value > 0 ? b.Pad(x, axis, Dim.Zero, missing) : x;
        Dim[] outer = [.. x.Shape.Dims.Take(axis)], inner = [.. x.Shape.Dims.Skip(axis + 1)];
        var apart = b.Reshape(b.Narrow(whole, axis, start, count * step), new([.. outer, count, step, .. inner]));
        return b.Reshape(b.Narrow(apart, axis + 1, Dim.Zero, Dim.One), new([.. outer, count, .. inner]));
    }

    private static Value IndexSelect(CallArguments a, Builder b)
    {
        var x = a.Subject(b);
        return b.IndexSelect(x, a.Tensor("index", b), a.Axis("dim", x.Shape));
    }

    private static Value Gather(CallArguments a, Builder b, string index)
    {
        var x = a.Subject(b);
        return b.Gather(x, a.Tensor(index, b), a.Axis("dim", x.Shape, 0));
    }

    private static Value OneHot(CallArguments a, Builder b) => a.Has("num_classes") && a.Size("num_classes") is { Value: not -1 } classes
        ? b.OneHot(a.Subject(b), classes)
        : throw new LoweringException("give 'num_classes': the shape of the result must be known at compile time");

    private static Lowered SliceOf(CallArguments a, Builder b) =>
        a.Find("range") ?? new RangeResult(a.Find("start"), a.Find("stop"), a.Find("step"));

    /// <summary>x[...]: each index takes a dimension, but for null, which makes one, and the ellipsis, which takes what is left.</summary>
    private static Value Index(CallArguments a, Builder b)
    {
        var x = a.Subject(b);
        var indices = ((ListResult)a.Get("indices")).Items.ToList();
        var taken = indices.Count(i => i is not NothingResult and not EnumResult);
        if (taken > x.Shape.Rank)
        {
            throw new ShapeException(x.Shape.ToString(), $"{taken} indices", $"it has {x.Shape.Rank} dimensions");
        }

        if (indices.FindIndex(i => i is EnumResult) is >= 0 and var ellipsis)
        {
            indices.RemoveAt(ellipsis);
            indices.InsertRange(ellipsis, Enumerable.Repeat(new RangeResult(null, null), x.Shape.Rank - taken));
        }

        if (indices is [TensorResult rows, TensorResult columns])
        {
            return Pairs(b, x, rows.Value, columns.Value);
        }

        if (indices.Count(i => i is TensorResult) > 1)
        {
            throw new LoweringException("at most one index may be a tensor, but for x[torch.arange(n), labels]");
        }

        var axis = 0;
        foreach (var index in indices)
        {
            switch (index)
            {
                case NumberResult:
                    x = StructureVocabulary.Select(b, x, axis, CallArguments.AsSize(index, "index"));
                    break;
                case RangeResult range:
                    x = Range(b, x, axis++, Bound(range.Start), Bound(range.End), Bound(range.Step));
                    break;
                case NothingResult:
                    x = b.Reshape(x, new([.. x.Shape.Dims.Take(axis), Dim.One, .. x.Shape.Dims.Skip(axis)]));
                    axis++;
                    break;
                case TensorResult list:
                    var shape = list.Value.Shape;
                    var selected = b.IndexSelect(x, b.Reshape(RequireIndices(list.Value), Shape.Of(shape.Elements)), axis);
                    x = b.Reshape(selected, new([.. x.Shape.Dims.Take(axis), .. shape.Dims, .. x.Shape.Dims.Skip(axis + 1)]));
                    axis += shape.Rank;
                    break;
                default:
                    throw new LoweringException("an index must be a number, a range, null or a tensor of integers");
            }
        }

        return x;

        static Dim? Bound(Lowered? bound) => bound is null ? null : CallArguments.AsSize(bound, "index");
    }

    /// <summary>x[arange(n), labels]: one element of each row.</summary>
    private static Value Pairs(Builder b, Value x, Value rows, Value columns)
    {
        if (b.Binder(rows)?.Op is not ArangeOp counted || !counted.Count.Equals(x.Shape[0]) || RequireIndices(columns).Shape != rows.Shape)
        {
            throw new LoweringException("of two tensors as indices, the first must be torch.arange of the number of rows, and the second a list as long; use gather otherwise");
        }

        var index = b.Reshape(columns, Shape.Of(x.Shape[0], 1));
        return x.Shape.Rank == 2
            ? b.Reshape(b.Gather(x, index, 1), rows.Shape)
            : throw new ShapeException(x.Shape.ToString(), "a matrix", "two tensors as indices are supported for matrices; use gather otherwise");
    }

    private static Value RequireIndices(Value index) => index.Type.Element == ElementType.Integer
        ? index
        : throw new LoweringException("a tensor as an index must hold integers; for a mask use torch.where");
}
