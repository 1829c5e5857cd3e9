using L2T.Dsl.Generators.Tests.Testing;

namespace L2T.Dsl.Generators.Tests.Rules;

public sealed class L2T9001Tests
{
    private const string Source = """
        [Student] public sealed partial class Net { public Tensor Forward([Shape("N", 4)] Tensor x) => x; }
        """;

    [Fact]
    public void Exception_in_the_compiler_is_one_diagnostic_at_the_type()
    {
        var compiler = GeneratorHost.NoCompiler with { Module = _ => throw new InvalidOperationException("out of\nluck") };

        var result = GeneratorHost.Run(GeneratorHost.Compile(Source), compiler);

        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal("L2T9001", diagnostic.Id);
        Assert.Equal("Net", Source.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
        Assert.Contains("'Net', which is a defect of L2T.Dsl and not yours", diagnostic.GetMessage(null), StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: out of luck", diagnostic.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void Cancellation_is_not_a_defect()
    {
        using var cancellation = new CancellationTokenSource();
        var compiler = GeneratorHost.NoCompiler with
        {
            Module = _ =>
            {
                cancellation.Cancel();
                throw new OperationCanceledException(cancellation.Token);
            },
        };

        Assert.Throws<OperationCanceledException>(() => GeneratorHost.Driver(compiler).RunGenerators(GeneratorHost.Compile(Source), cancellation.Token));
    }
}
