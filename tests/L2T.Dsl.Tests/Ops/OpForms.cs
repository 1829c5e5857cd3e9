using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using L2T.Dsl.Compiler.Ops;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TorchSharp;

namespace L2T.Dsl.Tests.Ops;

/// <summary>The C# forms of the catalogue as methods of one compiled class, named by form and entry.</summary>
internal static partial class OpForms
{
    private static readonly string[] Statements = ["InPlace", "InPlaceRight", "Into", "Accumulate"];

    /// <summary>Whether an op has a form.</summary>
    public static bool Has(int index, string form) => TemplateOf(index, form) is not null;

    /// <summary>Compiles the class.</summary>
    public static Type Compile()
    {
        var source = Source();
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Append(typeof(torch).Assembly.Location)
            .Append(typeof(Dsl.Tensors.Lanes).Assembly.Location)
            .Distinct()
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "OpForms",
            [CSharpSyntaxTree.ParseText(source)],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        return Assembly.Load(stream.ToArray()).GetType("Forms", throwOnError: true)!;
    }

    private static string? TemplateOf(int index, string form)
    {
        var forms = Catalogue.Entries[index].Op.CSharp;
        return form switch
        {
            "Fresh" => forms.Fresh,
            "InPlace" => forms.InPlace,
            "InPlaceRight" => forms.InPlaceRight,
            "Into" => forms.Into,
            "Accumulate" => forms.Accumulate,
            _ => forms.Lane,
        };
    }

    private static string Source()
    {
        var source = new StringBuilder(
            """
            using System.Numerics;
            using L2T.Dsl.Tensors;
            using TorchSharp;
            using static TorchSharp.torch;
            public static class Forms
            {
                private static readonly ScalarType Dtype = ScalarType.Float64;
                private static readonly Device Device = torch.CPU;
                private const ulong NoiseKey = 0;

            """);
        for (var i = 0; i < Catalogue.Entries.Count; i++)
        {
            source.AppendLine($"    public static Tensor Fresh{i}(Tensor[] x, Tensor[] transposed, Tensor t) {{ {Numbers(i)}return {Fill(i, "Fresh")}; }}");
            foreach (var form in Statements.Where(f => Has(i, f)))
            {
                source.AppendLine($"    public static void {form}{i}(Tensor[] x, Tensor[] transposed, Tensor t) {{ {Numbers(i)}{Fill(i, form)}; }}");
            }

            if (Has(i, "Lane"))
            {
                source.AppendLine(
                    $$"""
                        public static double[] Lane{{i}}(double[][] x)
                        {
                            var y = new double[x[0].Length];
                            for (var i = 0; i < y.Length; i++)
                            {
                                y[i] = ({{Fill(i, "Lane")}})[0];
                            }
                            return y;
                        }
                    """);
            }
        }

        return source.Append('}').ToString();
    }

    private static string Numbers(int index) =>
        string.Concat(Catalogue.Entries[index].Op.CSharp.Scalars.Select((s, k) => $"using Scalar s{k} = {s}; "));

    private static string Fill(int index, string form)
    {
        var entry = Catalogue.Entries[index];
        var isLane = form == "Lane";
        return Hole().Replace(TemplateOf(index, form)!, hole => hole.Groups["kind"].Value switch
        {
            "s" => isLane ? $"new Vector<double>({entry.Op.CSharp.Scalars[Number(hole)]})" : "s" + Number(hole),
            "d" => entry.Op.CSharp.Dims[Number(hole)].ToString(),
            "shape" => string.Join(", ", entry.Op.Infer(entry.Operands)[0].Shape.Dims),
            "r" or "t" => "t",
            _ when isLane => $"new Vector<double>(x[{Number(hole)}][i])",
            _ when hole.Groups["transposed"].Success => $"transposed[{Number(hole)}]",
            _ => $"x[{Number(hole)}]",
        });
    }

    private static int Number(Match hole) => int.Parse(hole.Groups["number"].Value);

    [GeneratedRegex(@"\{(?<kind>shape|[srtd]?)(?<number>\d*)(?<transposed>:T)?\}")]
    private static partial Regex Hole();
}
