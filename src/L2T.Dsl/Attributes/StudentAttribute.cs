namespace L2T.Dsl;

/// <summary>Marks a student: the network being taught, f_w of the paper. Its entry method is <c>Forward</c>.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class StudentAttribute : Attribute;
