using L2T.Dsl.Data;
using L2T.Dsl.Metrics;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Training;

/// <summary>Counts the answers of the student whose weights are in a block, on a set of examples.</summary>
internal sealed class Evaluator(LossTeacherExperiment experiment, TensorBlock weights, ExamplePool pool, int count) : IDisposable
{
    private readonly ExampleChunks _examples = new(pool, count, experiment.EvaluationBatchSize);
    private readonly KernelsBySize<ForwardKernel> _forward = new(size => experiment.CreateForward(weights, size));

    public void Load(ReadOnlySpan<long> indices) => _examples.Load(indices);

    /// <summary>Clears <paramref name="counts"/> and counts the present student's answers.</summary>
    public void Count(ClassificationCounts counts)
    {
        counts.Clear();
        foreach (var (inputs, labels) in _examples.Chunks)
            counts.Add(_forward.For(inputs.shape[0]).Run(inputs), labels);
    }

    public void Dispose()
    {
        _forward.Dispose();
        _examples.Dispose();
    }
}
