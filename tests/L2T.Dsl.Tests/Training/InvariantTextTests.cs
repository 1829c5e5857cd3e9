using System.Globalization;
using L2T.Dsl.Data;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Training;

/// <summary>The text by which settings of one's own types are told apart.</summary>
public sealed class InvariantTextTests
{
    [Fact]
    public void Elements_of_collections_count()
    {
        Assert.NotEqual(InvariantText.Of(new Blur([1.5, 2])), InvariantText.Of(new Blur([1.5, 3])));
        Assert.Equal(InvariantText.Of(new Blur([1.5, 2])), InvariantText.Of(new Blur([1.5, 2])));
        Assert.Equal("[1.5, [a, b], none]", InvariantText.Of(new object?[] { 1.5, new[] { "a", "b" }, null }));
    }

    [Fact]
    public void The_culture_makes_no_difference()
    {
        var before = CultureInfo.CurrentCulture;
        var here = InvariantText.Of(new Blur([0.5]) { Strength = 0.25 });
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal(here, InvariantText.Of(new Blur([0.5]) { Strength = 0.25 }));
            Assert.Equal("de-DE", CultureInfo.CurrentCulture.Name);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        Assert.Contains("0.25", here);
    }

    private sealed record Blur(IReadOnlyList<double> Kernel) : Augmentation
    {
        public double Strength { get; init; }

        public override void Apply(Tensor inputs, ulong seed)
        {
        }
    }
}
