using L2T.Dsl.Data;
using L2T.Dsl.Tests.Support;

namespace L2T.Dsl.Tests.Data;

public sealed class CifarReaderTests : IDisposable
{
    private const int Pixels = 3 * 32 * 32;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_the_files_of_cifar10_one_after_the_other(bool zipped)
    {
        byte[] first = [.. Example([3], 0), .. Example([9], 51)];
        var second = Example([0], 255);

        using var data = CifarReader.LoadCifar10(Write("1", first, zipped), Write("2", second, zipped));

        Assert.Equal([3, 3, 32, 32], data.Inputs.shape);
        Assert.Equal(10, data.Classes);
        Assert.Equal([3, 9, 0], data.Labels.data<long>().ToArray());
        Assert.Equal([0, 0.2f, 1], Enumerable.Range(0, 3).Select(i => data.Inputs[i, 0, 0, 0].item<float>()));
        // The last pixel of green is one brighter.
        Assert.Equal(52 / 255f, data.Inputs[1, 1, 31, 31].item<float>());
    }

    [Fact]
    public void Reads_the_fine_labels_of_cifar100()
    {
        using var data = CifarReader.LoadCifar100(Write("train", [.. Example([4, 99], 0), .. Example([19, 0], 0)]));

        Assert.Equal(100, data.Classes);
        Assert.Equal([99, 0], data.Labels.data<long>().ToArray());
    }

    [Fact]
    public void A_file_of_the_other_set_is_refused() => Refuses("3073", Example([4, 99], 0));

    [Fact]
    public void A_truncated_file_is_refused() => Refuses("truncated", Example([4], 0)[..^1]);

    [Fact]
    public void An_empty_file_is_refused() => Refuses("0 bytes", []);

    [Fact]
    public void A_label_out_of_range_is_refused() => Refuses("label 10 of example 0", Example([10], 0));

    [Fact]
    public void A_corrupt_gzip_file_is_refused() => Refuses("corrupt gzip", [0x1F, 0x8B, 8, .. Example([4], 0)]);

    [Fact]
    public void A_truncated_gzip_file_is_refused() => Refuses("truncated gzip", Gzip.Compress(Example([4], 0))[..^4]);

    [Fact]
    public void A_fault_is_that_of_its_own_file() => Assert.Contains(
        _folder["2"] + ": label 12 of example 1",
        Assert.Throws<L2TException>(() => CifarReader.LoadCifar10(Write("1", Example([4], 0)), Write("2", [.. Example([0], 0), .. Example([12], 0)]))).Message);

    [Fact]
    public void A_missing_file_is_refused() =>
        Assert.Contains("no file", Assert.Throws<L2TException>(() => CifarReader.LoadCifar10(_folder["none"])).Message);

    [Fact]
    public void No_file_is_refused() => Assert.Throws<L2TException>(() => CifarReader.LoadCifar10());

    private void Refuses(string message, byte[] content) =>
        Assert.Contains(message, Assert.Throws<L2TException>(() => CifarReader.LoadCifar10(Write("file", content))).Message);

    private string Write(string name, byte[] content, bool zipped = false) => _folder.Write(name, zipped ? Gzip.Compress(content) : content);

    private static byte[] Example(byte[] labels, byte pixel)
    {
        var pixels = Enumerable.Repeat(pixel, Pixels).ToArray();
        pixels[(2 * 32 * 32) - 1] = (byte)Math.Min(255, pixel + 1);
        return [.. labels, .. pixels];
    }
}
