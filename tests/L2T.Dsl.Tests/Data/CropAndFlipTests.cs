using L2T.Dsl.Data;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Data;

public sealed class CropAndFlipTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_image_is_a_part_of_its_padded_self_or_of_the_mirror_of_that(bool flip)
    {
        using var scope = NewDisposeScope();
        var images = rand(40, 2, 5, 6, dtype: float64) + 0.5;
        var changed = images.clone();

        new CropAndFlip(2, flip).Apply(changed, 7);

        var padded = constant_pad(images);
        var found = new HashSet<(int Down, int Right, bool Flipped)>();
        for (var i = 0; i < 40; i++)
            found.Add(Assert.Single(Crops(), c => Part(i, c).Equals(changed[i])));
        Assert.True(found.Count > 15, $"{found.Count} ways");
        Assert.Equal(flip, found.Any(c => c.Flipped));

        IEnumerable<(int Down, int Right, bool Flipped)> Crops() =>
            from down in Enumerable.Range(0, 5) from right in Enumerable.Range(0, 5) from flipped in new[] { false, true } select (down, right, flipped);

        // Mirrored first, as the crop of the mirror.
        Tensor Part(int i, (int Down, int Right, bool Flipped) crop)
        {
            var whole = crop.Flipped ? padded[i].flip(2) : padded[i];
            var right = crop.Flipped ? 4 - crop.Right : crop.Right;
            return whole.narrow(1, crop.Down, 5).narrow(2, right, 6);
        }

        static Tensor constant_pad(Tensor x) => nn.functional.pad(x, [2, 2, 2, 2]);
    }

    [Fact]
    public void The_seed_decides()
    {
        using var scope = NewDisposeScope();
        var images = rand(30, 3, 8, 8);
        Tensor first = images.clone(), again = images.clone(), other = images.clone();

        new CropAndFlip().Apply(first, 1);
        new CropAndFlip().Apply(again, 1);
        new CropAndFlip().Apply(other, 2);

        Assert.True(first.Equals(again));
        Assert.False(first.Equals(other));
    }

    [Fact]
    public void Without_padding_and_mirror_nothing_changes()
    {
        using var scope = NewDisposeScope();
        var images = rand(5, 1, 4, 4);
        var changed = images.clone();

        new CropAndFlip(0, false).Apply(changed, 1);

        Assert.True(images.Equals(changed));
    }

    [Fact]
    public void What_is_no_image_is_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("[5, 64]", Assert.Throws<L2TException>(() => new CropAndFlip().Apply(rand(5, 64), 1)).Message);
        Assert.Throws<L2TException>(() => new CropAndFlip().Apply(zeros([5, 1, 2, 2], int64), 1));
        Assert.Contains("-1", Assert.Throws<L2TException>(() => new CropAndFlip(-1).Apply(rand(5, 1, 2, 2), 1)).Message);
    }
}
