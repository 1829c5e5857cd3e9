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

        Assert.Equal("Nothing determines 'smoothing' of 'Form'; give it a default value, or name it in the shape of what the student gives", Assert.Single(messages));
    }

    [Fact]
    public void Size_of_an_input_without_value() =>
        RuleAssert.CompilerReports(With("", "(int classes)").Replace("[Shape(\"N\", 4)] Tensor x", "[Shape(\"N\", \"T\", 4)] Tensor {|L2T5005:x|}", StringComparison.Ordinal));

    [Theory]
    [InlineData("\"N\", 4", "\"B\", 4", "Nothing determines 'B' of 'Net'; the number of examples in a batch is called 'N': write \"N\" in its place")]
    [InlineData("\"N\", 4", "\"N\", \"dept\"", "Nothing determines 'dept' of 'Net'; 'depth' may be meant")]
    [InlineData("\"N\", 4", "\"N\", \"rows\", 4", "Nothing determines 'rows' of 'Net'; write a number, or name a parameter of the constructor")]
    public void Name_in_the_shape_of_an_input(string shape, string wrong, string message)
    {
        var source = With("(int depth)", "(int classes)").Replace($"[Shape({shape})] Tensor x", $"[Shape({wrong})] Tensor {{|L2T5005:x|}}", StringComparison.Ordinal)
            .Replace("=> x * Weight", "=> x", StringComparison.Ordinal).Replace("[Parameter(4)] public partial Tensor Weight { get; }", "", StringComparison.Ordinal);

        Assert.Equal(message, Assert.Single(RuleAssert.CompilerReports(source)));
    }

    [Fact]
    public void Misspelt_name_in_the_shape_of_a_loss_form()
    {
        var source = With("", "(int classes)").Replace(
            "Loss([Shape(\"N\", \"classes\")] Tensor output", "Loss([Shape(\"N\", \"clases\")] Tensor {|L2T5005:output|}", StringComparison.Ordinal)
            .Replace("(output * Weight).exp().mean()", "output.exp().mean() * Weight.exp().mean()", StringComparison.Ordinal);

        Assert.Equal(
            "Nothing determines 'classes' of 'Form'; the shape of 'output' says 'clases', and 'classes' may be meant",
            Assert.Single(RuleAssert.CompilerReports(source)));
    }

    [Fact]
    public void Numbers_that_shapes_and_defaults_determine() => RuleAssert.CompilerReports(With("(int depth)", "(int classes, double smoothing = 0.1)"));
}
