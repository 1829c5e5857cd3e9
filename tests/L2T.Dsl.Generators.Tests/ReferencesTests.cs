namespace L2T.Dsl.Generators.Tests;

public sealed class ReferencesTests
{
    [Fact]
    public void Generator_knows_neither_the_library_nor_tensors()
    {
        var references = typeof(L2TGenerator).Assembly.GetReferencedAssemblies().Select(name => name.Name);

        Assert.DoesNotContain("L2T.Dsl", references);
        Assert.DoesNotContain("TorchSharp", references);
    }
}
