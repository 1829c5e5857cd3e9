using System.Reflection;

namespace L2T.Dsl.EndToEnd.Tests;

/// <summary>The two generator assemblies reach the compiler of a user's project, and stay out of its output.</summary>
public sealed class WiringTests
{
    [Theory]
    [InlineData("L2T.Dsl.Compiler.dll")]
    [InlineData("L2T.Dsl.Generators.dll")]
    public void Generator_assemblies_are_attached_as_analyzers(string file)
    {
        var attached = typeof(WiringTests).Assembly
            .GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "Analyzers")
            .Value!.Split(';');

        Assert.Contains(file, attached);
        Assert.False(File.Exists(Path.Combine(AppContext.BaseDirectory, file)));
    }
}
