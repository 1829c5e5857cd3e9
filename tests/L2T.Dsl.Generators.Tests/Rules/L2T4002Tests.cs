using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T4002Tests
{
    [Theory]
    [InlineData("output.mean() + Offset")]
    [InlineData("output.mean()")]
    public void Coefficient_that_changes_no_step(string expression)
    {
        var messages = RuleAssert.CompilerReports($$"""
            [LossForm] public sealed partial class Form
            {
                [Coefficient] public partial Tensor {|L2T4002:Offset|} { get; }
                public Tensor Loss([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) => {{expression}};
            }
            """);

        Assert.StartsWith("Coefficient 'Offset' has no effect on the student's gradient under 'Form', so no teacher could learn it: ", Assert.Single(messages), StringComparison.Ordinal);
    }
}
