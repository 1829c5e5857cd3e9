using L2T.Dsl.Compiler.Collections;

namespace L2T.Dsl.Compiler.Emit;

/// <summary>What a kind of kernel looks like from outside.</summary>
/// <param name="Base">The library's base class.</param>
/// <param name="Blocks">The blocks that the constructor takes, in order; the first gives type and device.</param>
/// <param name="Arguments">The tensors that a run takes, in order.</param>
/// <param name="TakesSeed">Whether a run takes the seed, the cotangent of the differentiated output.</param>
/// <param name="Returns">The exposed output that a run returns; null for none.</param>
/// <param name="Keeps">Whether it leaves what it kept for the hyper step.</param>
/// <param name="TakesBatch">Whether it is made for a batch size.</param>
public sealed record KernelShape(
    string Base,
    EquatableArray<string> Blocks,
    EquatableArray<string> Arguments,
    bool TakesSeed,
    string? Returns,
    bool Keeps,
    bool TakesBatch)
{
    /// <summary>The argument of a run that is what the step kept.</summary>
    public const string Kept = "kept";

    /// <summary>Adds the gradient of a loss to a block.</summary>
    public static KernelShape Gradient { get; } = new("GradientKernel", ["w", "phi", "into"], ["x", "y"], true, null, true, true);

    /// <summary>Adds the gradient of a metric to a block.</summary>
    public static KernelShape Metric { get; } = Gradient with { Blocks = ["w", "into"] };

    /// <summary>Adds Hessian- and mixed-derivative-vector products to two blocks.</summary>
    public static KernelShape Hyper { get; } = new("HyperKernel", ["w", "phi", "tangent", "intoW", "intoPhi"], ["x", "y", Kept], true, null, false, true);

    /// <summary>Gives the student's output.</summary>
    public static KernelShape Forward { get; } = new("ForwardKernel", ["w"], ["x"], false, "Output", false, true);

    /// <summary>Writes a teacher's coefficients.</summary>
    public static KernelShape TeacherForward { get; } = new("StateKernel", ["w", "phi"], ["state"], false, null, false, false);

    /// <summary>Adds the gradient of a teacher's parameters.</summary>
    public static KernelShape TeacherBackward { get; } = new("StateKernel", ["w", "cotangent", "into"], ["state"], false, null, false, false);
}
