using System.Numerics;

namespace L2T.Dsl.Experiments.TensorBoard;

/// <summary>
/// The checksum of a TFRecord: CRC-32C (Castagnoli), turned right by 15 bits and shifted by a constant, so that the checksum of data that holds
/// its own checksum is no special number.
/// </summary>
internal static class MaskedCrc32C
{
    private const uint Mask = 0xa282ead8;

    /// <summary>The checksum of <paramref name="data"/>.</summary>
    public static uint Of(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        return unchecked(BitOperations.RotateRight(~crc, 15) + Mask);
    }
}
