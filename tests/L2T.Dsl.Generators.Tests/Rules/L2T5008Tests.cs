using L2T.Dsl.Generators.Tests.Testing;
using Microsoft.CodeAnalysis;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T5008Tests
{
    private static string With(string student, string experiment) => $$"""
        [Student] {{student}}
        {
            [Parameter(4, "hidden")] public partial Tensor Weight { get; }
            public Tensor Forward([Shape("N", "hidden")] Tensor x) => functional.linear(x, Weight);
        }

        [LossForm] public sealed partial class Form(int classes)
        {
            [Coefficient("classes", Init = Init.Ones)] public partial Tensor Weight { get; }
            public Tensor Loss([Shape("N", "classes")] Tensor output, [Labels("N")] Tensor target) => (output * Weight).exp().mean();
        }

        [Metric] public sealed partial class Accuracy
        {
            public Tensor Measure([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) => output.mean();
        }

        [Teacher(typeof(Form))] public sealed partial class Guide
        {
            [StateFeature] private static float Progress(in StudentState s) => s.Step;
        }

        [Experiment({|L2T5008:typeof(Net)|}, typeof(Guide), Metric = typeof(Accuracy))]
        {{experiment}}
        """;

    [Fact]
    public void Student_that_only_the_assembly_sees()
    {
        var source = With("internal sealed partial class Net(int hidden)", "public sealed partial class Trial;");

        Assert.Equal(
            "'Trial' is public, but its student 'Net' is internal and has constructor parameters, so whoever sees 'Trial' could not give it a student; make 'Net' public, 'Trial' internal, or give every parameter a default value",
            Assert.Single(RuleAssert.CompilerReports(source)));
        GeneratorHost.Driver().RunGeneratorsAndUpdateCompilation(GeneratorHost.Compile(Markup.Parse(source).Source), out var generated, out _);
        Assert.Empty(generated.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
    }

    [Theory]
    [InlineData("public sealed partial class Net(int hidden)", "public sealed partial class Trial;")]
    [InlineData("internal sealed partial class Net(int hidden)", "internal sealed partial class Trial;")]
    [InlineData("internal sealed partial class Net(int hidden = 3)", "public sealed partial class Trial;")]
    public void Student_that_can_be_given(string student, string experiment) =>
        RuleAssert.CompilerReports(With(student, experiment).Replace("{|L2T5008:typeof(Net)|}", "typeof(Net)", StringComparison.Ordinal));
}
