using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T1007Tests
{
    [Theory]
    [InlineData("public Tensor {|L2T1007:Weight|} { get; } = null!;")]
    [InlineData("public partial float {|L2T1007:Weight|} { get; }")]
    [InlineData("public partial Tensor {|L2T1007:Weight|} { get; set; }")]
    [InlineData("public partial Tensor {|L2T1007:Weight|} { get; init; }")]
    [InlineData("public static partial Tensor {|L2T1007:Weight|} { get; }")]
    [InlineData("public virtual partial Tensor {|L2T1007:Weight|} { get; }")]
    [InlineData("public partial Tensor? {|L2T1007:Weight|} { get; }")]
    [InlineData("public partial TorchSharp.Modules.Parameter {|L2T1007:Weight|} { get; }")]
    public void Property_of_another_form(string property)
    {
        var messages = RuleAssert.Reports($$"""
            [Student] public partial class Net
            {
                [Parameter(4)] {{property}}
                public Tensor Forward([Shape("N", 4)] Tensor x) => x;
            }
            """);

        Assert.Equal("'Weight' is marked [Parameter] and must be a get-only partial property of type Tensor", Assert.Single(messages));
    }

    [Theory]
    [InlineData("public")]
    [InlineData("internal")]
    [InlineData("private")]
    [InlineData("")]
    [InlineData("protected internal")]
    public void Property_of_any_accessibility(string accessibility) => RuleAssert.Reports($$"""
        [LossForm] public partial class Form
        {
            [Coefficient(4)] {{accessibility}} partial Tensor Weight { get; }
            public Tensor Loss([Shape("N", 4)] Tensor output, [Labels("N")] Tensor target) => (output * Weight).mean();
        }
        """);
}
