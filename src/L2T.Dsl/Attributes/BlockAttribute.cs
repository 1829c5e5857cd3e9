namespace L2T.Dsl;

/// <summary>
/// Marks a block: a reusable part of a student or a loss form, with tensors of its own and a <c>Forward</c> method.
/// Other modules hold blocks in fields initialised with <c>new</c>; their sizes are the constructor's parameters.
/// </summary>
/// <example>
/// <code>
/// [Block]
/// public sealed partial class Linear(int inFeatures, int outFeatures)
/// {
///     [Parameter("outFeatures", "inFeatures", Init = Init.KaimingUniform)] public partial Tensor Weight { get; }
///     [Parameter("outFeatures")] public partial Tensor Bias { get; }
///
///     public Tensor Forward([Shape("N", "inFeatures")] Tensor x) => functional.linear(x, Weight, Bias);
/// }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class BlockAttribute : Attribute;
