using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Generators.Linking;
using L2T.Dsl.Generators.Tests.Testing;
using Microsoft.CodeAnalysis;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T1009Tests
{
    private const string Net = """
        [Student] public sealed partial class Net
        {
            private readonly Lib.Layer _layer = new(4);
            public Tensor Forward([Shape("N", 4)] Tensor x) => _layer.Forward(x);
        }
        """;

    private static readonly string MarkedNet = Net.Replace("_layer =", "{|L2T1009:_layer|} =", StringComparison.Ordinal);

    [Fact]
    public void Block_of_an_assembly_without_programs()
    {
        var messages = RuleAssert.ReportsWith(Library.WithoutPrograms, MarkedNet);

        Assert.Equal("'Lib.Layer' comes from assembly 'Lib', which holds no program for it; build that assembly with the L2T.Dsl generator", Assert.Single(messages));
    }

    [Fact]
    public void Block_of_an_assembly_of_another_version() => RuleAssert.ReportsWith(Library.OfAnotherVersion, MarkedNet);

    [Fact]
    public void Loss_form_of_an_assembly_without_programs() => RuleAssert.ReportsWith(Library.WithoutPrograms, """
        [Teacher({|L2T1009:typeof(Lib.Form)|})] public sealed partial class Guide
        {
            [StateFeature] private static float Progress(in StudentState s) => s.Step;
        }
        """);

    public static TheoryData<bool> Forms => [true, false];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Block_with_a_program_is_linked_with_all_it_holds(bool isProject)
    {
        var compilation = GeneratorHost.Compile(Net).AddReferences(isProject ? Library.Project : Library.File);
        GeneratorHost.AssertSound(compilation);

        var result = GeneratorHost.Run(compilation, GeneratorHost.NoCompiler);

        Assert.Empty(result.Diagnostics);
        var unit = Assert.Single(GeneratorHost.Outputs<Linked<ModuleUnit>>(result, StepNames.LinkModules)).Unit!;
        Assert.Equal(["Lib.Layer", "Lib.Scale"], unit.Blocks.Select(b => b.Type.Full));
    }

    [Fact]
    public void Problem_inside_another_assembly_is_shown_at_the_attribute_that_refers_to_it()
    {
        var compiler = GeneratorHost.NoCompiler with
        {
            Module = unit => new([], [new(Compiler.Problems.Rules.ShapeMismatch, new("Lib.Layer", 3), ["relu", "a", "b", "c"])]),
        };

        var result = GeneratorHost.Run(GeneratorHost.Compile(Net).AddReferences(Library.File), compiler);

        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal("L2T3001", diagnostic.Id);
        Assert.Equal("Student", Net.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
    }

    [Fact]
    public void Programs_are_as_verified() => Snapshot.Verify(Library.Programs(), "L2T1009Tests.Programs", "cs");
}
