using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Data;

/// <summary>
/// Examples in the experiment's element type and on its device, from which batches are gathered. Each is of the first bucket that it fits, and those
/// of a bucket are cut to its places; what fits none is of the last shape, which is that of the data.
/// </summary>
internal sealed class ExamplePool : IDisposable
{
    private readonly Tensor _inputs;
    private readonly Tensor _labels;
    private readonly KeptPlaces[] _keptInputs;
    private readonly KeptPlaces[] _keptLabels;
    private readonly int? _padding;
    private readonly int[] _shapes;
    private readonly int[] _answers;

    /// <summary>The examples of all <paramref name="parts"/>, one after the other.</summary>
    /// <exception cref="L2TException">A bucket keeps places that are not there.</exception>
    public ExamplePool(IReadOnlyList<LabelledData> parts, ScalarType dtype, Device device, IReadOnlyList<Bucket> buckets)
    {
        var (inputs, labels) = (parts[0].Inputs, parts[0].Labels);
        _padding = parts[0].Padding;
        _keptInputs = [.. buckets.Select(bucket => new KeptPlaces(bucket.Inputs, (int)inputs.shape[1]))];
        _keptLabels = [.. buckets.Select(bucket => new KeptPlaces(bucket.Labels, (int)labels.shape[1]))];
        // Integers, such as tokens, stay integers.
        _inputs = Join([.. parts.Select(part => part.Inputs)], inputs.is_floating_point() ? dtype : inputs.dtype, device);
        _labels = Join([.. parts.Select(part => part.Labels)], parts[0].HasClasses ? ScalarType.Int64 : dtype, device);
        Count = (int)_inputs.shape[0];
        _shapes = new int[Count];
        _answers = new int[Count];
        Survey();
    }

    public int Count { get; }

    /// <summary>The shapes of batches: one for each bucket, and that of the data.</summary>
    public int Shapes => _keptInputs.Length + 1;

    /// <summary>The label that stands where there is nothing to say; null for none.</summary>
    public int? Padding => _padding;

    public long Bytes => _inputs.numel() * _inputs.element_size() + _labels.numel() * _labels.element_size();

    /// <summary>The shape of an example: the number of its bucket, or the last.</summary>
    public int ShapeOf(long example) => _shapes[example];

    /// <summary>How many answers an example asks for, padding left out.</summary>
    public int AnswersOf(long example) => _answers[example];

    /// <summary>Puts other examples in the place of all: as many in all, of the same shapes.</summary>
    public void Fill(IReadOnlyList<LabelledData> parts)
    {
        Copy([.. parts.Select(part => part.Inputs)], _inputs);
        Copy([.. parts.Select(part => part.Labels)], _labels);
        Survey();
    }

    /// <summary>A place for <paramref name="count"/> examples of a shape.</summary>
    public (Tensor Inputs, Tensor Labels) NewPlace(int count, int shape)
    {
        var isCut = shape < _keptInputs.Length;
        long[] inputShape = [count, .. isCut ? [_keptInputs[shape].Count] : _inputs.shape[1..]];
        long[] labelShape = [count, .. isCut ? [_keptLabels[shape].Count] : _labels.shape[1..]];
        return (
            zeros(inputShape, _inputs.dtype, _inputs.device).DetachFromDisposeScope(),
            zeros(labelShape, _labels.dtype, _labels.device).DetachFromDisposeScope());
    }

    /// <summary>Copies the examples at <paramref name="indices"/>, all of one shape, to a place made for as many.</summary>
    public void Gather(ReadOnlySpan<long> indices, int shape, Tensor inputs, Tensor labels)
    {
        var (keptInputs, keptLabels) = shape < _keptInputs.Length ? (_keptInputs[shape], _keptLabels[shape]) : (null, null);
        if (HostAccess.IsHost(_inputs) && HostAccess.IsHost(_labels))
        {
            GatherRows(_inputs, indices, keptInputs, inputs);
            GatherRows(_labels, indices, keptLabels, labels);
            return;
        }
        using var positions = tensor(indices.ToArray(), device: _inputs.device);
        Select(_inputs, positions, keptInputs, inputs);
        Select(_labels, positions, keptLabels, labels);
    }

    public void Dispose()
    {
        _inputs.Dispose();
        _labels.Dispose();
    }

    private static Tensor Join(IReadOnlyList<Tensor> parts, ScalarType dtype, Device device)
    {
        var joined = empty([parts.Sum(part => part.shape[0]), .. parts[0].shape[1..]], dtype, device).DetachFromDisposeScope();
        Copy(parts, joined);
        return joined;
    }

    // Each part is copied straight to its place: the data is there once and no more, at any time.
    private static void Copy(IReadOnlyList<Tensor> parts, Tensor joined)
    {
        var start = 0L;
        foreach (var part in parts)
        {
            using var place = joined.narrow(0, start, part.shape[0]);
            place.copy_(part);
            start += part.shape[0];
        }
    }

    // Where there are buckets, inputs and labels are int64, a row each (LossTeacherExperiment sees to that).
    private void Survey()
    {
        Array.Fill(_shapes, _keptInputs.Length);
        Array.Fill(_answers, (int)(_labels.numel() / Count));
        if (_padding is not { } padding)
            return;
        using var hostLabels = _labels.cpu();
        using var hostInputs = _keptInputs.Length == 0 ? null : _inputs.cpu();
        var labels = HostAccess.View<long>(hostLabels);
        var inputs = hostInputs is null ? [] : HostAccess.View<long>(hostInputs);
        var (inputWidth, labelWidth) = (inputs.Length / Count, labels.Length / Count);
        for (var i = 0; i < Count; i++)
        {
            var row = labels.Slice(i * labelWidth, labelWidth);
            _answers[i] = row.Length - row.Count(padding);
            for (var shape = 0; shape < _keptInputs.Length && _shapes[i] == _keptInputs.Length; shape++)
            {
                if (_keptLabels[shape].Hold(row, padding) && _keptInputs[shape].Hold(inputs.Slice(i * inputWidth, inputWidth), padding))
                    _shapes[i] = shape;
            }
        }
    }

    private static void Select(Tensor source, Tensor positions, KeptPlaces? kept, Tensor target)
    {
        using var rows = source.index_select(0, positions);
        if (kept is null)
        {
            target.copy_(rows);
            return;
        }
        using var places = tensor(kept.Places.ToArray(), device: source.device);
        using var cut = rows.index_select(1, places);
        target.copy_(cut);
    }

    private static void GatherRows(Tensor source, ReadOnlySpan<long> indices, KeptPlaces? kept, Tensor target)
    {
        var from = HostAccess.View<byte>(source);
        var to = HostAccess.View<byte>(target);
        var (row, cut) = (from.Length / (int)source.shape[0], to.Length / indices.Length);
        for (var i = 0; i < indices.Length; i++)
        {
            var example = from.Slice((int)indices[i] * row, row);
            if (kept is null)
                example.CopyTo(to[(i * cut)..]);
            else
                kept.Copy(example, to.Slice(i * cut, cut), (int)source.element_size());
        }
    }
}
