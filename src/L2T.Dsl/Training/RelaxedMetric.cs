using L2T.Dsl.Data;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Training;

/// <summary>
/// The relaxed metric M~ of the student whose weights are in a block, and its gradient, on a set of examples: the mean over chunks,
/// weighted by their sizes, which is the metric of the whole set for every metric that is a mean over examples.
/// </summary>
internal sealed class RelaxedMetric(LossTeacherExperiment experiment, TensorBlock weights, TensorBlock gradient, ExamplePool pool, int count)
    : IDisposable
{
    private readonly ExampleChunks _examples = new(pool, count, experiment.EvaluationBatchSize);
    private readonly KernelsBySize<GradientKernel> _metric = new(size => experiment.CreateMetric(weights, gradient, size));

    public int Count => _examples.Count;

    public void Load(ReadOnlySpan<long> indices) => _examples.Load(indices);

    /// <summary>The metric of the present student; its gradient replaces what was in the gradient's block.</summary>
    public double Differentiate()
    {
        gradient.Zero();
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

    public void Dispose()
    {
        _metric.Dispose();
        _examples.Dispose();
    }
}
