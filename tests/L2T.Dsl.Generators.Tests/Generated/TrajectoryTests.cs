using L2T.Dsl.Generators.Tests.Testing;
using L2T.Dsl.Hypergradients;

namespace L2T.Dsl.Generators.Tests.Generated;

/// <summary>An experiment names the policy of its trajectory and no other, and has that policy's parameter and no other.</summary>
public sealed class TrajectoryTests
{
    public static TheoryData<TrajectoryPolicy> Policies => [.. Enum.GetValues<TrajectoryPolicy>()];

    [Theory]
    [MemberData(nameof(Policies))]
    public void One_policy_is_written(TrajectoryPolicy policy)
    {
        var compilation = GeneratorHost.Compile($$"""
            using L2T.Dsl.Losses;

            namespace Sample;

            [Student]
            public sealed partial class Net
            {
                [Parameter(3, 4)] public partial Tensor Weight { get; }
                public Tensor Forward([Shape("N", 4)] Tensor x) => functional.linear(x, Weight);
            }

            [Teacher(typeof(BilinearLoss))]
            public sealed partial class Guide
            {
                [StateFeature] private static float Progress(in StudentState s) => s.Step;
            }

            [Experiment(typeof(Net), typeof(Guide), Trajectory = TrajectoryPolicy.{{policy}})]
            public sealed partial class Trial;
            """);

        GeneratorHost.Driver().RunGeneratorsAndUpdateCompilation(compilation, out var complete, out _);

        Assert.Empty(GeneratorHost.Faults(complete));
        var all = string.Concat(complete.SyntaxTrees.Except(compilation.SyntaxTrees).Select(tree => tree.ToString()));
        var named = typeof(ITrajectoryPolicy).Assembly.GetExportedTypes()
            .Where(type => typeof(ITrajectoryPolicy).IsAssignableFrom(type) && all.Contains($"{type.FullName}(", StringComparison.Ordinal));
        Assert.Equal($"{policy}Trajectory", Assert.Single(named).Name);
        string[] parameters = ["TrajectoryFolder", "TrajectorySnapshots", "TrajectoryWindow", "MemoryBudget"];
        var parameter = policy switch
        {
            TrajectoryPolicy.KeepOnDisk => "TrajectoryFolder",
            TrajectoryPolicy.Revolve => "TrajectorySnapshots",
            TrajectoryPolicy.Truncated => "TrajectoryWindow",
            TrajectoryPolicy.Auto => "MemoryBudget",
            _ => null,
        };
        Assert.Equal(parameter is null ? [] : [parameter], parameters.Where(name => all.Contains(name, StringComparison.Ordinal)));
    }
}
