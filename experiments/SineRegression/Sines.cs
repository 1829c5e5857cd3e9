using L2T.Dsl.Data;
using static TorchSharp.torch;

namespace L2T.Experiments.SineRegression;

/// <summary>
/// The sines of Finn et al. 2017 (MAML, section 5.1): y = a sin(x + p) with amplitude a from 0.1 to 5, phase p from 0 to pi, and x from -5 to 5, all
/// uniform.
/// </summary>
/// <param name="Train">Points to fit.</param>
/// <param name="Dev">Other points, by which the fit is judged.</param>
public sealed record Sines(int Train, int Dev) : TaskDistribution
{
    private const double Reach = 5;
    private const double LeastAmplitude = 0.1;
    private const double GreatestAmplitude = 5;

    /// <inheritdoc/>
    public override (LabelledData Train, LabelledData Dev) Draw(ulong seed)
    {
        using var generator = new Generator(seed);
        using var drawn = rand(2, dtype: ScalarType.Float64, generator: generator);
        var shares = drawn.data<double>().ToArray();
        var amplitude = LeastAmplitude + ((GreatestAmplitude - LeastAmplitude) * shares[0]);
        var phase = Math.PI * shares[1];
        return (Points(Train), Points(Dev));

        LabelledData Points(int count)
        {
            using var scope = NewDisposeScope();
            var x = (2 * Reach * rand(count, 1, generator: generator)) - Reach;
            return new LabelledData(x, amplitude * (x + phase).sin(), "a sine");
        }
    }
}
