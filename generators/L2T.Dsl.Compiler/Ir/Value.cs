using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ir;

/// <summary>A value of a program: bound once, by an input or by an equation.</summary>
/// <param name="Index">Its number, unique in the program.</param>
/// <param name="Type">Its type.</param>
/// <param name="Name">What the source calls it, for readable output; need not be unique.</param>
public sealed record Value(int Index, TensorType Type, string Name)
{
    /// <summary>Its shape.</summary>
    public Shape Shape => Type.Shape;

    /// <summary>Whether it can carry a derivative.</summary>
    public bool IsReal => Type.Element == ElementType.Real;

    /// <inheritdoc/>
    public bool Equals(Value? other) => ReferenceEquals(this, other) || (other is not null && Index == other.Index && Name == other.Name && Type == other.Type);

    // Unique in the program as it is, the index is hash enough; shapes are dear to hash.
    /// <inheritdoc/>
    public override int GetHashCode() => Index;

    /// <inheritdoc/>
    public override string ToString() => $"%{Index}";
}
