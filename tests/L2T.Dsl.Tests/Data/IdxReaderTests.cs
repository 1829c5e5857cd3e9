using L2T.Dsl.Data;
using L2T.Dsl.Tests.Support;

namespace L2T.Dsl.Tests.Data;

public sealed class IdxReaderTests : IDisposable
{
    // Two images of 2x3, and their labels.
    private static readonly byte[] Images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 51, 102, 153, 204, 255, 5, 4, 3, 2, 1, 0];
    private static readonly byte[] Labels = [0, 0, 8, 1, 0, 0, 0, 2, 7, 9];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_images_and_labels(bool zipped)
    {
        using var data = Load(zipped ? Gzip.Compress(Images) : Images, zipped ? Gzip.Compress(Labels) : Labels);

        Assert.Equal([2, 6], data.Inputs.shape);
        Assert.Equal([0, 0.2f, 0.4f, 0.6f, 0.8f, 1], data.Inputs[0].data<float>().ToArray());
        Assert.Equal([7, 9], data.Labels.data<long>().ToArray());
    }

    public static TheoryData<string, byte[], byte[]> Faults()
    {
        var zipped = Gzip.Compress(Images);
        byte[] corrupt = [.. zipped];
        corrupt[12] ^= 0x40;
        byte[] hugeSize = [.. Images];
        hugeSize[4] = 0x7F;
        byte[] negativeSize = [.. Images];
        negativeSize[4] = 0xFF;
        return new()
        {
            { "truncated", zipped[..^9], Labels },
            { "truncated", zipped[..12], Labels },
            { "corrupt", corrupt, Labels },
            { "truncated", Images[..10], Labels },
            { "12 elements, but holds 11", Images[..^1], Labels },
            { "12 elements, but holds 13", [.. Images, 0], Labels },
            { "starts with '00000801'", Labels, Labels },
            { "starts with '50445321'", [0x50, 0x44, 0x53, 0x21, .. Images], Labels },
            { "corrupt", hugeSize, Labels },
            { "corrupt", negativeSize, Labels },
            { "2 images", Images, [0, 0, 8, 1, 0, 0, 0, 3, 7, 9, 1] },
            { "label 10 of example 1", Images, [0, 0, 8, 1, 0, 0, 0, 2, 7, 10] },
        };
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_damaged_file_is_one_clear_exception(string message, byte[] images, byte[] labels)
    {
        var fault = Assert.Throws<L2TException>(() => Load(images, labels));

        Assert.Contains(message, fault.Message);
        Assert.Contains(_folder["images"], fault.Message);
    }

    [Fact]
    public void A_missing_file_or_folder_is_named_in_full()
    {
        Assert.Contains(_folder["none"], Assert.Throws<L2TException>(() => IdxReader.Load(_folder["none"], _folder["none"])).Message);
        var deep = Path.Combine(_folder["none"], "file");
        Assert.Contains(deep, Assert.Throws<L2TException>(() => IdxReader.Load(deep, deep)).Message);
        Assert.Throws<L2TException>(() => IdxReader.Load(Path.GetTempPath(), ""));
    }

    private LabelledData Load(byte[] images, byte[] labels) =>
        IdxReader.Load(_folder.Write("images", images), _folder.Write("labels", labels));
}
