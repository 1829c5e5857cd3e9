namespace L2T.Dsl.Compiler.Emit;

/// <summary>
/// Writes the policy of an experiment's trajectory, and a property for the parameter that it may have: no other policy is named, nor are
/// there parameters that mean nothing under this one.
/// </summary>
internal static class TrajectoryWriter
{
    private const string Namespace = "global::L2T.Dsl.Hypergradients.";

    /// <summary>Writes the members.</summary>
    /// <param name="code">The experiment's part.</param>
    /// <param name="policy">A member of the <c>TrajectoryPolicy</c> enum.</param>
    /// <param name="isOutline">Whether nothing is required, as in an outline.</param>
    public static void Write(CodeWriter code, string policy, bool isOutline = false)
    {
        var parameter = policy switch
        {
            "KeepOnDisk" => "TrajectoryFolder",
            "Revolve" => "TrajectorySnapshots",
            "Truncated" => "TrajectoryWindow",
            "Auto" => "MemoryBudget",
            _ => "",
        };
        switch (parameter)
        {
            case "TrajectoryFolder":
                code.Line("/// <summary>The folder of the trajectory's temporary file. Default null: the system's temporary folder.</summary>");
                code.Line("public string? TrajectoryFolder { get; init; }");
                code.Line();
                break;
            case "TrajectorySnapshots":
                code.Line("/// <summary>How many snapshots the trajectory has, at least 1. Default null: 1 + ceil(log2 Steps).</summary>");
                code.Line("public int? TrajectorySnapshots { get; init; }");
                code.Line();
                break;
            case "TrajectoryWindow":
                code.Line("/// <summary>How many of the last steps the sweep goes back through, at least 1; fewer than Steps make the gradient biased.</summary>");
                code.Line($"public {(isOutline ? "" : "required ")}int TrajectoryWindow {{ get; init; }}");
                code.Line();
                break;
            case "" when policy == "Reversal":
                code.Line("/// <summary>What trains the student; exact reversal undoes momentum. Default: momentum 0.9.</summary>");
                code.Line("public override global::L2T.Dsl.Optimizers.OptimizerOptions Optimizer { get; init; } = new global::L2T.Dsl.Optimizers.SgdOptions { Momentum = 0.9 };");
                code.Line();
                break;
            case "MemoryBudget":
                code.Line("/// <summary>The most bytes that teaching may hold, see PlanMemory. Default null: three quarters of this machine's memory.</summary>");
                code.Line("public long? MemoryBudget { get; init; }");
                code.Line();
                break;
        }

        code.Line("/// <inheritdoc/>");
        code.Line($"protected override {Namespace}ITrajectoryPolicy Trajectory => new {Namespace}{policy}Trajectory({parameter});");
        code.Line();
    }
}
