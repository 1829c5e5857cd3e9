namespace L2T.Dsl;

/// <summary>
/// Marks a relaxed metric, m~ of the paper: its entry method <c>Measure(output, target)</c> returns a differentiable
/// scalar on the dev set, which the teacher maximises.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class MetricAttribute : Attribute;
