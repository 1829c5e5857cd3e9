using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>A teacher mu_theta: its coefficients Phi_t = mu_theta(s_t), and the way back from dPhi_t to dtheta.</summary>
/// <param name="forward">Writes the coefficients' block.</param>
/// <param name="backward">Adds J^T dPhi to the block of theta's gradient.</param>
public sealed class TeacherKernel(StateKernel forward, StateKernel backward) : IDisposable
{
    /// <summary>The bytes of the buffers that the kernels keep between runs.</summary>
    public long BufferBytes => forward.BufferBytes + backward.BufferBytes;

    /// <summary>Writes Phi_t.</summary>
    /// <param name="state">s_t, [F].</param>
    public void Forward(Tensor state) => forward.Run(state);

    /// <summary>Adds the gradient for the cotangents that lie in the block given for them.</summary>
    /// <param name="state">s_t, [F].</param>
    public void Backward(Tensor state) => backward.Run(state);

    /// <inheritdoc/>
    public void Dispose()
    {
        forward.Dispose();
        backward.Dispose();
    }
}
