using System.Collections.Concurrent;
using L2T.Dsl.Data;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Training;

/// <summary>
/// The batches that a student is trained on, gathered and augmented. Where they are augmented in host memory, another thread makes one batch
/// ahead: that of the next step, or, on the way back, of the one before. A batch is a function of the seed and the step, so that it makes no
/// difference who made it, and a wrong guess costs time alone.
/// </summary>
internal sealed class TrainingBatches : IDisposable
{
    private readonly LossTeacherExperiment _experiment;
    private readonly ExamplePool _pool;
    private readonly Owned _owned = new();
    private readonly IReadOnlyList<BatchShape> _shapes;
    private readonly (Tensor Inputs, Tensor Labels)[] _places;
    private readonly (Tensor Inputs, Tensor Labels)[] _ahead = [];
    private readonly Helper? _helper;
    private long[] _train = [];
    private BatchSampler? _sampler;
    private ulong _seed;
    private int _last = -1;
    private (int Step, Task Made)? _pending;

    /// <param name="experiment">Batch size and augmentation.</param>
    /// <param name="pool">Where the examples come from; stays the caller's.</param>
    public TrainingBatches(LossTeacherExperiment experiment, ExamplePool pool)
    {
        _experiment = experiment;
        _pool = pool;
        _shapes = experiment.Shapes;
        _places = NewPlaces();
        // Without an augmentation there is nothing to gain: gathering takes as long as handing over what was gathered elsewhere.
        if (experiment is { Prefetch: true, Augmentation: not null } && HostAccess.IsHost(Inputs))
            (_ahead, _helper) = (NewPlaces(), _owned.Add(new Helper()));
    }

    /// <summary>The shape of the batch last loaded.</summary>
    public int Shape { get; private set; }

    /// <summary>Its inputs.</summary>
    public Tensor Inputs => _places[Shape].Inputs;

    /// <summary>Its labels, or real-valued targets.</summary>
    public Tensor Labels => _places[Shape].Labels;

    /// <summary>The size of the batches that are held.</summary>
    public long Bytes => _places.Concat(_ahead).Sum(place =>
        place.Inputs.numel() * place.Inputs.element_size() + place.Labels.numel() * place.Labels.element_size());

    /// <summary>From now on, batches of these examples, in an order of this seed.</summary>
    /// <param name="train">The training examples, as positions in the pool.</param>
    /// <param name="seed">Seed of their order and augmentation.</param>
    /// <exception cref="L2TException">They fill no batch of any shape.</exception>
    public void Use(long[] train, ulong seed)
    {
        DropPending();
        (_train, _seed, _last) = (train, seed, -1);
        var members = Enumerable.Range(0, train.Length).ToLookup(place => _pool.ShapeOf(train[place]), place => (long)place);
        _sampler = new BatchSampler([.. _shapes.Select((_, shape) => members[shape].ToArray())], [.. _shapes.Select(shape => shape.BatchSize)], seed);
    }

    /// <summary>Loads the batch of step <paramref name="step"/>, augmented as it is every time.</summary>
    public void Load(int step)
    {
        var made = _pending;
        DropPending();
        Shape = _sampler!.Bucket(step);
        if (made?.Step == step)
        {
            // What the augmentation throws comes out here, as it would without a task.
            made.Value.Made.GetAwaiter().GetResult();
            Inputs.copy_(_ahead[Shape].Inputs);
            Labels.copy_(_ahead[Shape].Labels);
        }
        else
        {
            Make(step, _places);
        }
        var next = step == _last || step == _last - 1 ? step - 1 : step + 1;
        _last = step;
        if (_helper is not null && next >= 0 && next < _experiment.Steps)
            _pending = (next, _helper.Start(() => MakeAhead(next)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        DropPending();
        _owned.Dispose();
    }

    private (Tensor Inputs, Tensor Labels)[] NewPlaces() =>
    [
        .. _shapes.Select((shape, number) =>
        {
            var (inputs, labels) = _pool.NewPlace(shape.BatchSize, number);
            return (_owned.Add(inputs), _owned.Add(labels));
        }),
    ];

    // Sampler and places are used by one thread at a time: nothing is loaded while a task runs.
    private void DropPending()
    {
        if (_pending is { } pending)
            Task.WaitAny(pending.Made);
        _pending = null;
    }

    // Whether gradients are recorded, and what disposes forgotten tensors, are settings of the thread.
    private void MakeAhead(int step)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        Make(step, _ahead);
    }

    private void Make(int step, (Tensor Inputs, Tensor Labels)[] places)
    {
        var batch = _sampler!.Batch(step);
        var examples = new long[batch.Length];
        for (var i = 0; i < batch.Length; i++)
            examples[i] = _train[batch[i]];
        var shape = _sampler.Bucket(step);
        var (inputs, labels) = places[shape];
        _pool.Gather(examples, shape, inputs, labels);
        _experiment.Augmentation?.Apply(inputs, SplitMix64.Derive(_seed, RandomUse.Augmentation, (ulong)step));
    }

    // A thread of its own: those of the pool may all be trainings, each waiting for its next batch.
    private sealed class Helper : IDisposable
    {
        private readonly BlockingCollection<Task> _tasks = [];
        private readonly Thread _thread;

        public Helper()
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "batches ahead" };
            _thread.Start();
        }

        public Task Start(Action action)
        {
            var task = new Task(action);
            _tasks.Add(task);
            return task;
        }

        public void Dispose()
        {
            _tasks.CompleteAdding();
            _thread.Join();
            _tasks.Dispose();
        }

        private void Run()
        {
            foreach (var task in _tasks.GetConsumingEnumerable())
                task.RunSynchronously();
        }
    }
}
