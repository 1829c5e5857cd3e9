using L2T.Dsl.Compiler.Collections;

namespace L2T.Dsl.Compiler.Specs;

/// <summary>An experiment as declared. Nodes are the ordinals of the attribute's arguments.</summary>
/// <param name="Type">The declaring type.</param>
/// <param name="Student">The student's type.</param>
/// <param name="Teacher">The teacher's type.</param>
/// <param name="Metric">The relaxed metric's type.</param>
/// <param name="Baselines">The fixed losses to compare with.</param>
/// <param name="Trajectory">The member of the <c>TrajectoryPolicy</c> enum by which the student's training is remembered.</param>
/// <param name="Mixture">What the taught loss is mixed with; null for nothing.</param>
/// <param name="IsSound">Whether all of it could be read. Where not, which is reported, a type without a name stands for one that could not.</param>
public sealed record ExperimentSpec(
    TypeName Type,
    TypeReference Student,
    TypeReference Teacher,
    TypeReference Metric,
    EquatableArray<TypeReference> Baselines,
    string Trajectory,
    Mixture? Mixture,
    bool IsSound);

/// <summary>A loss without coefficients that the taught loss is mixed with: Share * Loss + (1 - Share) * taught.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="Share">Its share, between 0 and 1.</param>
public sealed record Mixture(TypeReference Loss, double Share);

/// <summary>A type named in an attribute.</summary>
/// <param name="Node">The ordinal of the argument.</param>
/// <param name="Full">The full metadata name.</param>
public sealed record TypeReference(int Node, string Full);
