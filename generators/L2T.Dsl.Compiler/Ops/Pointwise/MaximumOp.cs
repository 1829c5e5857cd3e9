using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>The greater of x and y.</summary>
public sealed record MaximumOp : ExtremumOp
{
    /// <inheritdoc/>
    public override string Name => "maximum";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("{0}.maximum({1})") { Lane = "Lanes.Max({0}, {1})" };

    /// <inheritdoc/>
    protected override int Direction => 1;

    /// <inheritdoc/>
    protected override double Evaluate(double x, double y) => Math.Max(x, y);
}
