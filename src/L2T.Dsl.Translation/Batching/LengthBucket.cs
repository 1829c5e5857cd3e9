using L2T.Dsl.Data;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Translation.Batching;

/// <summary>Pairs of like lengths, of which all batches have one shape.</summary>
/// <param name="SourceLength">S: the tokens of a source, padded.</param>
/// <param name="TargetLength">T: the tokens of a target, padded.</param>
/// <param name="BatchSize">N: pairs in a batch.</param>
/// <param name="Count">Pairs in the bucket.</param>
public readonly record struct LengthBucket(int SourceLength, int TargetLength, int BatchSize, int Count)
{
    /// <summary>The same for an experiment on <see cref="TokenPairs.ToLabelledData"/>.</summary>
    /// <param name="student">The student for sources of <see cref="SourceLength"/> and targets of <see cref="TargetLength"/>.</param>
    /// <param name="dataSourceLength">The source length that the data was made with, behind which the decoder's words begin.</param>
    public Bucket Of(ITensorModule student, int dataSourceLength) =>
        new(student, BatchSize, [0..SourceLength, dataSourceLength..(dataSourceLength + TargetLength)], [0..TargetLength]);
}
