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

    [Fact]
    public void Block_that_is_not_used_is_one_fault()
    {
        var messages = RuleAssert.CompilerReports("""
            [Block] public sealed partial class Scale
            {
                [Parameter(4)] public partial Tensor Weight { get; }
                [Parameter(4)] public partial Tensor Bias { get; }
                public Tensor Forward([Shape("N", 4)] Tensor x) => x * Weight + Bias;
            }

            [Student] public sealed partial class Net
            {
                private readonly Scale {|L2T4001:_scale|} = new();
                public Tensor Forward([Shape("N", 4)] Tensor x) => x;
            }
            """);

        Assert.StartsWith("No gradient of 'Net' reaches parameter '_scale.Weight', '_scale.Bias': ", Assert.Single(messages), StringComparison.Ordinal);
    }
}
