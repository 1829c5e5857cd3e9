using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T1003Tests
{
    [Fact]
    public void Type_with_type_parameters()
    {
        var messages = RuleAssert.Reports("""
            [Student]
            public sealed partial class {|L2T1003:Net|}<T>
            {
                public Tensor Forward([Shape("N", 4)] Tensor x) => x;
            }
            """);

        Assert.Equal("'Net' is marked [Student] and must not have type parameters; pass sizes through the primary constructor instead", Assert.Single(messages));
    }
}
