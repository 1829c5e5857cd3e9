using System.Buffers.Binary;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Data;

/// <summary>
/// Reads the idx format of MNIST and Fashion-MNIST, gzipped or not: two zero bytes, the element type (8 for bytes), the number of
/// dimensions, their sizes as big-endian 32-bit integers, the elements (http://yann.lecun.com/exdb/mnist).
/// </summary>
public static class IdxReader
{
    private const int ByteElements = 8;
    private const int ImageDimensions = 3;
    private const int LabelDimensions = 1;

    /// <summary>Images and their labels. Pixels become numbers in 0..1, images vectors of rows * columns.</summary>
    /// <param name="imagesPath">File of images, such as <c>train-images-idx3-ubyte.gz</c>.</param>
    /// <param name="labelsPath">File of labels, such as <c>train-labels-idx1-ubyte.gz</c>.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="L2TException">A file is missing, damaged, not in this format, or the two do not belong together.</exception>
    public static LabelledData Load(string imagesPath, string labelsPath, int classes = 10)
    {
        var (imageSizes, pixels) = Read(imagesPath, ImageDimensions);
        var (labelSizes, classNumbers) = Read(labelsPath, LabelDimensions);
        if (imageSizes[0] != labelSizes[0])
        {
            throw new L2TException($"{imagesPath} holds {imageSizes[0]} images, {labelsPath} {labelSizes[0]} labels. "
                + "Give the two files of one set.");
        }
        Libtorch.EnsureLoaded();
        using var raw = tensor(pixels, dtype: ScalarType.Byte);
        using var real = raw.to(ScalarType.Float32);
        using var images = real.div_(byte.MaxValue).view(imageSizes[0], -1);
        using var labels = tensor(classNumbers, dtype: ScalarType.Byte);
        return new LabelledData(images, labels, classes, imagesPath);
    }

    private static (int[] Sizes, byte[] Elements) Read(string path, int dimensions)
    {
        var content = DataFile.ReadAll(path);
        ReadOnlySpan<byte> magic = [0, 0, ByteElements, (byte)dimensions];
        var header = magic.Length + sizeof(int) * dimensions;
        if (!content.AsSpan().StartsWith(magic))
        {
            var start = Convert.ToHexString(content.AsSpan(0, Math.Min(magic.Length, content.Length)));
            throw new L2TException($"{path} starts with '{start}', where idx files of bytes in {dimensions} dimensions start with "
                + $"{Convert.ToHexString(magic)}. Give the file of {(dimensions == LabelDimensions ? "labels" : "images")}.");
        }
        if (content.Length < header)
            throw new L2TException($"{path} has {content.Length} bytes, less than the {header} of its header. It is truncated: fetch it again.");
        var sizes = new int[dimensions];
        var count = 1L;
        for (var i = 0; i < dimensions; i++)
        {
            sizes[i] = BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(magic.Length + sizeof(int) * i));
            if (sizes[i] <= 0 || count > Array.MaxLength / sizes[i])
                throw new L2TException($"{path} says that its dimension {i} has size {sizes[i]}. It is corrupt: fetch it again.");
            count *= sizes[i];
        }
        if (content.Length - header != count)
        {
            throw new L2TException($"{path} should hold {string.Join(" x ", sizes)} = {count} elements, but holds {content.Length - header}. "
                + "It is truncated or corrupt: fetch it again.");
        }
        return (sizes, content[header..]);
    }
}
