using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T2002Tests
{
    [Theory]
    [InlineData("x.{|L2T2002:erfinv()|}", "erfinv")]
    [InlineData("special.{|L2T2002:i0(x)|}", "i0")]
    public void Operation_without_rule_is_told_and_compiled(string expression, string name)
    {
        var messages = RuleAssert.CompilerReports($$"""
            [Student] public sealed partial class Net
            {
                [Parameter(4)] public partial Tensor Weight { get; }
                public Tensor Forward([Shape("N", 4)] Tensor x) => Weight * {{expression}};
            }
            """);

        Assert.Equal(
            $"'{name}' has no derivative rule and is differentiated through autograd; its result is taken to have the shape of its first tensor, which is checked at run time",
            Assert.Single(messages));
    }
}
