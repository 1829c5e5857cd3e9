using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T1010Tests
{
    [Fact]
    public void Type_of_two_kinds()
    {
        var messages = RuleAssert.Reports("""
            [Student, Block]
            public sealed partial class {|L2T1010:Net|}
            {
                public Tensor Forward([Shape("N", 4)] Tensor x) => x;
            }
            """);

        Assert.Equal("'Net' is marked both [Block] and [Student]; make two types of it", Assert.Single(messages));
    }
}
