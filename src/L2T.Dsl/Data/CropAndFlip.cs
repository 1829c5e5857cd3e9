using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Data;

/// <summary>
/// The usual augmentation of small photographs (He et al. 2016, section 4.2): zeros are added around each image, a part of the old size is cut
/// out at random, and every second one, at random, is mirrored left to right.
/// </summary>
/// <param name="Padding">Pixels added on each side.</param>
/// <param name="Flip">Whether images are mirrored.</param>
public sealed record CropAndFlip(int Padding = 4, bool Flip = true) : Augmentation
{
    private const int Rank = 4;

    /// <inheritdoc/>
    public override void Apply(Tensor inputs, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (Padding < 0)
            throw new L2TException($"CropAndFlip pads by {Padding}. It must be at least 0.");
        if (inputs.dim() != Rank || !inputs.is_floating_point())
        {
            throw new L2TException($"CropAndFlip takes images of real numbers [N, channels, height, width], and the inputs are {inputs.dtype}[{string.Join(", ", inputs.shape)}]. "
                + "Reshape the data, or leave Augmentation null.");
        }
        if (HostAccess.IsHost(inputs))
        {
            Change(inputs, seed);
            return;
        }
        using var host = inputs.cpu();
        Change(host, seed);
        inputs.copy_(host);
    }

    private void Change(Tensor inputs, ulong seed)
    {
        var shape = inputs.shape;
        var images = new Images(shape[1], (int)shape[2], (int)shape[3]);
        if (inputs.dtype == ScalarType.Float64)
            Change(HostAccess.View<double>(inputs), images, seed);
        else
            Change(HostAccess.View<float>(inputs), images, seed);
    }

    private void Change<T>(Span<T> pixels, Images images, ulong seed)
        where T : unmanaged
    {
        var random = new SplitMix64(seed);
        var size = checked((int)(images.Channels * images.Height * images.Width));
        var before = new T[size];
        for (var start = 0; start < pixels.Length; start += size)
        {
            var image = pixels.Slice(start, size);
            image.CopyTo(before);
            // Drawn in any case, so that one setting does not change what another draws.
            var down = (int)random.NextBelow((ulong)((2 * Padding) + 1)) - Padding;
            var right = (int)random.NextBelow((ulong)((2 * Padding) + 1)) - Padding;
            var flips = random.NextBelow(2) == 1 && Flip;
            for (var row = 0; row < images.Channels * images.Height; row++)
            {
                var from = (row % images.Height) + down;
                var line = image.Slice(row * images.Width, images.Width);
                if (from < 0 || from >= images.Height)
                {
                    line.Clear();
                    continue;
                }
                var source = before.AsSpan((row + down) * images.Width, images.Width);
                for (var column = 0; column < images.Width; column++)
                {
                    var at = (flips ? images.Width - 1 - column : column) + right;
                    line[column] = at >= 0 && at < images.Width ? source[at] : default;
                }
            }
        }
    }

    private readonly record struct Images(long Channels, int Height, int Width);
}
