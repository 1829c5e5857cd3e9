namespace L2T.Dsl.Compiler.Specs;

/// <summary>What a tensor's elements are.</summary>
public enum ElementType
{
    /// <summary>The student's floating-point type, chosen at run time: float32 or float64.</summary>
    Real,

    /// <summary>int64: labels and indices.</summary>
    Integer,

    /// <summary>Truth values: masks.</summary>
    Boolean,
}
