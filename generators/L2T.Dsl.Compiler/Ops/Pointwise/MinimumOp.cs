using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>The lesser of x and y.</summary>
public sealed record MinimumOp : ExtremumOp
{
    /// <inheritdoc/>
    public override string Name => "minimum";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.minimum({1})") { Lane = "Lanes.Min({0}, {1})" };

    /// <inheritdoc/>
    protected override int Direction => -1;

    /// <inheritdoc/>
    protected override double Evaluate(double x, double y) => Math.Min(x, y);
}
