namespace L2T.Dsl.Training;

/// <summary>What a student takes, gives and is held to, so that data is checked before anything runs.</summary>
/// <param name="Name">The student's class, for messages.</param>
/// <param name="Input">The shape of its input.</param>
/// <param name="Output">The shape of its output.</param>
/// <param name="RealTargets">The shape of its targets where these are real numbers; null where they are class labels.</param>
public sealed record StudentSignature(string Name, long[] Input, long[] Output, long[]? RealTargets = null);
