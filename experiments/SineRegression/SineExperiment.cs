using L2T.Dsl;
using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;

namespace L2T.Experiments.SineRegression;

/// <summary>A curve is fitted to a few points of a sine, in few steps, by a loss that was learned on other sines.</summary>
[Experiment(typeof(SineNet), typeof(LossTeacher), Metric = typeof(NegativeSquaredError), Baselines = [typeof(MeanSquaredError)])]
public sealed partial class SineExperiment;
