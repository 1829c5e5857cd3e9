using System.Text;
using L2T.Dsl.Data;
using L2T.Dsl.Tests.Support;

namespace L2T.Dsl.Tests.Data;

public sealed class DigitsCsvTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, "\n")]
    [InlineData(true, "\r\n")]
    public void Reads_pixels_and_digits_in_file_order(bool zipped, string newline)
    {
        using var data = Load(Line(16, 3) + newline + Line(4, 9) + newline, zipped);

        Assert.Equal([2, 64], data.Inputs.shape);
        Assert.Equal(1, data.Inputs[0, 0].item<float>());
        Assert.Equal(0.25, data.Inputs[1, 63].item<float>());
        Assert.Equal([3, 9], data.Labels.data<long>().ToArray());
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("1,2,3", "Line 1 of")]
    [InlineData("<html></html>", "1 fields")]
    public void Another_file_is_one_clear_exception(string content, string message) =>
        Assert.Contains(message, Assert.Throws<L2TException>(() => Load(content)).Message);

    [Fact]
    public void Bad_values_are_named_with_their_line()
    {
        Assert.Contains("Line 2", Assert.Throws<L2TException>(() => Load(Line(1, 1) + "\n" + Line(17, 1))).Message);
        Assert.Contains("'x'", Assert.Throws<L2TException>(() => Load(Line(1, 1).Replace("1,1", "x,1"))).Message);
        Assert.Contains("NaN", Assert.Throws<L2TException>(() => Load(Line(1, 1).Replace("1,1", "NaN,1"))).Message);
        Assert.Contains("label 10", Assert.Throws<L2TException>(() => Load(Line(1, 10))).Message);
        Assert.Contains("not a digit", Assert.Throws<L2TException>(() => Load(Line(1, 1) + ".5")).Message);
    }

    private static string Line(int pixel, int digit) => string.Join(',', Enumerable.Repeat(pixel, 64)) + "," + digit;

    private LabelledData Load(string content, bool zipped = false)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        return DigitsCsv.Load(_folder.Write("digits.csv", zipped ? Gzip.Compress(bytes) : bytes));
    }
}
