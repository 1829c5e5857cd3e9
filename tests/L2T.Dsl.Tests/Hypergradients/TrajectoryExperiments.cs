using L2T.Dsl.Metrics;
using L2T.Dsl.Tests.Kernels;

namespace L2T.Dsl.Tests.Hypergradients;

// One experiment for each policy, as a user writes them.

[Experiment(typeof(Perceptron), typeof(SeeingTeacher), Metric = typeof(SmoothAccuracy))]
public sealed partial class KeepAllExperiment;

[Experiment(typeof(Perceptron), typeof(SeeingTeacher), Metric = typeof(SmoothAccuracy), Trajectory = TrajectoryPolicy.KeepOnDisk)]
public sealed partial class KeepOnDiskExperiment;

[Experiment(typeof(Perceptron), typeof(SeeingTeacher), Metric = typeof(SmoothAccuracy), Trajectory = TrajectoryPolicy.SquareRoot)]
public sealed partial class SquareRootExperiment;

[Experiment(typeof(Perceptron), typeof(SeeingTeacher), Metric = typeof(SmoothAccuracy), Trajectory = TrajectoryPolicy.Revolve)]
public sealed partial class RevolveExperiment;

[Experiment(typeof(Perceptron), typeof(SeeingTeacher), Metric = typeof(SmoothAccuracy), Trajectory = TrajectoryPolicy.Reversal)]
public sealed partial class ReversalExperiment;

[Experiment(typeof(Perceptron), typeof(SeeingTeacher), Metric = typeof(SmoothAccuracy), Trajectory = TrajectoryPolicy.Truncated)]
public sealed partial class TruncatedExperiment;

[Experiment(typeof(Perceptron), typeof(SeeingTeacher), Metric = typeof(SmoothAccuracy), Trajectory = TrajectoryPolicy.Auto)]
public sealed partial class AutoExperiment;
