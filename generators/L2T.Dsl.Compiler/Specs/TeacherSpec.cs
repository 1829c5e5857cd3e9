using L2T.Dsl.Compiler.Collections;

namespace L2T.Dsl.Compiler.Specs;

/// <summary>A teacher as declared: mu_theta of paper section 3.2.</summary>
/// <param name="Type">The declaring type.</param>
/// <param name="LossForm">The full name of the loss form whose coefficients it outputs.</param>
/// <param name="Slots">The number of memory slots N of the attention; unused with a body of its own.</param>
/// <param name="Features">The state features in declaration order; together they are s_t.</param>
/// <param name="Body">The teacher's own <c>Teach</c>, or null for attention over memory slots.</param>
public sealed record TeacherSpec(TypeName Type, string LossForm, int Slots, EquatableArray<FeatureSpec> Features, ModuleSpec? Body)
{
    /// <summary>The name of the attention's query matrix V, [slots, features].</summary>
    public const string Attention = "Attention";

    /// <summary>The name of the memory of a coefficient, [slots, elements]: one candidate a row.</summary>
    public static string MemoryOf(string coefficient) => "Memory." + coefficient;
}

/// <summary>A state feature.</summary>
/// <param name="Node">The ordinal of the method's name.</param>
/// <param name="Method">The method.</param>
/// <param name="Size">How many numbers it gives.</param>
/// <param name="IsSpan">Whether it returns a span rather than one number.</param>
/// <param name="Source">The <c>StudentState</c> property that it returns as it is, where its body is just that; else null.</param>
public sealed record FeatureSpec(int Node, string Method, int Size, bool IsSpan, string? Source);
