using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ir;

/// <summary>What a builder of a loop's body knows of the loop.</summary>
public interface IIterationScope
{
    /// <summary>The builder that takes the loop.</summary>
    Builder Outer { get; }

    /// <summary>The number of iterations.</summary>
    Dim Length { get; }

    /// <summary>Element t of an outer value [Length, ...], within the body.</summary>
    Value Sequence(Value value);
}
