using System.Security.Cryptography;
using System.Text;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Data;

/// <summary>
/// Examples with class labels, checked when they come in: as many labels as inputs, labels in range, no NaN or infinity. Holds
/// references of its own to the storage it is given: whoever made the tensors may dispose theirs, and disposing this leaves theirs alone.
/// </summary>
public sealed class LabelledData : IDisposable
{
    private const int FingerprintBytes = 16;

    /// <param name="inputs">The inputs [N, ...].</param>
    /// <param name="labels">The labels [N] (or [N, ...], one for each output position), integers in 0, ..., <paramref name="classes"/> - 1.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="name">What to call the data in messages, such as the file it comes from.</param>
    /// <exception cref="L2TException">The data is not fit for training; the message names the first fault.</exception>
    public LabelledData(Tensor inputs, Tensor labels, int classes, string name = "the data")
    {
        Name = name;
        Classes = classes;
        Check(inputs, labels, classes, name);
        using (no_grad())
        {
            Inputs = Private(inputs, inputs.dtype);
            Labels = Private(labels, ScalarType.Int64);
        }
        try
        {
            CheckValues();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the data is called in messages.</summary>
    public string Name { get; }

    /// <summary>The inputs [N, ...], contiguous.</summary>
    public Tensor Inputs { get; }

    /// <summary>The labels [N], int64, contiguous.</summary>
    public Tensor Labels { get; }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

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
        return new LabelledData(inputs, labels, Classes, Name);
    }

    /// <summary>These examples and then those of <paramref name="other"/>, copied.</summary>
    /// <exception cref="L2TException">The two differ in the shape of an input or in the number of classes.</exception>
    public LabelledData Concat(LabelledData other)
    {
        RequireAlike(other);
        using var inputs = cat([Inputs, other.Inputs], 0);
        using var labels = cat([Labels, other.Labels], 0);
        return new LabelledData(inputs, labels, Classes, Name);
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
        return Convert.ToHexString(digest.GetHashAndReset().AsSpan(0, FingerprintBytes));
    }

    internal void RequireAlike(LabelledData other)
    {
        if (Classes != other.Classes || Inputs.dtype != other.Inputs.dtype || !InputShape.AsSpan().SequenceEqual(other.InputShape))
        {
            throw new L2TException($"{Name} has {Classes} classes and {Describe(Inputs)}, {other.Name} {other.Classes} classes and "
                + $"{Describe(other.Inputs)}. The parts of an experiment's data must be alike.");
        }
    }

    private static void Check(Tensor inputs, Tensor labels, int classes, string name)
    {
        Libtorch.EnsureLoaded();
        if (classes < 2)
            throw new L2TException($"{name}: {classes} classes. Give at least 2.");
        if (inputs.dim() < 1 || labels.dim() < 1)
            throw new L2TException($"{name}: inputs and labels need a first dimension, that of the examples. Give [N, ...] and [N].");
        if (inputs.shape[0] == 0)
            throw new L2TException($"{name} has no examples. Give at least one.");
        if (inputs.shape[0] != labels.shape[0])
            throw new L2TException($"{name}: {inputs.shape[0]} inputs but {labels.shape[0]} labels. Give one label for each input.");
        if (labels.is_floating_point() || labels.is_complex() || labels.dtype == ScalarType.Bool)
            throw new L2TException($"{name}: labels of type {labels.dtype}. Give class numbers, as integers.");
    }

    private void CheckValues()
    {
        using var below = Labels.lt(0);
        using var above = Labels.ge(Classes);
        using var outside = below.logical_or(above);
        if (First(outside) is { } label)
        {
            using var flat = Labels.flatten();
            using var wrong = flat[label];
            throw new L2TException($"{Name}: label {wrong.item<long>()} of example {label / (Labels.numel() / Count)} is outside "
                + $"0..{Classes - 1}. Correct the labels, or the number of classes.");
        }
        if (!Inputs.is_floating_point())
            return;
        using var finite = Inputs.isfinite();
        using var bad = finite.logical_not();
        if (First(bad) is { } element)
            throw new L2TException($"{Name}: input {element / (Inputs.numel() / Count)} holds a NaN or an infinity. Remove or correct it.");
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

    private static string Describe(Tensor inputs) => $"inputs {inputs.dtype}[{string.Join(", ", inputs.shape[1..])}]";
}
