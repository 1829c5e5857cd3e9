namespace L2T.Dsl;

/// <summary>
/// Marks a state feature of a teacher: a static method that takes <c>in StudentState</c> and returns a <c>float</c> or
/// a <c>ReadOnlySpan&lt;float&gt;</c> of <see cref="Size"/> numbers. The features of a teacher, in declaration order,
/// are the state s_t. They are constants of the step: no gradient flows through them.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class StateFeatureAttribute : Attribute
{
    /// <summary>How many numbers the feature gives; must be said for spans.</summary>
    public int Size { get; set; } = 1;
}
