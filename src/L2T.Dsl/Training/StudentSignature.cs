namespace L2T.Dsl.Training;

/// <summary>What a student takes and gives, so that data is checked before anything runs.</summary>
/// <param name="Name">The student's class, for messages.</param>
/// <param name="Input">The shape of its input.</param>
/// <param name="Output">The shape of its output.</param>
public sealed record StudentSignature(string Name, long[] Input, long[] Output);
