using L2T.Dsl.Data;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Training;

/// <summary>
/// The relaxed metric M~ of the student whose weights are in a block, and its gradient, on a set of examples: the mean over chunks, weighted by the
/// answers that they ask for, which is the metric of the whole set for every metric that is a mean over examples or, of padded ones, over all words that are not padding.
/// </summary>
internal sealed class RelaxedMetric : IDisposable
{
    private readonly Owned _owned = new();
    private readonly TensorBlock _gradient;
    private readonly ExampleChunks _examples;
    private readonly KernelsByShape<GradientKernel> _metric;

    public RelaxedMetric(LossTeacherExperiment experiment, TensorBlock weights, TensorBlock gradient, ExamplePool pool, int count)
    {
        _gradient = gradient;
        var shapes = experiment.Shapes;
        try
        {
            _examples = _owned.Add(new ExampleChunks(pool, count, experiment.ChunkSizes));
            _metric = _owned.Add(new KernelsByShape<GradientKernel>(_examples.Shapes, (shape, size) => shapes[shape].Experiment.CreateMetric(weights, gradient, size)));
        }
        catch
        {
            _owned.Dispose();
            throw;
        }
    }

    public long ExampleBytes => _examples.Bytes;

    public long BufferBytes => _metric.BufferBytes;

    public int Count => _examples.Count;

    public void Load(ReadOnlySpan<long> indices) => _examples.Load(indices);

    /// <summary>The metric of the present student; its gradient replaces what was in the gradient's block.</summary>
    /// <param name="key">What is drawn is drawn by this, where the metric draws.</param>
    public double Differentiate(ulong key)
    {
        var number = 0UL;
        _gradient.Zero();
        var sum = 0.0;
        foreach (var chunk in _examples.Read())
        {
            // Of padding alone there is no more to say than 0.
            var share = chunk.Answers / Math.Max(1.0, _examples.Answers);
            var kernel = _metric.For(chunk.Shape, chunk.Size);
            kernel.NoiseKey = SplitMix64.Derive(key, RandomUse.MetricSamples, number++);
            kernel.Run(chunk.Inputs, chunk.Labels, share);
            sum += share * HostAccess.Scalar(kernel.Value);
        }
        return sum;
    }

    public void Dispose() => _owned.Dispose();
}
