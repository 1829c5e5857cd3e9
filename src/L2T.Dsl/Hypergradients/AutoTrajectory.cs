using L2T.Dsl.Training;

namespace L2T.Dsl.Hypergradients;

/// <summary>
/// The policy with the fewest extra steps that keeps the whole run within a budget of memory: all steps kept, else a checkpoint every
/// sqrt(T), else revolve with as many snapshots as fit. All of them give the same bits.
/// </summary>
/// <param name="budget">
/// The most bytes that the run may hold, all that <see cref="MemoryPlan"/> counts; null for three quarters of the memory of this machine
/// (or of its container).
/// </param>
public sealed class AutoTrajectory(long? budget = null) : ITrajectoryPolicy
{
    /// <inheritdoc/>
    public TrajectoryPlan Plan(in TrajectorySizes sizes) => Choose(sizes).Plan;

    /// <inheritdoc/>
    public ITrajectory Create(TrajectoryBinding binding) => Choose(binding.Sizes).Policy.Create(binding);

    private (ITrajectoryPolicy Policy, TrajectoryPlan Plan) Choose(in TrajectorySizes sizes)
    {
        var total = budget ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3;
        var left = total - sizes.OtherBytes;
        var reasons = new List<string>();
        foreach (var policy in (ITrajectoryPolicy[])[new KeepAllTrajectory(), new SquareRootTrajectory()])
        {
            var plan = policy.Plan(sizes);
            if (plan.Bytes <= left)
                return (policy, Explain(plan));
            reasons.Add($"{plan.Policy} would take {MemoryPlan.Text(plan.Bytes)}");
        }
        var least = new RevolveTrajectory(1).Plan(sizes).Bytes;
        if (least > left)
        {
            throw new L2TException($"No trajectory fits a budget of {MemoryPlan.Text(total)}: the least takes {MemoryPlan.Text(least)} "
                + $"beside {MemoryPlan.Text(sizes.OtherBytes)} for the rest of the run. Raise MemoryBudget, or lower the batch size or the "
                + "size of the student.");
        }
        var snapshots = new RevolveTrajectory((int)Math.Min(sizes.Steps, 1 + (left - least) / Math.Max(1, sizes.CarriedBytes)));
        return (snapshots, Explain(snapshots.Plan(sizes)));

        TrajectoryPlan Explain(TrajectoryPlan plan) => plan with
        {
            Description = $"{plan.Description}, chosen for a budget of {MemoryPlan.Text(total)}"
                + (reasons.Count == 0 ? "" : $" ({string.Join(", ", reasons)})"),
        };
    }
}
