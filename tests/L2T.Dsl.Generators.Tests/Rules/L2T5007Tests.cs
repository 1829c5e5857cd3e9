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
    public void Size_of_a_block_that_its_place_divides()
    {
        var message = Assert.Single(RuleAssert.CompilerReports("""
            [Block] public sealed partial class Narrowing(int width)
            {
                [Parameter("width", 4)] public partial Tensor Weight { get; }
                public Tensor Forward([Shape("N", 4)] Tensor x) => functional.linear(x, Weight);
            }
            [Student] public sealed partial class Net
            {
                private readonly Narrowing[] {|L2T5007:_layers|} = BlockArray.Of(2, i => new Narrowing(12 / (i + 1)));
                public Tensor Forward([Shape("N", 4)] Tensor x) => _layers[0].Forward(x);
            }
            """));

        Assert.StartsWith("'_layers.Weight' = ", message, StringComparison.Ordinal);
        Assert.EndsWith("must be sums and products of their place, @; no quotients", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Number_of_slots()
    {
        var messages = RuleAssert.Reports(
            Teacher.With("[StateFeature] private static float Progress(in StudentState s) => s.Step;", ", Slots = {|L2T5007:0|}"));

        Assert.Equal("'Slots' = 0: a teacher has at least one memory slot", Assert.Single(messages));
    }

    [Theory]
    [InlineData("1.0", "1")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("double.NaN", "NaN")]
    public void Share_of_cross_entropy(string share, string shown)
    {
        var messages = RuleAssert.Reports($$"""
            {{Teacher.With("[StateFeature] private static float Progress(in StudentState s) => s.Step;")}}
            [Metric] public sealed partial class Accuracy
            {
                public Tensor Measure([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) => output.mean();
            }
            [Student] public sealed partial class Net { public Tensor Forward([Shape("N", 4)] Tensor x) => x; }
            [Experiment(typeof(Net), typeof(Guide), Metric = typeof(Accuracy), CrossEntropyShare = {|L2T5007:{{share}}|})]
            public sealed partial class Trial;
            """);

        Assert.Equal($"'CrossEntropyShare' = {shown}: it must be at least 0 and less than 1", Assert.Single(messages));
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

    [Fact]
    public void Size_of_a_coefficient_that_is_not_whole_for_the_students_classes()
    {
        var messages = RuleAssert.CompilerReports(Grouped(classes: 10).Replace("Weight { get; } // form", "{|L2T5007:Weight|} { get; }", StringComparison.Ordinal));

        Assert.Equal("'Weight' = 10/3: a size must be whole, and this division leaves a remainder; change the size or what it divides", Assert.Single(messages));
    }

    [Fact]
    public void Size_of_a_coefficient_that_is_whole_for_the_students_classes() => RuleAssert.CompilerReports(Grouped(classes: 9));

    [Fact]
    public void Size_of_a_block_that_is_not_whole() => RuleAssert.CompilerReports("""
        [Block] public sealed partial class Half(int size)
        {
            [Parameter("size/2")] public partial Tensor Weight { get; }
            public Tensor Forward([Shape("N", "size/2")] Tensor x) => x * Weight;
        }

        [Student] public sealed partial class Net
        {
            private readonly Half {|L2T5007:_half|} = new(5);
            public Tensor Forward([Shape("N", 2)] Tensor x) => _half.Forward(x);
        }
        """);

    private static string Grouped(int classes) => $$"""
        [Student] public sealed partial class Net
        {
            [Parameter({{classes}})] public partial Tensor Weight { get; }
            public Tensor Forward([Shape("N", {{classes}})] Tensor x) => x * Weight;
        }

        [LossForm] public sealed partial class Form(int classes)
        {
            [Coefficient("classes/3")] public partial Tensor Weight { get; } // form
            public Tensor Loss([Shape("N", "classes")] Tensor output, [Labels("N")] Tensor target) => output.exp().mean() * Weight.exp().sum();
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
}
