using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Data;

/// <summary>
/// Reads the binary form of CIFAR-10 and CIFAR-100, gzipped or not (https://www.cs.toronto.edu/~kriz/cifar.html): one example after the
/// other, its label (for CIFAR-100 the coarse one, then the fine one) in a byte each, then 32x32 bytes of red, green and blue.
/// </summary>
public static class CifarReader
{
    private const int Channels = 3;
    private const int Side = 32;
    private const int Pixels = Channels * Side * Side;

    /// <summary>CIFAR-10: the examples of the files, one file after the other.</summary>
    /// <param name="paths">The files, such as <c>data_batch_1.bin</c> to <c>data_batch_5.bin</c>.</param>
    /// <returns>Inputs [N, 3, 32, 32], float32 in 0..1; 10 classes.</returns>
    /// <exception cref="L2TException">A file is missing, damaged or not in this format.</exception>
    public static LabelledData LoadCifar10(params IReadOnlyList<string> paths) => Load(paths, labelBytes: 1, classes: 10);

    /// <summary>CIFAR-100 with its fine labels.</summary>
    /// <param name="paths">The files, such as <c>train.bin</c>.</param>
    /// <returns>Inputs [N, 3, 32, 32], float32 in 0..1; 100 classes.</returns>
    /// <exception cref="L2TException">A file is missing, damaged or not in this format.</exception>
    public static LabelledData LoadCifar100(params IReadOnlyList<string> paths) => Load(paths, labelBytes: 2, classes: 100);

    private static LabelledData Load(IReadOnlyList<string> paths, int labelBytes, int classes)
    {
        if (paths.Count == 0)
            throw new L2TException("No file of CIFAR was given. Give the paths of its .bin files.");
        var example = labelBytes + Pixels;
        byte[][] contents = [.. paths.Select(path => Read(path, example, classes))];
        var count = contents.Sum(content => content.Length / example);
        var pixels = new byte[(long)count * Pixels];
        var labels = new long[count];
        var next = 0;
        foreach (var (path, content) in paths.Zip(contents))
        {
            for (var start = 0; start < content.Length; start += example, next++)
            {
                labels[next] = content[start + labelBytes - 1];
                // All files are one set of data from here on, which would name the first.
                if (labels[next] >= classes)
                    throw new L2TException($"{path}: label {labels[next]} of example {start / example} is outside 0..{classes - 1}. Fetch the binary version again.");
                content.AsSpan(start + labelBytes, Pixels).CopyTo(pixels.AsSpan(next * Pixels, Pixels));
            }
        }
        Libtorch.EnsureLoaded();
        using var raw = tensor(pixels, dtype: ScalarType.Byte);
        using var real = raw.to(ScalarType.Float32);
        using var images = real.div_(byte.MaxValue).view(count, Channels, Side, Side);
        using var numbers = tensor(labels);
        return new LabelledData(images, numbers, classes, paths[0]);
    }

    private static byte[] Read(string path, int example, int classes)
    {
        var content = DataFile.ReadAll(path);
        if (content.Length == 0 || content.Length % example != 0)
        {
            throw new L2TException($"{path} has {content.Length} bytes, which is not a multiple of the {example} of an example of CIFAR-{classes}. "
                + "It is truncated or another file: fetch the binary version again.");
        }
        return content;
    }
}
