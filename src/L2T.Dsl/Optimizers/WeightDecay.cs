using L2T.Dsl.Tensors;

namespace L2T.Dsl.Optimizers;

/// <summary>
/// Decay of the weights, coupled (an L2 penalty) or decoupled; PyTorch's conventions.
/// <code>
/// coupled    step     g' = g + lambda w
///            adjoint  aw += lambda ag'                   (a_ = dM/d_)
///                     dM/dlambda += ag'.w
/// decoupled  step     w' = (1 - eta lambda) w - ...
///            adjoint  aw = (1 - eta lambda) aw'
///                     dM/dlambda += -eta aw'.w,  dM/deta += -lambda aw'.w
/// </code>
/// </summary>
/// <param name="rate">lambda.</param>
/// <param name="decoupled">Which of the two.</param>
public readonly struct WeightDecay(double rate, bool decoupled)
{
    /// <summary>lambda where the decay is coupled, else 0.</summary>
    public double Coupled { get; } = decoupled ? 0 : rate;

    /// <summary>lambda where the decay is decoupled, else 0.</summary>
    public double Decoupled { get; } = decoupled ? rate : 0;

    private bool IsDecoupled { get; } = decoupled;

    /// <summary>Adds <paramref name="factor"/> lambda w to a gradient, or to what it goes into; for a coupled decay.</summary>
    public void Step(TensorBlock weights, TensorBlock gradient, double factor = 1)
    {
        if (Coupled > 0)
            gradient.Add(weights, factor * Coupled);
    }

    /// <summary>The adjoint of that: <paramref name="gradientAdjoint"/> is that of what was added to.</summary>
    public void AdjointStep(
        TensorBlock weights, TensorBlock weightAdjoint, TensorBlock gradientAdjoint, SettingAdjoints? settings, double factor = 1)
    {
        if (IsDecoupled)
            return;
        if (settings is not null)
            settings.WeightDecay += factor * gradientAdjoint.Dot(weights);
        if (Coupled > 0)
            weightAdjoint.Add(gradientAdjoint, factor * Coupled);
    }

    /// <summary>Shrinks the weights, after the gradient was taken at them; for a decoupled decay.</summary>
    public void Shrink(TensorBlock weights, double learningRate)
    {
        if (Decoupled > 0)
            weights.Scale(1 - learningRate * Decoupled);
    }

    /// <summary>The adjoint of that, before any other share is added to <paramref name="weightAdjoint"/>.</summary>
    public void AdjointShrink(TensorBlock weights, TensorBlock weightAdjoint, double learningRate, SettingAdjoints? settings)
    {
        if (!IsDecoupled)
            return;
        if (settings is not null)
        {
            var along = weightAdjoint.Dot(weights);
            settings.LearningRate -= Decoupled * along;
            settings.WeightDecay -= learningRate * along;
        }
        if (Decoupled > 0)
            weightAdjoint.Scale(1 - learningRate * Decoupled);
    }
}
