using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T3001Tests
{
    [Fact]
    public void Operands_that_do_not_fit()
    {
        var messages = RuleAssert.CompilerReports("""
            [Student] public sealed partial class Net
            {
                [Parameter(3, 5)] public partial Tensor Weight { get; }
                public Tensor Forward([Shape("N", 4)] Tensor x) => {|L2T3001:matmul(x, Weight)|};
            }
            """);

        Assert.StartsWith("'matmul': ", Assert.Single(messages), StringComparison.Ordinal);
        Assert.Contains("[N, 4] does not fit [3, 5]", messages[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Argument_of_a_block_is_reported_at_the_call()
    {
        var messages = RuleAssert.CompilerReports("""
            [Block] public sealed partial class Layer(int inputs, int outputs)
            {
                [Parameter("outputs", "inputs")] public partial Tensor Weight { get; }
                public Tensor Forward([Shape("N", "inputs")] Tensor x) => functional.linear(x, Weight);
            }

            [Student] public sealed partial class Net
            {
                private readonly Layer _hidden = new(64, 32);
                private readonly Layer _output = new(30, 10);
                public Tensor Forward([Shape("N", 64)] Tensor x) => _output.{|L2T3001:Forward(_hidden.Forward(x))|};
            }
            """);

        Assert.Contains("real[N, 32] does not fit real[N, 30]", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public void Student_and_loss_form_of_an_experiment() => RuleAssert.CompilerReports("""
        [Student] public sealed partial class Net
        {
            [Parameter(4)] public partial Tensor Weight { get; }
            public Tensor Forward([Shape("N", 4)] Tensor x) => x * Weight;
        }

        [LossForm] public sealed partial class Form
        {
            [Coefficient(5)] public partial Tensor Weight { get; }
            public Tensor Loss([Shape("N", 5)] Tensor output, [Labels("N")] Tensor target) => (output * Weight).mean();
        }

        [Metric] public sealed partial class Accuracy
        {
            public Tensor Measure([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) => output.mean();
        }

        [Teacher(typeof(Form))] public sealed partial class Guide
        {
            [StateFeature] private static float Progress(in StudentState s) => s.Step;
        }

        [Experiment(typeof(Net), {|L2T3001:typeof(Guide)|}, Metric = typeof(Accuracy))]
        public sealed partial class Trial;
        """);
}
