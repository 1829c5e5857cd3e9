using L2T.Dsl.Data;
using L2T.Dsl.Metrics;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Training;

/// <summary>Counts the errors of the student whose weights are in a block, on a set of examples.</summary>
internal sealed class Evaluator : IDisposable
{
    private readonly Owned _owned = new();
    private readonly ExampleChunks _examples;
    private readonly KernelsByShape<ForwardKernel> _forward;

    public Evaluator(LossTeacherExperiment experiment, TensorBlock weights, ExamplePool pool, int count)
    {
        var shapes = experiment.Shapes;
        try
        {
            _examples = _owned.Add(new ExampleChunks(pool, count, experiment.ChunkSizes));
            _forward = _owned.Add(new KernelsByShape<ForwardKernel>(_examples.Shapes, (shape, size) => shapes[shape].Experiment.CreateForward(weights, size)));
        }
        catch
        {
            _owned.Dispose();
            throw;
        }
    }

    public long ExampleBytes => _examples.Bytes;

    public long BufferBytes => _forward.BufferBytes;

    public void Load(ReadOnlySpan<long> indices) => _examples.Load(indices);

    /// <summary>Clears <paramref name="counts"/> and counts the present student's errors.</summary>
    public void Count(IErrorCount counts)
    {
        counts.Clear();
        foreach (var chunk in _examples.Read())
            counts.Add(_forward.For(chunk.Shape, chunk.Size).Run(chunk.Inputs), chunk.Labels);
    }

    public void Dispose() => _owned.Dispose();
}
