namespace L2T.Dsl.Translation.Batching;

/// <summary>Pairs of like lengths, of which all batches have one shape.</summary>
/// <param name="SourceLength">S: the tokens of a source, padded.</param>
/// <param name="TargetLength">T: the tokens of a target, padded.</param>
/// <param name="BatchSize">N: pairs in a batch.</param>
/// <param name="Count">Pairs in the bucket.</param>
public readonly record struct LengthBucket(int SourceLength, int TargetLength, int BatchSize, int Count);
