using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Data;

/// <summary>Examples in the experiment's element type and on its device, from which batches are gathered.</summary>
internal sealed class ExamplePool : IDisposable
{
    private readonly Tensor _inputs;
    private readonly Tensor _labels;

    /// <summary>The examples of all <paramref name="parts"/>, one after the other.</summary>
    public ExamplePool(IReadOnlyList<LabelledData> parts, ScalarType dtype, Device device)
    {
        // Integers, such as tokens, stay integers.
        var inputType = parts[0].Inputs.is_floating_point() ? dtype : parts[0].Inputs.dtype;
        _inputs = Join([.. parts.Select(part => part.Inputs)], inputType, device);
        _labels = Join([.. parts.Select(part => part.Labels)], parts[0].HasClasses ? ScalarType.Int64 : dtype, device);
        Count = (int)_inputs.shape[0];
    }

    public int Count { get; }

    public long Bytes => _inputs.numel() * _inputs.element_size() + _labels.numel() * _labels.element_size();

    /// <summary>Puts other examples in the place of all: as many in all, of the same shapes.</summary>
    public void Fill(IReadOnlyList<LabelledData> parts)
    {
        Copy([.. parts.Select(part => part.Inputs)], _inputs);
        Copy([.. parts.Select(part => part.Labels)], _labels);
    }

    /// <summary>A place for <paramref name="count"/> examples.</summary>
    public (Tensor Inputs, Tensor Labels) NewPlace(int count)
    {
        long[] inputShape = [count, .. _inputs.shape[1..]];
        long[] labelShape = [count, .. _labels.shape[1..]];
        return (
            zeros(inputShape, _inputs.dtype, _inputs.device).DetachFromDisposeScope(),
            zeros(labelShape, _labels.dtype, _labels.device).DetachFromDisposeScope());
    }

    /// <summary>Copies the examples at <paramref name="indices"/> to a place made for as many.</summary>
    public void Gather(ReadOnlySpan<long> indices, Tensor inputs, Tensor labels)
    {
        if (HostAccess.IsHost(_inputs) && HostAccess.IsHost(_labels))
        {
            GatherRows(_inputs, indices, inputs);
            GatherRows(_labels, indices, labels);
            return;
        }
        using var positions = tensor(indices.ToArray(), device: _inputs.device);
        using var gatheredInputs = _inputs.index_select(0, positions);
        using var gatheredLabels = _labels.index_select(0, positions);
        inputs.copy_(gatheredInputs);
        labels.copy_(gatheredLabels);
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

    private static void GatherRows(Tensor source, ReadOnlySpan<long> indices, Tensor target)
    {
        var from = HostAccess.View<byte>(source);
        var to = HostAccess.View<byte>(target);
        var row = to.Length / indices.Length;
        for (var i = 0; i < indices.Length; i++)
            from.Slice((int)indices[i] * row, row).CopyTo(to[(i * row)..]);
    }
}
