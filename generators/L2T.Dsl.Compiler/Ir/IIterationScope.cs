using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ir;

/// <summary>What a builder of a loop's body knows of the loop.</summary>
public interface IIterationScope
{
    /// <summary>The builder that takes the loop.</summary>
    Builder Outer { get; }

    /// <summary>The number of iterations.</summary>
    Dim Length { get; }

    /// <summary>The shape of an outer value that has an element of a shape for each iteration.</summary>
    /// <exception cref="ShapeException">The elements' sizes are no polynomials of their place.</exception>
    Shape Stacked(Shape element);

    /// <summary>Element t of an outer value, within the body.</summary>
    /// <param name="value">The value, of the shape that <see cref="Stacked"/> gives.</param>
    /// <param name="element">The shape of the element.</param>
    Value Sequence(Value value, Shape element);
}
