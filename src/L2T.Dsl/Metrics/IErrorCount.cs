using L2T.Dsl.Data;
using static TorchSharp.torch;

namespace L2T.Dsl.Metrics;

/// <summary>How far a student's outputs are from their targets, over any number of batches.</summary>
internal interface IErrorCount
{
    /// <summary>Number of answers.</summary>
    long Total { get; }

    /// <summary>The share of wrong answers; of real-valued targets the mean squared error. 0 where there are none at all.</summary>
    double Error { get; }

    /// <summary>The share of right answers; null of real-valued targets.</summary>
    double? Accuracy { get; }

    /// <summary>The count for the targets of such data.</summary>
    static IErrorCount Of(LabelledData data) => data.HasClasses ? new ClassificationCounts(data.Classes, data.Padding) : new SquaredErrors();

    /// <summary>Forgets everything.</summary>
    void Clear();

    /// <summary>Counts a batch.</summary>
    /// <exception cref="L2TException">The shapes do not fit.</exception>
    void Add(Tensor outputs, Tensor targets);

    /// <summary>For each class, the share of right answers among the examples given that class; nothing without classes.</summary>
    void PrecisionPerClass(Span<float> target);
}
