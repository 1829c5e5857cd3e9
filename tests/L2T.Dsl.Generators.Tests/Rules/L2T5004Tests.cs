using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T5004Tests
{
    private const string Parts = """
        public sealed class Plain;
        [LossForm] public sealed partial class Form
        {
            public Tensor Loss([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) => output.mean();
        }
        [Metric] public sealed partial class Accuracy
        {
            public Tensor Measure([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) => output.mean();
        }
        [Student] public sealed partial class Net { public Tensor Forward([Shape("N", 4)] Tensor x) => x; }
        [Teacher(typeof(Form))] public sealed partial class Guide
        {
            [StateFeature] private static float Progress(in StudentState s) => s.Step;
        }
        """;

    [Theory]
    [InlineData("{|L2T5004:typeof(Plain)|}, typeof(Guide), Metric = typeof(Accuracy)", "Student")]
    [InlineData("{|L2T5004:typeof(Form)|}, typeof(Guide), Metric = typeof(Accuracy)", "Student")]
    [InlineData("typeof(Net), {|L2T5004:typeof(Net)|}, Metric = typeof(Accuracy)", "Teacher")]
    [InlineData("typeof(Net), typeof(Guide), Metric = {|L2T5004:typeof(Form)|}", "Metric")]
    [InlineData("typeof(Net), typeof(Guide), Metric = typeof(Accuracy), Baselines = {|L2T5004:[typeof(Form), typeof(Net)]|}", "LossForm")]
    [InlineData("typeof(Net), {|L2T5004:null!|}, Metric = typeof(Accuracy)", "Teacher")]
    [InlineData("typeof(Net), {|L2T5004:typeof(int[])|}, Metric = typeof(Accuracy)", "Teacher")]
    public void Type_of_an_experiment_that_is_not_marked(string arguments, string attribute)
    {
        var messages = RuleAssert.Reports($$"""
            {{Parts}}
            [Experiment({{arguments}})] public sealed partial class Trial;
            """);

        Assert.EndsWith($"is not marked [{attribute}]", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public void Loss_form_of_a_teacher_that_is_not_marked() => RuleAssert.Reports($$"""
        {{Parts}}
        [Teacher({|L2T5004:typeof(Accuracy)|})] public sealed partial class Other
        {
            [StateFeature] private static float Progress(in StudentState s) => s.Step;
        }
        """);

    [Fact]
    public void Experiment_of_the_right_types() => RuleAssert.Reports($$"""
        {{Parts}}
        [Experiment(typeof(Net), typeof(Guide), Metric = typeof(Accuracy), Baselines = new[] { typeof(Form) })]
        public sealed partial class Trial;
        """);
}
