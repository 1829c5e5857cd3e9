using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T5009Tests
{
    [Fact]
    public void Metric_of_labels_beside_a_loss_of_real_targets()
    {
        var messages = RuleAssert.CompilerReports(Parts("[Shape(\"N\", \"D\")]") + "[Experiment(typeof(Net), typeof(Guide), Metric = {|L2T5009:typeof(Accuracy)|})] public sealed partial class Trial;");

        Assert.Equal(
            "'Accuracy' takes the targets int[N], but the taught loss 'Form' takes real[N, 4]; an experiment's losses and its metric are given the same ones",
            Assert.Single(messages));
    }

    [Fact]
    public void Fixed_loss_of_real_targets_beside_a_loss_of_labels()
    {
        var messages = RuleAssert.CompilerReports(
            Parts("[Labels(\"N\")]") + "[Experiment(typeof(Net), typeof(Guide), Metric = typeof(Accuracy), Baselines = {|L2T5009:[typeof(Distance)]|})] public sealed partial class Trial;");

        Assert.StartsWith("'Distance' takes the targets real[N, 4], but the taught loss 'Form' takes int[N];", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public void Real_targets_of_another_shape_than_the_output()
    {
        var messages = RuleAssert.CompilerReports(
            Parts("[Shape(\"N\", 1)]", "[Shape(\"N\", 1)]") + "[Experiment(typeof(Net), {|L2T5009:typeof(Guide)|}, Metric = typeof(Closeness))] public sealed partial class Trial;");

        Assert.Equal("'Form' takes the targets real[N, 1], but 'Net' gives real[N, 4]; real-valued targets have the shape of the output", Assert.Single(messages));
    }

    [Fact]
    public void Loss_metric_and_fixed_losses_of_the_same_real_targets() => RuleAssert.CompilerReports(
        Parts("[Shape(\"N\", \"D\")]") + "[Experiment(typeof(Net), typeof(Guide), Metric = typeof(Closeness), Baselines = [typeof(Distance)])] public sealed partial class Trial;");

    [Fact]
    public void Without_a_metric_the_default_one_takes_labels()
    {
        var messages = RuleAssert.CompilerReports(Parts("[Shape(\"N\", \"D\")]") + "[{|L2T5009:Experiment(typeof(Net), typeof(Guide))|}] public sealed partial class Trial;");

        Assert.StartsWith("'ExpectedAccuracy' takes the targets int[N]", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[StateFeature] private static float Seen(in StudentState s) => s.{|L2T5007:DevAccuracy|};", "DevAccuracy")]
    [InlineData("[StateFeature] private static float Seen(in StudentState s) => s.{|L2T5007:TrainAccuracy|};", "TrainAccuracy")]
    public void Statistic_of_classes_where_there_are_none(string feature, string source)
    {
        var text = Parts("[Shape(\"N\", \"D\")]").Replace("[StateFeature] private static float Progress(in StudentState s) => s.Step;", Named(feature), StringComparison.Ordinal);

        var messages = RuleAssert.CompilerReports(text + "[Experiment(typeof(Net), typeof(Guide), Metric = typeof(Closeness))] public sealed partial class Trial;");

        Assert.Equal($"'Seen' = {source}: the targets are real numbers, so no answer is right or wrong; take TrainError or DevError, mean squared errors", Assert.Single(messages));

        // The rule points at the method's name.
        static string Named(string feature) => System.Text.RegularExpressions.Regex.Replace(feature, @"\{\|L2T5007:(\w+)\|\}", "$1").Replace("Seen", "{|L2T5007:Seen|}", StringComparison.Ordinal);
    }

    private static string Parts(string target, string metricTarget = "[Shape(\"N\", \"D\")]") => $$"""
        [LossForm] public sealed partial class Form
        {
            [Coefficient(1, Init = Init.Ones)] public partial Tensor Weight { get; }
            public Tensor Loss([Shape("N", "D")] Tensor output, {{target}} Tensor target) => (output.square() * Weight).mean();
        }
        [LossForm] public sealed partial class Distance
        {
            public Tensor Loss([Shape("N", "D")] Tensor output, [Shape("N", "D")] Tensor target) => (output - target).abs().mean();
        }
        [Metric] public sealed partial class Accuracy
        {
            public Tensor Measure([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) => output.mean();
        }
        [Metric] public sealed partial class Closeness
        {
            public Tensor Measure([Shape("N", "D")] Tensor output, {{metricTarget}} Tensor target) => (output - target).square().mean();
        }
        [Student] public sealed partial class Net
        {
            [Parameter(4)] public partial Tensor Weight { get; }
            public Tensor Forward([Shape("N", 4)] Tensor x) => x * Weight;
        }
        [Teacher(typeof(Form))] public sealed partial class Guide
        {
            [StateFeature] private static float Progress(in StudentState s) => s.Step;
        }

        """;
}
