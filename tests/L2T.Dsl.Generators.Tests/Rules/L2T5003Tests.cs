using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T5003Tests
{
    [Theory]
    [InlineData("[StateFeature({|L2T5003:2|})] private static float Feature(in StudentState s) => s.Step", 2, "it returns one number")]
    [InlineData("[StateFeature({|L2T5003:0|})] private static float Feature(in StudentState s) => s.Step", 0, "it returns one number")]
    [InlineData("[StateFeature({|L2T5003:0|})] private static ReadOnlySpan<float> Feature(in StudentState s) => default", 0, "a span has at least one number")]
    [InlineData("[StateFeature] private static ReadOnlySpan<float> {|L2T5003:Feature|}(in StudentState s) => default", 1, "it returns a span, whose size must be said")]
    public void Size_that_can_not_be(string feature, int size, string reason)
    {
        var messages = RuleAssert.Reports(Teacher.With(feature.Replace("StateFeature({", "StateFeature(Size = {", StringComparison.Ordinal) + ";"));

        Assert.Equal($"State feature 'Feature' has Size = {size}, but {reason}", Assert.Single(messages));
    }

    [Fact]
    public void Statistic_by_class_of_another_number_of_classes()
    {
        var messages = RuleAssert.CompilerReports($$"""
            {{Teacher.With("[StateFeature(Size = 10)] private static ReadOnlySpan<float> {|L2T5003:Precision|}(in StudentState s) => s.DevPrecisionPerClass;")}}
            [Metric] public sealed partial class Accuracy
            {
                public Tensor Measure([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) => output.mean();
            }
            [Student] public sealed partial class Net
            {
                [Parameter(4)] public partial Tensor Weight { get; }
                public Tensor Forward([Shape("N", 4)] Tensor x) => x * Weight;
            }
            [Experiment(typeof(Net), typeof(Guide), Metric = typeof(Accuracy))] public sealed partial class Trial;
            """);

        Assert.Equal("State feature 'Precision' has Size = 10, but 'Net' has 4 classes, and DevPrecisionPerClass has one number for each", Assert.Single(messages));
    }
}
