using System.Globalization;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Generators.Reading;
using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Robustness;

/// <summary>What is generated does not depend on the language of the machine: another decimal mark, another minus sign.</summary>
public sealed class CultureTests
{
    private const string Source = """
        [Block] public sealed partial class Layer(double rate = -0.5, long size = 1234567)
        {
            [Parameter("size", Scale = -1.5e-7)] public partial Tensor Bias { get; }
            public Tensor Forward([Shape("N", "size - 3")] Tensor x) => x.sum(dim: [-1], keepdim: true) * -1234567.25 + x.clamp(min: -0.5) + x[-1];
        }

        [Student] public sealed partial class Net
        {
            private readonly Layer _layer = new(rate: -0.25, size: 7654321);
            public Tensor Forward([Shape("N", 7654318)] Tensor x) => _layer.Forward(x) * Math.Log(10);
        }
        """;

    [Fact]
    public void Specs_and_programs_are_the_same_everywhere()
    {
        var expected = Generate();
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = Strange();

            Assert.Equal(expected, Generate());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>The tests run with invariant globalization, where all cultures look alike, so the marks are set by hand.</summary>
    private static CultureInfo Strange()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "\u2212";
        culture.NumberFormat.PositiveSign = "\u200E+";
        return culture;
    }

    private static string Generate()
    {
        var result = GeneratorHost.Run(GeneratorHost.Compile(Source), GeneratorHost.NoCompiler);
        Assert.Empty(result.Diagnostics);
        var specs = GeneratorHost.Outputs<Declared<ModuleSpec>>(result, StepNames.ReadSpecs).Select(d => Compiler.Specs.Text.SpecPrinter.Print(d.Spec!));
        return string.Concat(specs) + string.Concat(result.GeneratedSources.Select(s => s.SourceText));
    }
}
