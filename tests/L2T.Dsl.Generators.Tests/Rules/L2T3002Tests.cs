using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T3002Tests
{
    [Fact]
    public void Loss_that_is_no_scalar()
    {
        var messages = RuleAssert.CompilerReports("""
            [LossForm] public sealed partial class Form
            {
                public Tensor {|L2T3002:Loss|}([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) => output.sum(dim: 1);
            }
            """);

        Assert.Equal("'Loss' must return real[], but returns real[N]", Assert.Single(messages));
    }

    [Fact]
    public void Promised_shape_that_is_not_kept() => RuleAssert.CompilerReports("""
        [Student] public sealed partial class Net
        {
            [return: Shape("N", 5)]
            public Tensor {|L2T3002:Forward|}([Shape("N", 4)] Tensor x) => x;
        }
        """);

    [Fact]
    public void Promised_shape_that_is_kept() => RuleAssert.CompilerReports("""
        [Student] public sealed partial class Net
        {
            [return: Shape("N", 2, 2)]
            public Tensor Forward([Shape("N", 4)] Tensor x) => x.reshape(-1, 2, 2);
        }
        """);
}
