using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T1005Tests
{
    [Fact]
    public void Tensor_of_an_entry_method_without_shape()
    {
        var messages = RuleAssert.Reports("""
            [LossForm] public sealed partial class Form
            {
                public Tensor Loss([Shape("N", "K")] Tensor output, Tensor {|L2T1005:target|}) => output.mean();
            }
            """);

        Assert.Equal("Parameter 'target' of 'Loss' needs [Shape(...)] or [Labels(...)]", Assert.Single(messages));
    }

    [Fact]
    public void Helper_method_needs_none() => RuleAssert.Reports("""
        [Student] public sealed partial class Net
        {
            public Tensor Forward([Shape("N", 4)] Tensor x) => Twice(x);
            private static Tensor Twice(Tensor x) => x + x;
        }
        """);
}
