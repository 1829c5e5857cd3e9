namespace L2T.Dsl;

/// <summary>The optimizers of a student whose training can be differentiated.</summary>
public enum StudentOptimizer
{
    /// <summary>Plain stochastic gradient descent, w' = w - eta g.</summary>
    Sgd,

    /// <summary>Stochastic gradient descent with momentum in PyTorch's convention, v' = mu v + g, w' = w - eta v'.</summary>
    Momentum,
}
