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

    [Fact]
    public void Property_that_a_block_may_be_without()
    {
        var messages = RuleAssert.Reports("""
            [Block] public partial class Shift(bool shift, int size = 4)
            {
                [Parameter("size", If = nameof(shift))] public partial Tensor {|L2T1007:Amount|} { get; }
                [Parameter("size", If = {|L2T5007:nameof(size)|})] public partial Tensor? Other { get; }
                public Tensor Forward([Shape("N", "size")] Tensor x) => x;
            }
            """);

        Assert.Equal("'Amount' is marked [Parameter] and must be a get-only partial property of type Tensor?", messages[0]);
        Assert.Contains("it must name a constructor parameter of type bool", messages[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Block_is_checked_with_and_without() => RuleAssert.CompilerReports("""
        [Block] public partial class Shift(bool shift = true)
        {
            [Parameter(4, If = nameof(shift))] public partial Tensor? Amount { get; }
            public Tensor Forward([Shape("N", 4)] Tensor x) => shift ? x + Amount! : x.{|L2T3001:reshape(3)|};
        }
        """);

    [Fact]
    public void Whether_it_is_there_must_be_known() => RuleAssert.CompilerReports("""
        [Block] public partial class Shift(bool shift = true)
        {
            [Parameter(4, If = nameof(shift))] public partial Tensor? Amount { get; }
            public Tensor Forward([Shape("N", 4)] Tensor x) => shift ? x + Amount! : x;
        }

        [Student] public partial class Net(bool shift = false)
        {
            private readonly Shift _output = new(shift);
            public Tensor Forward([Shape("N", 4)] Tensor x) => _output.{|L2T2001:Forward(x)|};
        }
        """);

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
