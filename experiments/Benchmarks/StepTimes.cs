using System.Text.Json.Serialization;

namespace L2T.Experiments.Benchmarks;

/// <summary>One case of a benchmark of steps: medians of interleaved runs, and the peaks of single ones.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="PlainMs">The step of gradient descent through autograd, milliseconds.</param>
/// <param name="GeneratedMs">The generated step of gradient descent.</param>
/// <param name="DoubleBackwardMs">The reverse step through autograd's double backward.</param>
/// <param name="ReverseMs">The generated reverse step.</param>
/// <param name="DoubleBackwardPeakBytes">What double backward adds to the resident memory at its peak.</param>
/// <param name="ReversePeakBytes">What the generated reverse step adds: its buffers and what the step kept for it.</param>
public sealed record StepTimes(
    [property: JsonPropertyName("case")] string Case,
    [property: JsonPropertyName("plainMs")] double PlainMs,
    [property: JsonPropertyName("generatedMs")] double GeneratedMs,
    [property: JsonPropertyName("doubleBackwardMs")] double DoubleBackwardMs,
    [property: JsonPropertyName("reverseMs")] double ReverseMs,
    [property: JsonPropertyName("doubleBackwardPeakBytes")] long DoubleBackwardPeakBytes,
    [property: JsonPropertyName("reversePeakBytes")] long ReversePeakBytes);
