using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T5007Tests
{
    [Theory]
    [InlineData("Init = {|L2T5007:(Init)99|}", "'Init' = 99: it is no member of Init")]
    [InlineData("Scale = {|L2T5007:double.NaN|}", "'Scale' = double.NaN: it must be finite")]
    [InlineData("Scale = {|L2T5007:1e300 * 1e300|}", "'Scale' = double.PositiveInfinity: it must be finite")]
    public void Value_of_a_parameter(string argument, string message)
    {
        var messages = RuleAssert.Reports($$"""
            [Student] public sealed partial class Net
            {
                [Parameter(4, {{argument}})] public partial Tensor Weight { get; }
                public Tensor Forward([Shape("N", 4)] Tensor x) => x * Weight;
            }
            """);

        Assert.Equal(message, Assert.Single(messages));
    }

    [Fact]
    public void Number_of_slots()
    {
        var messages = RuleAssert.Reports(
            Teacher.With("[StateFeature] private static float Progress(in StudentState s) => s.Step;", ", Slots = {|L2T5007:0|}"));

        Assert.Equal("'Slots' = 0: a teacher has at least one memory slot", Assert.Single(messages));
    }

    [Fact]
    public void Trajectory_of_an_experiment()
    {
        var messages = RuleAssert.Reports($$"""
            {{Teacher.With("[StateFeature] private static float Progress(in StudentState s) => s.Step;")}}
            [Metric] public sealed partial class Accuracy
            {
                public Tensor Measure([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) => output.mean();
            }
            [Student] public sealed partial class Net { public Tensor Forward([Shape("N", 4)] Tensor x) => x; }
            [Experiment(typeof(Net), typeof(Guide), Metric = typeof(Accuracy), Trajectory = {|L2T5007:(TrajectoryPolicy)70|})]
            public sealed partial class Trial;
            """);

        Assert.Equal("'Trajectory' = 70: it is no member of TrajectoryPolicy", Assert.Single(messages));
    }
}
