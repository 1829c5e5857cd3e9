namespace L2T.Dsl;

/// <summary>
/// Marks a teacher, mu_theta of the paper: it maps the student's state, read by its <see cref="StateFeatureAttribute"/>
/// methods, to the coefficients of a loss form. A teacher with a method <c>Teach(Tensor state)</c> computes them
/// itself, one tensor for each coefficient; without one it is attention over memory slots,
/// Phi_t = memory x softmax(V s_t).
/// </summary>
/// <param name="lossForm">The loss form, a type marked <see cref="LossFormAttribute"/>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TeacherAttribute(Type lossForm) : Attribute
{
    /// <summary>The loss form whose coefficients the teacher outputs.</summary>
    public Type LossForm { get; } = lossForm;

    /// <summary>The number of memory slots of the attention, at least one; unused by a teacher with its own <c>Teach</c>.</summary>
    public int Slots { get; set; } = 10;
}
