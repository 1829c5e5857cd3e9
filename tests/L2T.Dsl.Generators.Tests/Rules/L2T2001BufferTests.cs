using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

/// <summary>Tensors that training sets, and random masks, belong to students.</summary>
public sealed class L2T2001BufferTests
{
    [Fact]
    public void Loss_form_with_a_buffer() => RuleAssert.CompilerReports("""
        [LossForm] public sealed partial class Form
        {
            [Buffer(3)] public partial Tensor {|L2T2001:Running|} { get; }
            public Tensor Loss([Shape("N", 3)] Tensor output, [Labels("N")] Tensor target) => (output * Running).mean();
        }
        """);
}
