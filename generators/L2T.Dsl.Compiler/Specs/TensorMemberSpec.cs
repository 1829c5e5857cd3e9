using L2T.Dsl.Compiler.Collections;

namespace L2T.Dsl.Compiler.Specs;

/// <summary>A <c>[Parameter]</c>, <c>[Coefficient]</c> or <c>[Buffer]</c> property.</summary>
/// <param name="Node">The ordinal.</param>
/// <param name="Name">The property.</param>
/// <param name="Accessibility">The property's accessibility as C# writes it.</param>
/// <param name="Shape">Its shape over the constructor parameters.</param>
/// <param name="Init">The member of the <c>Init</c> enum that fills it.</param>
/// <param name="Scale">The number that goes with it: a standard deviation, a constant.</param>
/// <param name="IsBuffer">Whether it is a buffer: changed by training, but not descended on.</param>
/// <param name="If">The truth value among the constructor parameters that says whether the module has it; null where it always has.</param>
public sealed record TensorMemberSpec(int Node, string Name, string Accessibility, Shape Shape, string Init, double Scale, bool IsBuffer = false, string? If = null)
{
    /// <summary>Whether a module of these constructor parameters has it; null where that is not known at compile time.</summary>
    public bool? IsPresent(IReadOnlyDictionary<string, Scalar> scalars) =>
        If is null ? true : scalars[If].Value is { } truth ? truth != 0 : null;
}

/// <summary>A field that holds a block, or an array of blocks.</summary>
/// <param name="Node">The ordinal.</param>
/// <param name="Field">The field.</param>
/// <param name="Block">The block's full type name.</param>
/// <param name="Arguments">The constructor arguments by parameter name, over the constructor parameters of the holder and <paramref name="Index"/>.</param>
/// <param name="Count">How many blocks there are; null for a single one.</param>
/// <param name="Index">The name by which the arguments call the place in the array; null where all blocks are alike.</param>
public sealed record BlockFieldSpec(int Node, string Field, string Block, EquatableArray<ScalarArgument> Arguments, Scalar? Count = null, string? Index = null);

/// <summary>A constructor argument.</summary>
/// <param name="Parameter">The parameter it fills.</param>
/// <param name="Value">Its value.</param>
public sealed record ScalarArgument(string Parameter, Scalar Value);
