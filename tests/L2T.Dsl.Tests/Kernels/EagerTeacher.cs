using System.Runtime.CompilerServices;
using L2T.Dsl.Tensors;
using L2T.Dsl.Training;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>A teacher under autograd: the paper's formula, or the body of a teacher that has one.</summary>
internal static class EagerTeacher
{
    /// <summary>Phi for a state, one tensor for each coefficient.</summary>
    /// <param name="experiment">The experiment of the teacher.</param>
    /// <param name="teacher">A teacher with a body of its own; null for attention over slots.</param>
    /// <param name="theta">Its parameters by slot.</param>
    /// <param name="state">s, [F].</param>
    public static Tensor[] Teach(LossTeacherExperiment experiment, ITensorModule? teacher, IReadOnlyList<Tensor> theta, Tensor state)
    {
        var coefficients = experiment.Get<IReadOnlyList<TensorSlot>>("CoefficientLayout");
        if (teacher is not null)
        {
            teacher.Bind(new TensorCursor(theta));
            var phi = (ITuple)teacher.GetType().GetMethod("Teach")!.Invoke(teacher, [state])!;
            return [.. coefficients.Select((_, i) => (Tensor)phi[i]!)];
        }

        var names = experiment.Get<IReadOnlyList<TensorSlot>>("TeacherLayout").Select(slot => slot.Name).ToList();
        var alpha = nn.functional.softmax(matmul(theta[names.IndexOf("Attention")], state), 0);
        return [.. coefficients.Select(c => matmul(alpha, theta[names.IndexOf("Memory." + c.Name)]).view(c.Shape))];
    }
}
