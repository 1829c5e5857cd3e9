using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T2003Tests
{
    [Theory]
    [InlineData("functional.{|L2T2003:one_hot(target)|}.to(float32)")]
    [InlineData("output.{|L2T2003:softmax(1, dtype: int64)|}")]
    [InlineData("functional.{|L2T2003:cross_entropy(output, target, ignore_index: 3)|}")]
    [InlineData("output.{|L2T2003:to(int64)|}")]
    public void Form_of_an_operation_that_its_rule_does_not_know(string expression) => RuleAssert.CompilerReports($$"""
        [LossForm] public sealed partial class Form
        {
            public Tensor Loss([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) => (output * {{expression}}).mean();
        }
        """);
}
