using System.Globalization;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>Holds a test's errors to their bounds, and writes out the greatest of each kind.</summary>
internal sealed class ErrorLog(ITestOutputHelper output) : IDisposable
{
    private readonly SortedDictionary<string, double> _greatest = new(StringComparer.Ordinal);

    /// <summary>Fails if the greatest difference exceeds <paramref name="bound"/> times the greatest magnitude, at least <paramref name="least"/>.</summary>
    /// <param name="kind">What is compared.</param>
    /// <param name="expected">The right values.</param>
    /// <param name="actual">The values under test; may be of a shorter type.</param>
    /// <param name="bound">The relative bound.</param>
    /// <param name="least">The magnitude that errors are measured by where all values are smaller.</param>
    public void Require(string kind, Tensor expected, Tensor actual, double bound, double least = 1e-3)
    {
        Assert.Equal(expected.shape, actual.shape);
        if (expected.numel() == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var difference = (expected - actual.to(float64)).abs().max().item<double>();
        var error = difference / Math.Max(least, expected.abs().max().item<double>());
        _greatest[kind] = Math.Max(error, _greatest.GetValueOrDefault(kind));
        Assert.True(error <= bound, $"{kind}: off by {error}, relative; at most {bound} is allowed");
    }

    /// <inheritdoc cref="Require(string, Tensor, Tensor, double, double)"/>
    public void Require(string kind, double expected, double actual, double bound, double least = 1e-3)
    {
        using var scope = NewDisposeScope();
        Require(kind, tensor(expected, dtype: float64), tensor(actual, dtype: float64), bound, least);
    }

    public void Dispose()
    {
        foreach (var (kind, error) in _greatest)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind}: {error:E1}"));
        }
    }
}
