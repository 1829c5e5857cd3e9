using Microsoft.CodeAnalysis;

namespace L2T.Dsl.Generators;

/// <summary>Turns annotated students, loss forms, teachers and experiments into typed training loops.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class L2TGenerator : IIncrementalGenerator
{
    /// <inheritdoc />
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
    }
}
