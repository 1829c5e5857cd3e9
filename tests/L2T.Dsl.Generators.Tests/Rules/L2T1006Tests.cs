using L2T.Dsl.Generators.Tests.Testing;
using Microsoft.CodeAnalysis;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T1006Tests
{
    [Theory]
    [InlineData("\"2 hidden\"", "2 hidden")]
    [InlineData("\"\"", "")]
    [InlineData("0", "0")]
    [InlineData("-1", "-1")]
    [InlineData("2.5", "2.5")]
    [InlineData("\"hidden/0\"", "hidden/0")]
    [InlineData("\"rate\"", "rate")]
    [InlineData("\"wide\"", "wide")]
    public void Size_of_a_tensor(string size, string shown)
    {
        var messages = RuleAssert.Reports($$"""
            [Student] public sealed partial class Net(int hidden = 3, double rate = 1)
            {
                [Parameter("2*hidden", {|L2T1006:{{size}}|})] public partial Tensor Weight { get; }
                public Tensor Forward([Shape("N", 4)] Tensor x) => x;
            }
            """);

        Assert.Equal(
            $"'{shown}' is no size: write an integer or an expression over integer constructor parameters and dimension names, such as \"N\" or \"2*hidden\"",
            Assert.Single(messages));
    }

    [Theory]
    [InlineData("{|L2T1006:\"N+\"|}")]
    [InlineData("\"N\", {|L2T1006:0|}")]
    [InlineData("{|L2T1006:null!|}")]
    [InlineData("\"N\", {|L2T1006:typeof(int)|}")]
    public void Size_of_a_method_parameter(string sizes) => RuleAssert.Reports($$"""
        [Student] public sealed partial class Net { public Tensor Forward([Shape({{sizes}})] Tensor x) => x; }
        """);

    [Fact]
    public void Misspelt_name_is_the_only_fault_that_is_told()
    {
        const string Source = """
            [Student] public sealed partial class Net(int hidden = 3)
            {
                [Parameter({|L2T1006:"hiden"|})] public partial Tensor Weight { get; }
                [Parameter(4, Init = {|L2T5007:(Init)99|})] public partial Tensor Bias { get; }
                public Tensor Forward([Shape("N", 4)] Tensor x) => x * Weight + Bias;
            }
            """;

        Assert.StartsWith("'hiden' is no size ('hidden' may be meant): ", RuleAssert.CompilerReports(Source)[0], StringComparison.Ordinal);
        GeneratorHost.Driver().RunGeneratorsAndUpdateCompilation(GeneratorHost.Compile(Markup.Parse(Source).Source), out var generated, out _);
        Assert.Empty(generated.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
    }

    [Fact]
    public void Size_of_a_result() => RuleAssert.Reports("""
        [Student] public sealed partial class Net
        {
            [return: Shape("N", {|L2T1006:"-"|})]
            public Tensor Forward([Shape("N", 4)] Tensor x) => x;
        }
        """);

    [Fact]
    public void Sizes_that_can_be_read() => RuleAssert.Reports("""
        [Student] public sealed partial class Net(int hidden = 3)
        {
            private const int Inputs = 4;
            [Parameter] public partial Tensor Gain { get; }
            [Parameter(Inputs, 4L, "hidden", nameof(hidden), "2*hidden + 1", "(hidden + 1)/2")] public partial Tensor Weight { get; }
            public Tensor Forward([Shape("N", "T", "hidden")] Tensor x) => x;
        }
        """);
}
