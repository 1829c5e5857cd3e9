using L2T.Dsl.Data;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Training;

/// <summary>
/// The relaxed metric M~ of the student whose weights are in a block, and its gradient, on a set of examples: the mean over chunks,
/// weighted by their sizes, which is the metric of the whole set for every metric that is a mean over examples.
/// </summary>
internal sealed class RelaxedMetric : IDisposable
{
    private readonly Owned _owned = new();
    private readonly TensorBlock _gradient;
    private readonly ExampleChunks _examples;
    private readonly KernelsBySize<GradientKernel> _metric;

    public RelaxedMetric(LossTeacherExperiment experiment, TensorBlock weights, TensorBlock gradient, ExamplePool pool, int count)
    {
        _gradient = gradient;
        try
        {
            _examples = _owned.Add(new ExampleChunks(pool, count, experiment.EvaluationBatchSize));
            _metric = _owned.Add(new KernelsBySize<GradientKernel>(_examples.Sizes, size => experiment.CreateMetric(weights, gradient, size)));
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
    public double Differentiate()
    {
        _gradient.Zero();
        var sum = 0.0;
        foreach (var (inputs, labels) in _examples.Chunks)
        {
            var share = (double)inputs.shape[0] / _examples.Count;
            var kernel = _metric.For(inputs.shape[0]);
            kernel.Run(inputs, labels, share);
            sum += share * HostAccess.Scalar(kernel.Value);
        }
        return sum;
    }

    public void Dispose() => _owned.Dispose();
}
