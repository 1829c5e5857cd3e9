using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Hypergradients;

/// <summary>
/// Recursive checkpointing by the schedule with the fewest extra steps; see <see cref="RevolveSchedule"/>. Memory: S carried +
/// (adjoint inputs + kept). Extra steps: r T - (S + r)! / ((S + 1)! (r - 1)!) with the least r for which T &lt;= (S + r)! / (S! r!).
/// (That is the paper's t(T, S): of its advances the first T - 1 are the training itself; in return every step but the last is taken once
/// more for what it keeps.)
/// </summary>
/// <param name="snapshots">S, at least 1; null for 1 + ceil(log2 T); more than T counts as T.</param>
public sealed class RevolveTrajectory(int? snapshots = null) : ITrajectoryPolicy
{
    /// <inheritdoc/>
    public TrajectoryPlan Plan(in TrajectorySizes sizes)
    {
        var count = Count(sizes.Steps);
        return new(
            TrajectoryPolicy.Revolve,
            $"{count} snapshots over {sizes.Steps} steps",
            count * sizes.CarriedBytes + RecordedSteps.RowBytes(sizes), 0, RevolveSchedule.Advances(sizes.Steps, count));
    }

    /// <inheritdoc/>
    public ITrajectory Create(TrajectoryBinding binding) => new Run(binding, Count(binding.Steps));

    private int Count(int steps) => snapshots switch
    {
        null => Math.Min(steps, 1 + (int)Math.Ceiling(Math.Log2(steps))),
        >= 1 => Math.Min(steps, snapshots.Value),
        _ => throw new L2TException($"The trajectory has {snapshots} snapshots. Set TrajectorySnapshots to at least 1, or to null."),
    };

    private sealed class Run : ITrajectory
    {
        private readonly Owned _owned = new();
        private readonly TrajectoryBinding _binding;
        private readonly int _count;
        private readonly MemoryRows _snapshots;
        private readonly RecordedSteps _recorded;
        private readonly Stack<int> _taken;
        private int _next;

        public Run(TrajectoryBinding binding, int count)
        {
            _binding = binding;
            _count = count;
            _taken = new Stack<int>(count);
            try
            {
                _snapshots = _owned.Add(new MemoryRows(count, binding.Carried));
                _recorded = _owned.Add(new RecordedSteps(binding, 1));
            }
            catch
            {
                _owned.Dispose();
                throw;
            }
        }

        public int First => 0;

        public void BeforeStep(int step)
        {
            if (step == 0)
            {
                _taken.Clear();
                _next = 0;
            }
            if (step == _next)
                Take(step, _binding.Steps);
            if (step == _binding.Steps - 1)
                _recorded.Before(0);
        }

        public void AfterStep(int step)
        {
            if (step == _binding.Steps - 1)
                _recorded.After(0);
        }

        public Tensor Restore(int step)
        {
            // The last step is recorded on the way forward.
            if (step < _binding.Steps - 1)
                Record(step);
            if (_taken.Peek() == step)
                _taken.Pop();
            return _recorded.Restore(0);
        }

        public void Dispose() => _owned.Dispose();

        // Takes a snapshot, where there is one left, and finds where the next is due, with steps before the end still to be reversed.
        private void Take(int step, int end)
        {
            _snapshots.Write(_taken.Count, _binding.Carried);
            _taken.Push(step);
            Aim(end);
        }

        private void Aim(int end)
        {
            var from = _taken.Peek();
            var free = _count - _taken.Count;
            _next = free > 0 && end - from > 1 ? from + RevolveSchedule.Advance(end - from, free + 1) : -1;
        }

        private void Record(int step)
        {
            var at = _taken.Peek();
            _snapshots.Read(_taken.Count - 1, _binding.Carried);
            Aim(step + 1);
            for (; at < step; at++)
            {
                if (at == _next)
                    Take(at, step + 1);
                _binding.Replay(at);
            }
            // A snapshot due at the step itself would be of no use after it.
            _recorded.Before(0);
            _binding.Replay(step);
            _recorded.After(0);
        }
    }
}
