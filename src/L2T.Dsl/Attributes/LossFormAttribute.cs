namespace L2T.Dsl;

/// <summary>
/// Marks a loss form, l_Phi of the paper: its entry method <c>Loss(output, target)</c> returns the scalar that the
/// student minimises, and its <see cref="CoefficientAttribute"/> tensors are what a teacher sets. A form without
/// coefficients is a fixed loss. The target's attribute says what the data must hold: <see cref="LabelsAttribute"/> class labels,
/// <see cref="ShapeAttribute"/> real numbers of the shape of the student's output.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class LossFormAttribute : Attribute;
