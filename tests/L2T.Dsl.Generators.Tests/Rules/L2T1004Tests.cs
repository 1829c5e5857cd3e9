using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T1004Tests
{
    [Theory]
    [InlineData("Block", "Tensor Forward(Tensor x)")]
    [InlineData("Student", "Tensor Forward(Tensor x)")]
    [InlineData("LossForm", "Tensor Loss(Tensor output, Tensor target)")]
    [InlineData("Metric", "Tensor Measure(Tensor output, Tensor target)")]
    public void Type_without_entry_method(string attribute, string entry)
    {
        var messages = RuleAssert.Reports($$"""
            [{{attribute}}] public sealed partial class {|L2T1004:Net|};
            """);

        Assert.Equal($"'Net' is marked [{attribute}] and needs a method '{entry}'", Assert.Single(messages));
    }

    [Theory]
    [InlineData("Student", "float {|L2T1004:Forward|}([Shape(4)] Tensor x) => 0")]
    [InlineData("Student", "Tensor {|L2T1004:Forward|}([Shape(4)] Tensor x, [Shape(4)] Tensor y) => x")]
    [InlineData("Student", "Tensor {|L2T1004:Forward|}<T>([Shape(4)] Tensor x) => x")]
    [InlineData("Student", "(Tensor, Tensor) {|L2T1004:Forward|}([Shape(4)] Tensor x) => (x, x)")]
    [InlineData("Block", "Tensor {|L2T1004:Forward|}() => zeros(1)")]
    [InlineData("LossForm", "Tensor {|L2T1004:Loss|}([Shape(4)] Tensor output) => output.mean()")]
    [InlineData("Metric", "Tensor {|L2T1004:Measure|}([Shape(4)] Tensor output, int k) => output.mean()")]
    public void Entry_method_of_another_form(string attribute, string method) => RuleAssert.Reports($$"""
        [{{attribute}}] public sealed partial class Net { public {{method}}; }
        """);

    [Fact]
    public void Block_with_several_tensors() => RuleAssert.Reports("""
        [Block] public sealed partial class Cell
        {
            public (Tensor, Tensor) Forward([Shape("N", 4)] Tensor x, [Shape("N", 4)] Tensor state, double scale = 1) => (x, state * scale);
        }
        """);
}
