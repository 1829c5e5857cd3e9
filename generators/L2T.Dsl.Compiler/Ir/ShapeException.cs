using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ir;

/// <summary>Operands that do not fit; the pass that asked turns it into a problem at the user's line.</summary>
/// <param name="left">One shape.</param>
/// <param name="right">What it does not fit: another shape, or words.</param>
/// <param name="reason">Why not.</param>
public sealed class ShapeException(string left, string right, string reason) : Exception($"{left} does not fit {right}: {reason}")
{
    /// <summary>Two shapes that do not fit.</summary>
    public ShapeException(Shape left, Shape right, string reason)
        : this(left.ToString(), right.ToString(), reason)
    {
    }

    /// <summary>One shape.</summary>
    public string Left { get; } = left;

    /// <summary>What it does not fit.</summary>
    public string Right { get; } = right;

    /// <summary>Why not.</summary>
    public string Reason { get; } = reason;
}
