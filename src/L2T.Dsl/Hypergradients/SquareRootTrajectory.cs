using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Hypergradients;

/// <summary>
/// A checkpoint every L = ceil(sqrt(T)) steps; on the way back each segment but the last, which is recorded on the way forward, is trained
/// again from its checkpoint and recorded. Memory: (ceil(T / L) - 1) carried + L (adjoint inputs + kept). Extra steps:
/// (ceil(T / L) - 1) L, less than one training.
/// </summary>
public sealed class SquareRootTrajectory : ITrajectoryPolicy
{
    /// <inheritdoc/>
    public TrajectoryPlan Plan(in TrajectorySizes sizes)
    {
        var length = Length(sizes.Steps);
        var checkpoints = Checkpoints(sizes.Steps);
        return new(
            TrajectoryPolicy.SquareRoot,
            $"a checkpoint every {length} of {sizes.Steps} steps",
            checkpoints * sizes.CarriedBytes + length * RecordedSteps.RowBytes(sizes), 0, (long)checkpoints * length);
    }

    /// <inheritdoc/>
    public ITrajectory Create(TrajectoryBinding binding) => new Run(binding);

    private static int Length(int steps) => (int)Math.Ceiling(Math.Sqrt(steps));

    // One for every segment but the last.
    private static int Checkpoints(int steps) => (steps - 1) / Length(steps);

    private sealed class Run : ITrajectory
    {
        private readonly Owned _owned = new();
        private readonly TrajectoryBinding _binding;
        private readonly int _length;
        private readonly int _lastStart;
        private readonly RecordedSteps _segment;
        private readonly MemoryRows _checkpoints;
        private int _segmentStart;

        public Run(TrajectoryBinding binding)
        {
            _binding = binding;
            _length = Length(binding.Steps);
            var checkpoints = Checkpoints(binding.Steps);
            _lastStart = checkpoints * _length;
            try
            {
                _segment = _owned.Add(new RecordedSteps(binding, _length));
                _checkpoints = _owned.Add(new MemoryRows(checkpoints, binding.Carried));
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
            _segmentStart = _lastStart;
            if (step >= _lastStart)
                _segment.Before(step - _lastStart);
            else if (step % _length == 0)
                _checkpoints.Write(step / _length, _binding.Carried);
        }

        public void AfterStep(int step)
        {
            if (step >= _lastStart)
                _segment.After(step - _lastStart);
        }

        public Tensor Restore(int step)
        {
            if (step < _segmentStart)
                Record(step / _length);
            return _segment.Restore(step - _segmentStart);
        }

        public void Dispose() => _owned.Dispose();

        // Ends with the step that is restored first, so that its state, coefficients and batch are in place.
        private void Record(int segment)
        {
            _segmentStart = segment * _length;
            _checkpoints.Read(segment, _binding.Carried);
            for (var i = 0; i < _length; i++)
            {
                _segment.Before(i);
                _binding.Replay(_segmentStart + i);
                _segment.After(i);
            }
        }
    }
}
