using System.Globalization;
using System.Text;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Data;

/// <summary>
/// Reads the 8x8 handwritten digits of the UCI repository as scikit-learn ships them (<c>digits.csv.gz</c>), gzipped or not: one example
/// a line, 64 pixels in 0..16 and the digit, separated by commas.
/// </summary>
public static class DigitsCsv
{
    private const int Pixels = 64;
    private const float PixelMax = 16;
    private const int Digits = 10;

    /// <summary>The examples in file order. Pixels become numbers in 0..1.</summary>
    /// <exception cref="L2TException">The file is missing, damaged or not in this format.</exception>
    public static LabelledData Load(string path)
    {
        var lines = Encoding.UTF8.GetString(DataFile.ReadAll(path)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
            throw new L2TException($"{path} is empty. Fetch it again.");
        var pixels = new float[lines.Length * Pixels];
        var digits = new long[lines.Length];
        for (var i = 0; i < lines.Length; i++)
            digits[i] = Parse(path, i + 1, lines[i], pixels.AsSpan(i * Pixels, Pixels));

        Libtorch.EnsureLoaded();
        using var inputs = tensor(pixels, [lines.Length, Pixels]);
        using var labels = tensor(digits);
        return new LabelledData(inputs, labels, Digits, path);
    }

    private static long Parse(string path, int number, string line, Span<float> pixels)
    {
        var fields = line.TrimEnd('\r').Split(',');
        if (fields.Length != Pixels + 1)
        {
            throw new L2TException($"Line {number} of {path} has {fields.Length} fields, not {Pixels} pixels and a digit. "
                + "It is truncated or another file: fetch it again.");
        }
        for (var i = 0; i < Pixels; i++)
        {
            pixels[i] = Number(path, number, fields[i]) / PixelMax;
            if (pixels[i] is not (>= 0 and <= 1))
                throw new L2TException($"Line {number} of {path}: pixel {fields[i]} is outside 0..{PixelMax}. Fetch the file again.");
        }
        var digit = Number(path, number, fields[Pixels]);
        if (digit != MathF.Truncate(digit))
            throw new L2TException($"Line {number} of {path}: '{fields[Pixels]}' is not a digit. Fetch the file again.");
        return (long)digit;
    }

    private static float Number(string path, int number, string field) =>
        float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new L2TException($"Line {number} of {path}: '{field}' is not a number. Fetch the file again.");
}
