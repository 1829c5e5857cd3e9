namespace L2T.Dsl.Optimizers;

/// <summary>
/// Derivatives of M, which is measured at the end of training, with respect to settings of the optimizer; filled by its adjoint steps
/// (Maclaurin, Duvenaud and Adams 2015; Franceschi et al. 2017).
/// </summary>
public sealed class SettingAdjoints
{
    /// <summary>dM/deta_t of the step whose adjoint was taken last.</summary>
    public double LearningRate { get; set; }

    /// <summary>dM/dmu, summed over the steps; for Adam dM/db1.</summary>
    public double Momentum { get; set; }

    /// <summary>dM/dlambda, summed over the steps.</summary>
    public double WeightDecay { get; set; }

    internal void Reset() => LearningRate = Momentum = WeightDecay = 0;
}
