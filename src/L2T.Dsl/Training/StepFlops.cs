using System.Globalization;
using L2T.Dsl.Reporting;

namespace L2T.Dsl.Training;

/// <summary>
/// Floating-point operations on one batch, counted from the shapes of the generated programs: 2 for each product that is summed in a matrix
/// product or a convolution, 1 for each element of any function of elements, 1 for each element that is summed or compared.
/// </summary>
/// <param name="Forward">The student's output in evaluation mode.</param>
/// <param name="Step">A step of plain descent under the taught loss: output, loss, gradient and update of the weights.</param>
/// <param name="Hyper">
/// The same step on the way back: H v and M v. Steps that the trajectory's policy takes again (<see cref="MemoryPlan"/>) come on top.
/// </param>
public sealed record StepFlops(long Forward, long Step, long Hyper)
{
    /// <summary>Whether there are calls that are left to libtorch's autograd, whose operations are not counted.</summary>
    public bool IsPartial { get; init; }

    /// <summary>One line: <c>student 51.0 MFLOP, step 152 MFLOP, hyper step 305 MFLOP (2.00 times the step)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"student {Text(Forward)}, step {Text(Step)}, hyper step {Text(Hyper)} ({(double)Hyper / Step:F2} times the step){(IsPartial ? "; without calls that are left to autograd" : "")}");

    private static string Text(long flops) => Quantity.Text(flops, "FLOP");
}
