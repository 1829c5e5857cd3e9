using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>The same elements in another arrangement, tensors joined and taken apart, and what is known of a tensor's shape.</summary>
internal static class StructureVocabulary
{
    public static void AddTo(VocabularyTable table)
    {
        table.Add(["Tensor.shape"], (a, b) => ListOf(a.Subject(b).Shape));
        table.Add(["Tensor.size"], (a, b) => a.Has("dim") ? NumberOf(a.Subject(b).Shape[a.Axis("dim", a.Subject(b).Shape)]) : ListOf(a.Subject(b).Shape));
        table.Add(["Tensor.ndim", "Tensor.dim", "Tensor.Dimensions"], (a, b) => new NumberResult(a.Subject(b).Shape.Rank, true));
        table.Add(["Tensor.numel", "Tensor.NumberOfElements", "torch.numel"], (a, b) => NumberOf(a.Subject(b).Shape.Elements));
        table.Add(["Tensor.dtype"], (a, b) => new ElementTypeResult(a.Subject(b).Type.Element));
        table.Add(["Tensor.device", "torch.CPU"], (_, _) => new NothingResult());

        table.Add(["torch.reshape", "Tensor.reshape", "Tensor.view"], (a, b) => Reshape(b, a.Subject(b), a.Sizes("shape")));
        table.Add(["Tensor.view_as"], (a, b) => b.Reshape(a.Subject(b), a.Tensor("other", b).Shape));
        table.Add(["torch.flatten", "Tensor.flatten"], Flatten);
        table.Add(["torch.ravel", "Tensor.ravel"], (CallArguments a, Builder b) => Reshape(b, a.Subject(b), [-1]));
        table.Add(["torch.unsqueeze", "Tensor.unsqueeze"], Unsqueeze);
        table.Add(["torch.squeeze", "Tensor.squeeze"], Squeeze);
        table.Add(["Tensor.expand"], (a, b) => Expand(b, a.Subject(b), a.Sizes("sizes")));
        table.Add(["torch.broadcast_to", "Tensor.broadcast_to"], (a, b) => Expand(b, a.Subject(b), a.Sizes("shape")));
        table.Add(["Tensor.expand_as"], (a, b) => b.Expand(a.Subject(b), a.Tensor("other", b).Shape));
        table.Add(["torch.permute", "Tensor.permute"], Permute);
        table.Add(["torch.tril", "Tensor.tril"], (CallArguments a, Builder b) => b.Triangle(a.Subject(b), isUpper: false, a.Has("diagonal") ? a.Size("diagonal") : 0));
        table.Add(["torch.triu", "Tensor.triu"], (CallArguments a, Builder b) => b.Triangle(a.Subject(b), isUpper: true, a.Has("diagonal") ? a.Size("diagonal") : 0));
        string[] transpose = ["torch.transpose", "Tensor.transpose", "torch.swapaxes", "Tensor.swapaxes", "torch.swapdims", "Tensor.swapdims"];
        table.Add(transpose, Transpose);
        table.Add(["torch.t", "Tensor.t"], (CallArguments a, Builder b) => MatrixTranspose(b, a.Subject(b)));
        table.Add(["Tensor.T"], (a, b) => b.Permute(a.Subject(b), Enumerable.Range(0, a.Subject(b).Shape.Rank).Reverse().ToEquatableArray()));
        table.Add(["Tensor.mT"], BatchTranspose);
        table.Add(["torch.flip", "Tensor.flip"], (CallArguments a, Builder b) => b.Flip(a.Subject(b), a.Axes(a.Subject(b).Shape, "dims")));
        table.Add(["torch.fliplr", "Tensor.fliplr"], (CallArguments a, Builder b) => b.Flip(a.Subject(b), [1]));
        table.Add(["torch.flipud", "Tensor.flipud"], (CallArguments a, Builder b) => b.Flip(a.Subject(b), [0]));

        table.Add(["torch.narrow", "Tensor.narrow"], Narrow);
        table.Add(["Tensor.slice"], Slice);
        table.Add(["torch.select", "Tensor.select"], Select);
        table.Add(["torch.cat", "torch.concat", "torch.concatenate"], Cat);
        table.Add(["torch.nn.functional.pad"], Pad);
        table.Add(["torch.stack"], Stack);
        table.Add(["torch.chunk", "Tensor.chunk"], Chunk);
        table.Add(["torch.split", "Tensor.split"], Split);
        table.Add(["torch.unbind", "Tensor.unbind"], Unbind);

        table.Add(["Tensor.detach"], (CallArguments a, Builder b) => b.Detach(a.Subject(b)));
        table.Add(["Tensor.contiguous", "Tensor.clone", "torch.clone", "Tensor.alias", "Tensor.cpu"], (CallArguments a, Builder b) => a.Subject(b));
    }

    /// <summary>A tensor without one of its dimensions, taken at an index; negative ones count from the end.</summary>
    public static Value Select(Builder b, Value x, int axis, Dim index)
    {
        var from = index.Value < 0 ? x.Shape[axis] + index : index;
        return b.Reshape(b.Narrow(x, axis, from, Dim.One), x.Shape.Without([axis]));
    }

    private static NumberResult NumberOf(Dim size) => new(Scalar.Of(size), true);

    private static ListResult ListOf(Shape shape) => new(shape.Dims.Select(d => (Lowered)NumberOf(d)).ToEquatableArray());

    /// <summary>Another shape, in which one size may be -1: what is left.</summary>
    private static Value Reshape(Builder b, Value x, IReadOnlyList<Dim> sizes)
    {
        var open = sizes.Select((d, i) => (d, i)).Where(s => s.d.Value == -1).Select(s => s.i).ToArray();
        if (open.Length == 0)
        {
            return b.Reshape(x, new([.. sizes]));
        }

        var known = sizes.Where((_, i) => i != open[0]).Aggregate(Dim.One, (n, d) => n * d);
        return open.Length == 1 && known.Value != 0 && x.Shape.Elements.TryDivide(known, out var rest)
            ? b.Reshape(x, new(sizes.ToEquatableArray().With(open[0], rest)))
            : throw new ShapeException(x.Shape, new([.. sizes]), $"one size may be -1, where {x.Shape.Elements} elements are a multiple of the other sizes");
    }

    private static Value Flatten(CallArguments a, Builder b)
    {
        var x = a.Subject(b);
        if (x.Shape.Rank == 0)
        {
            return b.Reshape(x, Shape.Of(1));
        }

        int start = a.Axis("start_dim", x.Shape, 0), end = a.Axis("end_dim", x.Shape, -1);
        return start > end
            ? throw new ShapeException(x.Shape.ToString(), $"dimensions {start} to {end}", "the first must not come after the last")
            : b.Reshape(x, new([
                .. x.Shape.Dims.Take(start),
                x.Shape.Dims.Skip(start).Take(end - start + 1).Aggregate(Dim.One, (n, d) => n * d),
                .. x.Shape.Dims.Skip(end + 1),
            ]));
    }

    private static Value Unsqueeze(CallArguments a, Builder b)
    {
        var x = a.Subject(b);
        // One place more than there are dimensions.
        return Insert(b, x, a.Axis("dim", new([.. x.Shape.Dims, Dim.One])));
    }

    private static Value Insert(Builder b, Value x, int axis) =>
        b.Reshape(x, new([.. x.Shape.Dims.Take(axis), Dim.One, .. x.Shape.Dims.Skip(axis)]));

    /// <summary>Drops a dimension of size 1, or all that are known to have it.</summary>
    private static Value Squeeze(CallArguments a, Builder b)
    {
        var x = a.Subject(b);
        var axes = a.Has("dim") ? [a.Axis("dim", x.Shape)] : x.Shape.Axes();
        return b.Reshape(x, x.Shape.Without(axes.Where(i => x.Shape[i].Value == 1).ToEquatableArray()));
    }

    /// <summary>Broadcasts to sizes, of which -1 keeps what is there.</summary>
    private static Value Expand(Builder b, Value x, IReadOnlyList<Dim> sizes)
    {
        var offset = sizes.Count - x.Shape.Rank;
        var target = sizes.Select((d, i) => d.Value == -1 && i >= offset && i - offset < x.Shape.Rank ? x.Shape[i - offset] : d);
        return b.Expand(x, new(target.ToEquatableArray()));
    }

    private static Value Permute(CallArguments a, Builder b)
    {
        var x = a.Subject(b);
        var order = a.Get("permutation") is ListResult list
            ? list.Items.Select(i => CallArguments.Normalise(CallArguments.AsInteger(i, "permutation"), x.Shape)).ToEquatableArray()
            : throw new LoweringException("'permutation' must be a list of dimensions");
        return order.Distinct().Count() == x.Shape.Rank && order.Count == x.Shape.Rank
            ? b.Permute(x, order)
            : throw new ShapeException(x.Shape.ToString(), $"the order {order}", "an order names each dimension once");
    }

    private static Value Transpose(CallArguments a, Builder b)
    {
        var x = a.Subject(b);
        return b.Transpose(x, a.Axis(a.Has("axis0") ? "axis0" : "dim0", x.Shape), a.Axis(a.Has("axis1") ? "axis1" : "dim1", x.Shape));
    }

    private static Value MatrixTranspose(Builder b, Value x) => x.Shape.Rank switch
    {
        < 2 => x,
        2 => b.Transpose(x, 0, 1),
        _ => throw new ShapeException(x.Shape.ToString(), "a matrix", "t() takes at most two dimensions; use mT for a batch of matrices"),
    };

    private static Value BatchTranspose(CallArguments a, Builder b)
    {
        var x = a.Subject(b);
        return x.Shape.Rank >= 2
            ? b.Transpose(x, x.Shape.Rank - 2, x.Shape.Rank - 1)
            : throw new ShapeException(x.Shape.ToString(), "matrices", "there must be two dimensions at least");
    }

    private static Value Narrow(CallArguments a, Builder b)
    {
        var x = a.Subject(b);
        return b.Narrow(x, a.Axis("dim", x.Shape), a.Size("start"), a.Size("length"));
    }

    private static Value Slice(CallArguments a, Builder b)
    {
        var x = a.Subject(b);
        return IndexingVocabulary.Range(b, x, a.Axis("dim", x.Shape), a.Size("start"), a.Size("finish"), a.Size("step"));
    }

    private static Value Select(CallArguments a, Builder b)
    {
        var x = a.Subject(b);
        return Select(b, x, a.Axis("dim", x.Shape), a.Size("index"));
    }

    private static Value Cat(CallArguments a, Builder b)
    {
        if (a.Get("tensors") is StackResult { Value: var stack })
        {
            // The places come just before the dimension that they go into.
            var joined = a.Axis(a.Has("axis") ? "axis" : "dim", stack.Shape.Without([0]), 0);
            var moved = b.Permute(stack, [.. Enumerable.Range(1, joined), 0, .. Enumerable.Range(joined + 1, stack.Shape.Rank - joined - 1)]);
            return b.Reshape(moved, new([.. moved.Shape.Dims.Take(joined), moved.Shape[joined] * moved.Shape[joined + 1], .. moved.Shape.Dims.Skip(joined + 2)]));
        }

        var parts = a.Tensors("tensors", b);
        if (parts.Count == 0)
        {
            throw new LoweringException("there must be a tensor to join");
        }

        parts = parts.All(p => p.Type.Element == parts[0].Type.Element) ? parts : [.. parts.Select(b.ToReal)];
        return b.Cat(a.Axis(a.Has("axis") ? "axis" : "dim", parts[0].Shape, 0), [.. parts]);
    }

    /// <summary>
    /// A number before and after the elements of the last dimensions, told from the last one on, or of all dimensions; less than
    /// none takes elements away.
    /// </summary>
    private static Value Pad(CallArguments a, Builder b)
    {
        var x = a.RealSubject(b);
        if (a.Member("mode", "Constant") is not ("Constant" or "Zeros"))
        {
            throw new LoweringException("'mode' must be PaddingModes.Constant; join flipped or repeated stretches with torch.cat for others");
        }

        EquatableArray<Dim> ends = a.Get("pad") switch
        {
            ListResult list => list.Items.Select(i => CallArguments.AsSize(i, "pad")).ToEquatableArray(),
            TupleResult tuple => tuple.Items.Select(i => CallArguments.AsSize(i, "pad")).ToEquatableArray(),
            var all => Enumerable.Repeat(CallArguments.AsSize(all, "pad"), 2 * x.Shape.Rank).ToEquatableArray(),
        };
        if (ends.Count % 2 != 0 || ends.Count > 2 * x.Shape.Rank)
        {
            throw new ShapeException(x.Shape.ToString(), $"{ends.Count} numbers", "'pad' has two for each dimension that grows, the last dimension's first");
        }

        var value = a.Number("value", 0);
        Dim[] before = [.. x.Shape.Dims.Select(_ => Dim.Zero)], after = [.. before];
        for (var i = 0; i < ends.Count; i += 2)
        {
            var axis = x.Shape.Rank - 1 - (i / 2);
            (before[axis], after[axis]) = (ends[i], ends[i + 1]);
            Dim from = before[axis].Value < 0 ? Dim.Zero - before[axis] : Dim.Zero, cut = after[axis].Value < 0 ? Dim.Zero - after[axis] : Dim.Zero;
            x = b.Narrow(x, axis, from, x.Shape[axis] - from - cut);
            (before[axis], after[axis]) = (before[axis] + from, after[axis] + cut);
            if (value.Value != 0)
            {
                x = b.Cat(axis, [.. new[] { Constants(axis, before[axis]), x, Constants(axis, after[axis]) }.OfType<Value>()]);
            }
        }

        return value.Value == 0 ? b.Pad(x, before.ToEquatableArray(), after.ToEquatableArray()) : x;

        Value? Constants(int axis, Dim count) => count.Value == 0 ? null : b.Full(new(x.Shape.Dims.With(axis, count)), value);
    }

    private static Value Stack(CallArguments a, Builder b)
    {
        if (a.Get("tensors") is StackResult { Value: var stack })
        {
            var place = a.Axis("dim", stack.Shape, 0);
            return b.Permute(stack, [.. Enumerable.Range(1, place), 0, .. Enumerable.Range(place + 1, stack.Shape.Rank - place - 1)]);
        }

        var parts = a.Tensors("tensors", b);
        if (parts.Count == 0 || parts.Any(p => p.Shape != parts[0].Shape))
        {
            throw new LoweringException("tensors that are stacked must all have one shape");
        }

        var axis = a.Axis("dim", new([.. parts[0].Shape.Dims, Dim.One]), 0);
        return b.Cat(axis, [.. parts.Select(p => Insert(b, p, axis))]);
    }

    /// <summary>Parts of equal size, the last one smaller if need be.</summary>
    private static Lowered Chunk(CallArguments a, Builder b)
    {
        var x = a.Subject(b);
        var axis = a.Axis("dim", x.Shape, 0);
        var chunks = a.Integer("chunks");
        if (x.Shape[axis].Value is { } size)
        {
            return Parts(b, x, axis, (size + chunks - 1) / chunks);
        }

        return x.Shape[axis].TryDivide(chunks, out var part)
            ? new ListResult(Enumerable.Range(0, chunks).Select(i => (Lowered)new TensorResult(b.Narrow(x, axis, part * i, part))).ToEquatableArray())
            : throw new ShapeException(x.Shape.ToString(), $"{chunks} parts", $"it must be known how {x.Shape[axis]} is divided");
    }

    private static Lowered Split(CallArguments a, Builder b)
    {
        var x = a.Subject(b);
        var axis = a.Axis("dim", x.Shape, 0);
        if (a.Find("sizes", "split_size_or_sections") is ListResult sizes)
        {
            var start = Dim.Zero;
            var parts = new List<Lowered>();
            foreach (var length in sizes.Items.Select(i => CallArguments.AsSize(i, "sizes")))
            {
                parts.Add(new TensorResult(b.Narrow(x, axis, start, length)));
                start += length;
            }

            return start.Equals(x.Shape[axis])
                ? new ListResult(parts.ToEquatableArray())
                : throw new ShapeException(x.Shape.ToString(), $"parts of {start} in all", $"dimension {axis} has {x.Shape[axis]} elements");
        }

        return x.Shape[axis].Value is not null
            ? Parts(b, x, axis, a.Integer("size"))
            : throw new ShapeException(x.Shape.ToString(), $"parts of {a.Integer("size")}", $"it must be known at compile time how many parts {x.Shape[axis]} has");
    }

    private static Lowered Unbind(CallArguments a, Builder b)
    {
        var x = a.Subject(b);
        var axis = a.Axis(a.Has("dimension") ? "dimension" : "dim", x.Shape, 0);
        return x.Shape[axis].Value is { } count
            ? new ListResult(Enumerable.Range(0, (int)count).Select(i => (Lowered)new TensorResult(Select(b, x, axis, i))).ToEquatableArray())
            : throw new ShapeException(x.Shape.ToString(), "single slices", $"it must be known at compile time how many {x.Shape[axis]} are");
    }

    /// <summary>Parts of a known dimension, the last one smaller if need be.</summary>
    private static ListResult Parts(Builder b, Value x, int axis, long length)
    {
        var size = x.Shape[axis].Value!.Value;
        if (length < 1)
        {
            throw new LoweringException("a part must have one element at least");
        }

        var parts = new List<Lowered>();
        for (long start = 0; start < size; start += length)
        {
            parts.Add(new TensorResult(b.Narrow(x, axis, start, Math.Min(length, size - start))));
        }

        return new(parts.ToEquatableArray());
    }
}
