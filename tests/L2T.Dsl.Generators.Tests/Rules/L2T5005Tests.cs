using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T5005Tests
{
    private static string With(string netParameters, string formParameters) => $$"""
        [Student] public sealed partial class Net{{netParameters}}
        {
            [Parameter(4)] public partial Tensor Weight { get; }
            public Tensor Forward([Shape("N", 4)] Tensor x) => x * Weight;
        }

        [LossForm] public sealed partial class Form{{formParameters}}
        {
            [Coefficient("classes", Init = Init.Ones)] public partial Tensor Weight { get; }
            public Tensor Loss([Shape("N", "classes")] Tensor output, [Labels("N")] Tensor target) => (output * Weight).exp().mean();
        }

        [Metric] public sealed partial class Accuracy
        {
            public Tensor Measure([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) => output.mean();
        }

        [Teacher(typeof(Form))] public sealed partial class Guide
        {
            [StateFeature] private static float Progress(in StudentState s) => s.Step;
        }

        [Experiment(typeof(Net), typeof(Guide), Metric = typeof(Accuracy))]
        public sealed partial class Trial;
        """;

    [Fact]
    public void Number_of_a_loss_form_without_value()
    {
        var messages = RuleAssert.CompilerReports(With("", "(int classes, double smoothing)").Replace("typeof(Guide)", "{|L2T5005:typeof(Guide)|}", StringComparison.Ordinal));

        Assert.Equal("Nothing determines constructor parameter 'smoothing' of 'Form'; give it a default value", Assert.Single(messages));
    }

    [Fact]
    public void Size_of_an_input_without_value() =>
        RuleAssert.CompilerReports(With("", "(int classes)").Replace("[Shape(\"N\", 4)] Tensor x", "[Shape(\"N\", \"T\", 4)] Tensor {|L2T5005:x|}", StringComparison.Ordinal));

    [Fact]
    public void Numbers_that_shapes_and_defaults_determine() => RuleAssert.CompilerReports(With("(int depth)", "(int classes, double smoothing = 0.1)"));
}
