using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T2004Tests
{
    [Theory]
    [InlineData("torch.{|L2T2004:randn_like(output)|}")]
    [InlineData("functional.{|L2T2004:alpha_dropout(output, 0.5, true)|}")]
    [InlineData("output.{|L2T2004:bernoulli()|}")]
    public void Random_numbers_that_can_not_be_drawn_again(string expression) => RuleAssert.CompilerReports($$"""
        [LossForm] public sealed partial class Form
        {
            public Tensor Loss([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) => (output * {{expression}}).mean();
        }
        """);

    [Fact]
    public void Dropout_must_say_when() => RuleAssert.CompilerReports("""
        [LossForm] public sealed partial class Form
        {
            public Tensor Loss([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) => functional.{|L2T2003:dropout(output, 0.5)|}.mean();
        }
        """);
}
