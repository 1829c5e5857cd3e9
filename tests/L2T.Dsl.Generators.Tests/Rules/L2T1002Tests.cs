using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T1002Tests
{
    [Fact]
    public void Type_inside_another()
    {
        var messages = RuleAssert.Reports("""
            public partial class Outer
            {
                [Block]
                public sealed partial class {|L2T1002:Inner|}
                {
                    public Tensor Forward([Shape("N", 4)] Tensor x) => x;
                }
            }
            """);

        Assert.Equal("'Inner' is marked [Block] and must stand directly in a namespace, not inside 'Outer'", Assert.Single(messages));
    }
}
