namespace L2T.Dsl.Compiler.Specs;

/// <summary>What a module is for.</summary>
public enum ModuleKind
{
    /// <summary>A reusable part: <c>Forward</c>.</summary>
    Block,

    /// <summary>The network being taught: <c>Forward</c>.</summary>
    Student,

    /// <summary>A loss, its coefficients set by a teacher or fixed: <c>Loss(output, target)</c>, a scalar to minimise.</summary>
    LossForm,

    /// <summary>A relaxed metric, to maximise: <c>Measure(output, target)</c>, a scalar.</summary>
    Metric,

    /// <summary>A teacher with a body of its own: <c>Teach(state)</c>, one tensor for each coefficient.</summary>
    Teacher,
}
