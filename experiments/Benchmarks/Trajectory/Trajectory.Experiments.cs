using L2T.Dsl;
using L2T.Dsl.Metrics;
using L2T.Experiments.Benchmarks.HyperStep;

namespace L2T.Experiments.Benchmarks.Trajectory;

/// <summary>The perceptron, remembered in memory.</summary>
[Experiment(typeof(Perceptron), typeof(ProgressTeacher), Metric = typeof(ExpectedAccuracy))]
public sealed partial class KeepAllExperiment;

/// <summary>On disk.</summary>
[Experiment(typeof(Perceptron), typeof(ProgressTeacher), Metric = typeof(ExpectedAccuracy), Trajectory = TrajectoryPolicy.KeepOnDisk)]
public sealed partial class KeepOnDiskExperiment;

/// <summary>By a checkpoint every sqrt(T) steps.</summary>
[Experiment(typeof(Perceptron), typeof(ProgressTeacher), Metric = typeof(ExpectedAccuracy), Trajectory = TrajectoryPolicy.SquareRoot)]
public sealed partial class SquareRootExperiment;

/// <summary>By snapshots.</summary>
[Experiment(typeof(Perceptron), typeof(ProgressTeacher), Metric = typeof(ExpectedAccuracy), Trajectory = TrajectoryPolicy.Revolve)]
public sealed partial class RevolveExperiment;

/// <summary>By its lost bits, with momentum 0.9.</summary>
[Experiment(typeof(Perceptron), typeof(ProgressTeacher), Metric = typeof(ExpectedAccuracy), Trajectory = TrajectoryPolicy.Reversal)]
public sealed partial class ReversalExperiment;

/// <summary>By its last steps.</summary>
[Experiment(typeof(Perceptron), typeof(ProgressTeacher), Metric = typeof(ExpectedAccuracy), Trajectory = TrajectoryPolicy.Truncated)]
public sealed partial class TruncatedExperiment;
