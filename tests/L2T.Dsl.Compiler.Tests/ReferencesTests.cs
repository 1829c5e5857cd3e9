using System.Reflection;

namespace L2T.Dsl.Compiler.Tests;

public sealed class ReferencesTests
{
    [Fact]
    public void Compiler_references_the_base_library_alone()
    {
        var references = Assembly.Load("L2T.Dsl.Compiler").GetReferencedAssemblies();

        Assert.All(references, reference => Assert.Matches("^(netstandard|System)", reference.Name));
    }
}
