using System.Security.Cryptography;
using System.Text;
using L2T.Dsl.Metrics;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Data;

/// <summary>
/// Examples with class labels, or with real numbers in their place, checked when they come in: as many labels as inputs, labels in range, no
/// NaN or infinity. Holds references of its own to the storage it is given: whoever made the tensors may dispose theirs, and disposing this leaves theirs alone.
/// </summary>
public sealed class LabelledData : IDisposable
{
    private const int FingerprintBytes = 16;
    private readonly int? _padding;

    /// <param name="inputs">The inputs [N, ...].</param>
    /// <param name="labels">The labels [N] (or [N, ...], one for each output position), integers in 0, ..., <paramref name="classes"/> - 1.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="name">What to call the data in messages, such as the file it comes from.</param>
    /// <exception cref="L2TException">The data is not fit for training; the message names the first fault.</exception>
    public LabelledData(Tensor inputs, Tensor labels, int classes, string name = "the data")
    {
        Libtorch.EnsureLoaded();
        if (classes < 2)
            throw new L2TException($"{name}: {classes} classes. Give at least 2.");
        if (labels.is_floating_point() || labels.is_complex() || labels.dtype == ScalarType.Bool)
            throw new L2TException($"{name}: labels of type {labels.dtype}. Give class numbers, as integers; or no number of classes, if these are real-valued targets.");
        Name = name;
        Classes = classes;
        (Inputs, Labels) = Take(inputs, labels, ScalarType.Int64);
    }

    /// <summary>Examples whose targets are real numbers, as of regression.</summary>
    /// <param name="inputs">The inputs [N, ...].</param>
    /// <param name="targets">What the student's output is to be, [N, ...], float32 or float64.</param>
    /// <param name="name">What to call the data in messages, such as the file it comes from.</param>
    /// <exception cref="L2TException">The data is not fit for training; the message names the first fault.</exception>
    public LabelledData(Tensor inputs, Tensor targets, string name = "the data")
    {
        Libtorch.EnsureLoaded();
        if (targets.dtype is not (ScalarType.Float32 or ScalarType.Float64))
            throw new L2TException($"{name}: targets of type {targets.dtype}. Give float32 or float64; or, if these are class labels, the number of classes too.");
        Name = name;
        (Inputs, Labels) = Take(inputs, targets, targets.dtype);
    }

    /// <summary>What the data is called in messages.</summary>
    public string Name { get; }

    /// <summary>The inputs [N, ...], contiguous.</summary>
    public Tensor Inputs { get; }

    /// <summary>The labels [N], int64, contiguous; or the real-valued targets [N, ...], as they were given.</summary>
    public Tensor Labels { get; }

    /// <summary>Number of classes; 0 where the targets are real numbers.</summary>
    public int Classes { get; }

    /// <summary>
    /// A label that stands where there is nothing to say, as behind the end of a sentence; null for none. Answers there are not counted in error
    /// figures; a loss form and a metric have to leave them out themselves. The library's losses and metrics of words leave out label 0.
    /// </summary>
    /// <exception cref="L2TException">It is not one of the classes.</exception>
    public int? Padding
    {
        get => _padding;
        init
        {
            if (value is { } label && (label < 0 || label >= Classes))
            {
                throw new L2TException(HasClasses
                    ? $"{Name}: padding is label {label}, outside 0..{Classes - 1}. Give one of the classes, or null for none."
                    : $"{Name}: padding is label {label}, but these targets are real numbers. Leave it null.");
            }
            _padding = value;
        }
    }

    /// <summary>Whether the targets are class labels, not real numbers.</summary>
    public bool HasClasses => Classes > 0;

    /// <summary>What the error of a student is that is held to these targets.</summary>
    public ErrorMeasure Measure => HasClasses ? ErrorMeasure.ErrorRate : ErrorMeasure.MeanSquaredError;

    /// <summary>Number of examples.</summary>
    public int Count => (int)Inputs.shape[0];

    /// <summary>The shape of one input.</summary>
    public long[] InputShape => Inputs.shape[1..];

    /// <summary>The examples at <paramref name="indices"/>, in that order, copied.</summary>
    /// <exception cref="L2TException">There is no such example, or none is asked for.</exception>
    public LabelledData Select(ReadOnlySpan<long> indices)
    {
        if (indices.IsEmpty)
            throw new L2TException($"No example of {Name} was selected. Select at least one.");
        foreach (var index in indices)
        {
            if (index < 0 || index >= Count)
                throw new L2TException($"There is no example {index} in {Name}: it has {Count}.");
        }
        using var positions = tensor(indices.ToArray(), device: Inputs.device);
        using var inputs = Inputs.index_select(0, positions);
        using var labels = Labels.index_select(0, positions);
        return Like(inputs, labels);
    }

    /// <summary>These examples and then those of <paramref name="other"/>, copied.</summary>
    /// <exception cref="L2TException">The two differ in the shape of an input, in the number of classes, or in the shape of a target.</exception>
    public LabelledData Concat(LabelledData other)
    {
        RequireAlike(other);
        using var inputs = cat([Inputs, other.Inputs], 0);
        using var labels = cat([Labels, other.Labels], 0);
        return Like(inputs, labels);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Inputs.Dispose();
        Labels.Dispose();
    }

    /// <summary>A digest of the values, to tell whether two sets are the same.</summary>
    internal string Fingerprint()
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var values in new[] { Inputs, Labels })
        {
            digest.AppendData(Encoding.UTF8.GetBytes($"{values.dtype}[{string.Join(",", values.shape)}]"));
            // One example at a time: a span holds no more than 2 GiB.
            for (var i = 0L; i < Count; i++)
            {
                using var example = values.select(0, i);
                using var host = example.cpu();
                digest.AppendData(HostAccess.View<byte>(host));
            }
        }
        if (Padding is { } padding)
            digest.AppendData(BitConverter.GetBytes(padding));
        return Convert.ToHexString(digest.GetHashAndReset().AsSpan(0, FingerprintBytes));
    }

    internal void RequireAlike(LabelledData other)
    {
        if (Classes != other.Classes || Padding != other.Padding || Inputs.dtype != other.Inputs.dtype || !InputShape.AsSpan().SequenceEqual(other.InputShape)
            || Labels.dtype != other.Labels.dtype || !Labels.shape.AsSpan(1).SequenceEqual(other.Labels.shape.AsSpan(1)))
        {
            throw new L2TException($"{Name} has {Describe()}, {other.Name} {other.Describe()}. The parts of an experiment's data must be alike.");
        }
    }

    private LabelledData Like(Tensor inputs, Tensor labels) =>
        HasClasses ? new LabelledData(inputs, labels, Classes, Name) { Padding = Padding } : new LabelledData(inputs, labels, Name);

    private (Tensor Inputs, Tensor Labels) Take(Tensor inputs, Tensor labels, ScalarType labelType)
    {
        var what = HasClasses ? "label" : "target";
        if (inputs.dim() < 1 || labels.dim() < 1)
            throw new L2TException($"{Name}: inputs and {what}s need a first dimension, that of the examples. Give [N, ...] and [N].");
        if (inputs.shape[0] == 0)
            throw new L2TException($"{Name} has no examples. Give at least one.");
        if (inputs.shape[0] != labels.shape[0])
            throw new L2TException($"{Name}: {inputs.shape[0]} inputs but {labels.shape[0]} {what}s. Give one {what} for each input.");
        Tensor ownInputs, ownLabels;
        using (no_grad())
        {
            ownInputs = Private(inputs, inputs.dtype);
            ownLabels = Private(labels, labelType);
        }
        try
        {
            CheckValues(ownInputs, ownLabels);
            return (ownInputs, ownLabels);
        }
        catch
        {
            ownInputs.Dispose();
            ownLabels.Dispose();
            throw;
        }
    }

    private void CheckValues(Tensor inputs, Tensor labels)
    {
        if (HasClasses)
        {
            using var below = labels.lt(0);
            using var above = labels.ge(Classes);
            using var outside = below.logical_or(above);
            if (First(outside) is { } label)
            {
                using var flat = labels.flatten();
                using var wrong = flat[label];
                throw new L2TException($"{Name}: label {wrong.item<long>()} of example {label / (labels.numel() / labels.shape[0])} is outside "
                    + $"0..{Classes - 1}. Correct the labels, or the number of classes.");
            }
        }
        else
        {
            RequireFinite("target", labels);
        }
        if (inputs.is_floating_point())
            RequireFinite("input", inputs);
    }

    private void RequireFinite(string what, Tensor values)
    {
        using var finite = values.isfinite();
        using var bad = finite.logical_not();
        if (First(bad) is { } element)
            throw new L2TException($"{Name}: {what} {element / (values.numel() / values.shape[0])} holds a NaN or an infinity. Remove or correct it.");
    }

    // The flat position of the first true element.
    private static long? First(Tensor mask)
    {
        using var any = mask.any();
        if (!any.item<bool>())
            return null;
        using var flat = mask.flatten();
        using var bytes = flat.to(ScalarType.Byte);
        using var position = bytes.argmax();
        return position.item<long>();
    }

    private static Tensor Private(Tensor source, ScalarType dtype)
    {
        using var detached = source.detach();
        using var typed = detached.to(dtype);
        return typed.contiguous().DetachFromDisposeScope();
    }

    private string Describe()
    {
        var inputs = $"inputs {Inputs.dtype}[{string.Join(", ", InputShape)}]";
        var labels = Labels.dim() == 1 && HasClasses ? "" : $" and {(HasClasses ? "labels" : "targets")} {Labels.dtype}[{string.Join(", ", Labels.shape[1..])}]";
        var padding = Padding is { } label ? $", padding {label}" : "";
        return HasClasses ? $"{Classes} classes{padding} and {inputs}{labels}" : $"{inputs}{labels}";
    }
}
