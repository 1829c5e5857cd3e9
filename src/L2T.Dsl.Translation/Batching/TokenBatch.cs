namespace L2T.Dsl.Translation.Batching;

/// <summary>The pairs of a training step.</summary>
/// <param name="Bucket">Number of the bucket that they are from, which gives the shape.</param>
/// <param name="Indices">Their positions in the <see cref="TokenPairs"/>.</param>
public sealed record TokenBatch(int Bucket, IReadOnlyList<int> Indices);
