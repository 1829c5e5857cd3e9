using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T5006Tests
{
    [Fact]
    public void Teacher_without_features()
    {
        var messages = RuleAssert.Reports(Teacher.With("").Replace("class Guide", "class {|L2T5006:Guide|}", StringComparison.Ordinal));

        Assert.Equal("'Guide' has no [StateFeature], so its loss could not change with the student's state", Assert.Single(messages));
    }
}
