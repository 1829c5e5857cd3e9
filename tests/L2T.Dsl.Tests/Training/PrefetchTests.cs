using System.Collections.Concurrent;
using L2T.Dsl.Data;
using L2T.Dsl.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Training;

/// <summary>Batches that another thread makes ahead, in whole trainings and on the way back through them.</summary>
public sealed class PrefetchTests
{
    private const int Steps = 12;

    [Fact]
    public void A_training_and_the_way_back_through_it_are_the_same_bits()
    {
        var (with, without) = (Experiment(true, new Shake()), Experiment(false, new Shake()));
        var teacher = with.InitialTeacher();

        var (expected, actual) = (without.Differentiate(teacher, 1), with.Differentiate(teacher, 1));

        Assert.Equal(expected.Objective, actual.Objective);
        Assert.Equal(expected.Gradient, actual.Gradient);
        Assert.NotEqual(Experiment(true, new Shake { Strength = 0 }).Differentiate(teacher, 1).Objective, actual.Objective);
    }

    [Fact]
    public void Another_thread_augments_all_batches_but_those_that_cannot_be_foreseen()
    {
        var (ahead, asked) = (new Shake(), new Shake());
        foreach (var (shake, prefetch) in ((Shake, bool)[])[(ahead, true), (asked, false)])
        {
            var experiment = Experiment(prefetch, shake);
            experiment.Differentiate(experiment.InitialTeacher(), 1);
        }

        Assert.All(asked.Threads, thread => Assert.Equal(Environment.CurrentManagedThreadId, thread));
        // The first one, and that behind which the way back begins.
        Assert.InRange(ahead.Threads.Count(thread => thread == Environment.CurrentManagedThreadId), 1, 2);
        Assert.Equal(asked.Threads.Count, ahead.Threads.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void What_an_augmentation_throws_comes_out_as_it_was_and_nothing_runs_on(int calls)
    {
        var shake = new Shake { Bearable = calls };
        var experiment = Experiment(true, shake);
        var teacher = experiment.InitialTeacher();

        var fault = Assert.Throws<L2TException>(() => experiment.Differentiate(teacher, 1));

        Assert.Equal("Enough.", fault.Message);
        Assert.Equal((calls + 1, 0), (shake.Threads.Count, shake.Running));
    }

    [Fact]
    public void Nothing_runs_on_after_a_training_that_was_stopped()
    {
        using var stop = new CancellationTokenSource();
        var shake = new Shake { Stops = stop };
        var experiment = Experiment(true, shake);
        var teacher = experiment.InitialTeacher();

        Assert.Throws<OperationCanceledException>(() => experiment.Differentiate(teacher, 1, stop.Token));

        Assert.Equal(0, shake.Running);
        Assert.InRange(shake.Threads.Count, 5, 6);
    }

    private static Clouds Experiment(bool prefetch, Shake shake) => new()
    {
        Data = EagerExperiment.Split(),
        DType = ScalarType.Float64,
        Steps = Steps,
        BatchSize = 5,
        Augmentation = shake,
        Prefetch = prefetch,
    };

    private sealed record Shake : Augmentation
    {
        private const int StopsAt = 5;
        private int _running;

        public double Strength { get; init; } = 1e-4;

        public int Bearable { get; init; } = int.MaxValue;

        public CancellationTokenSource? Stops { get; init; }

        public int Running => _running;

        public ConcurrentQueue<int> Threads { get; } = [];

        public override void Apply(Tensor inputs, ulong seed)
        {
            Interlocked.Increment(ref _running);
            try
            {
                Threads.Enqueue(Environment.CurrentManagedThreadId);
                if (Threads.Count == StopsAt)
                    Stops?.Cancel();
                if (Threads.Count > Bearable)
                    throw new L2TException("Enough.");
                using Scalar shift = Strength * (seed % 1000);
                inputs.add_(shift);
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }
    }
}
