using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T5001Tests
{
    private static string With(string teach) => $$"""
        [LossForm] public sealed partial class Form
        {
            [Coefficient(3, Init = Init.Ones)] public partial Tensor Weight { get; }
            [Coefficient(Init = Init.Ones)] public partial Tensor Gain { get; }
            public Tensor Loss([Shape("N", 3)] Tensor output, [Labels("N")] Tensor target) => (output * Weight).exp().mean() * Gain;
        }

        [Teacher(typeof(Form))] public sealed partial class Guide
        {
            [Parameter(3, 2)] public partial Tensor Map { get; }
            [StateFeature] private static float Progress(in StudentState s) => s.Step;
            [StateFeature] private static float Accuracy(in StudentState s) => s.DevAccuracy;
            {{teach}}
        }
        """;

    [Theory]
    [InlineData("public Tensor {|L2T5001:Teach|}(Tensor state) => Map.matmul(state);")]
    [InlineData("public (Tensor, Tensor) {|L2T5001:Teach|}(Tensor state) => (Map.matmul(state), Map.matmul(state));")]
    [InlineData("public (Tensor, Tensor, Tensor) {|L2T5001:Teach|}(Tensor state) => (Map.matmul(state), Map.sum(), Map.sum());")]
    public void Coefficients_of_another_number_or_shape(string teach) => RuleAssert.CompilerReports(With(teach));

    [Fact]
    public void Coefficients_that_do_not_fit_are_told_once() => RuleAssert.CompilerReports($$"""
        {{With("public Tensor {|L2T5001:Teach|}(Tensor state) => Map.matmul(state);")}}
        [Student] public sealed partial class Net { public Tensor Forward([Shape("N", 3)] Tensor x) => x; }
        [Metric] public sealed partial class Accuracy
        {
            public Tensor Measure([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) => output.mean();
        }

        [Experiment(typeof(Net), typeof(Guide), Metric = typeof(Accuracy))] public sealed partial class Trial;
        """);

    [Fact]
    public void Coefficients_that_fit() => RuleAssert.CompilerReports(With("public (Tensor, Tensor) Teach(Tensor state) => (Map.matmul(state), Map.sum());"));
}
