namespace L2T.Dsl.Compiler.Specs;

/// <summary>A parameter of a primary constructor.</summary>
/// <param name="Node">The ordinal.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its type.</param>
/// <param name="Default">Its default value; null if it has none.</param>
public sealed record ScalarParameterSpec(int Node, string Name, ScalarKind Kind, double? Default);

/// <summary>The type of a constructor parameter.</summary>
public enum ScalarKind
{
    /// <summary>int or long: a size or a count.</summary>
    Integer,

    /// <summary>float or double.</summary>
    Real,

    /// <summary>bool, 0 or 1.</summary>
    Boolean,
}
