using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T1001Tests
{
    [Theory]
    [InlineData("Block", "")]
    [InlineData("Student", "")]
    [InlineData("Teacher", "(typeof(Form))")]
    public void Type_that_is_not_partial(string attribute, string arguments)
    {
        var messages = RuleAssert.Reports($$"""
            [LossForm] public sealed partial class Form
            {
                public Tensor Loss([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) => output.mean();
            }

            [{{attribute}}{{arguments}}]
            public sealed class {|L2T1001:Net|}
            {
                public Tensor Forward([Shape("N", 4)] Tensor x) => x;
                [StateFeature] private static float Step(in StudentState s) => s.Step;
            }
            """);

        Assert.Equal($"'Net' is marked [{attribute}] and must be declared partial, so that the generator can add to it", Assert.Single(messages));
    }

    [Fact]
    public void Partial_type_in_two_parts() => RuleAssert.Reports("""
        [Student]
        public sealed partial class Net
        {
            [Parameter(4)] public partial Tensor Scale { get; }
        }

        public sealed partial class Net
        {
            public Tensor Forward([Shape("N", 4)] Tensor x) => x * Scale;
        }
        """);
}
