using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T4001Tests
{
    [Theory]
    [InlineData("x")]
    [InlineData("torch.where(x > Weight, x, 0.0)")]
    [InlineData("x * Weight.detach()")]
    public void Parameter_that_no_gradient_reaches(string expression)
    {
        var messages = RuleAssert.CompilerReports($$"""
            [Student] public sealed partial class Net
            {
                [Parameter(4)] public partial Tensor {|L2T4001:Weight|} { get; }
                public Tensor Forward([Shape("N", 4)] Tensor x) => {{expression}};
            }
            """);

        Assert.StartsWith("No gradient of 'Net' reaches parameter 'Weight': ", Assert.Single(messages), StringComparison.Ordinal);
    }
}
