namespace L2T.Dsl.Training;

/// <summary>A part of the memory of a run.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Bytes">Its size.</param>
public readonly record struct MemoryPart(string Name, long Bytes);
