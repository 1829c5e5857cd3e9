using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T5002Tests
{
    [Theory]
    [InlineData("private float {|L2T5002:Feature|}(in StudentState s) => s.Step", "is not static")]
    [InlineData("private static float {|L2T5002:Feature|}<T>(in StudentState s) => s.Step", "has type parameters")]
    [InlineData("private static float {|L2T5002:Feature|}() => 1", "does not take the state alone")]
    [InlineData("private static float {|L2T5002:Feature|}(in StudentState s, Tensor weight) => s.Step", "does not take the state alone")]
    [InlineData("private static float {|L2T5002:Feature|}(ref StudentState s) => s.Step", "does not take the state alone")]
    [InlineData("private static float {|L2T5002:Feature|}(Tensor weight) => 1", "takes a 'Tensor'")]
    [InlineData("private static Tensor {|L2T5002:Feature|}(in StudentState s) => zeros(1)", "returns 'Tensor'")]
    [InlineData("private static double {|L2T5002:Feature|}(in StudentState s) => s.Step", "returns 'double'")]
    [InlineData("private static ReadOnlySpan<double> {|L2T5002:Feature|}(in StudentState s) => default", "returns 'ReadOnlySpan<double>'")]
    public void Feature_of_another_form(string method, string fault)
    {
        var messages = RuleAssert.Reports(Teacher.With("[StateFeature] " + method + ";"));

        Assert.Equal(
            $"State feature 'Feature' {fault}; features are constants of the step: take 'in StudentState' alone and return float or ReadOnlySpan<float>",
            Assert.Single(messages));
    }

    [Fact]
    public void Features_that_are_constants() => RuleAssert.Reports(Teacher.With("""
        [StateFeature] private static float Progress(in StudentState s) => (float)s.Step / s.TotalSteps;
        [StateFeature] public static float Accuracy(StudentState s) { return s.DevAccuracy; }
        [StateFeature(Size = 10)] internal static ReadOnlySpan<float> Precision(in StudentState s) => s.DevPrecisionPerClass;
        """));
}
