using System.Numerics;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Metrics;

/// <summary>Counts right and wrong answers of a classifier, class by class, over any number of batches.</summary>
public sealed class ClassificationCounts : IErrorCount
{
    private readonly long[] _given;
    private readonly long[] _givenRightly;
    private readonly int? _padding;

    /// <param name="classes">Number of classes.</param>
    /// <param name="padding">A label at which answers do not count; null for none.</param>
    public ClassificationCounts(int classes, int? padding = null)
    {
        _padding = padding;
        _given = new long[classes];
        _givenRightly = new long[classes];
    }

    /// <summary>Number of answers.</summary>
    public long Total { get; private set; }

    /// <summary>Number of right answers.</summary>
    public long Right { get; private set; }

    /// <summary>Number of wrong answers.</summary>
    public long Wrong => Total - Right;

    /// <summary>Share of right answers; 0 where there are none at all.</summary>
    public double Accuracy => Total == 0 ? 0 : (double)Right / Total;

    /// <summary>Share of wrong answers.</summary>
    public double ErrorRate => Total == 0 ? 0 : (double)Wrong / Total;

    double IErrorCount.Error => ErrorRate;

    double? IErrorCount.Accuracy => Accuracy;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_given);
        Array.Clear(_givenRightly);
        Total = Right = 0;
    }

    /// <summary>
    /// Counts a batch. The answer is the class of the highest score, the first one among equals; NaN is lower than any number.
    /// </summary>
    /// <param name="scores">Scores of the classes, [..., classes], contiguous, float32 or float64.</param>
    /// <param name="labels">The true classes, int64, one for each row of scores, contiguous.</param>
    /// <exception cref="L2TException">The shapes do not fit.</exception>
    public void Add(Tensor scores, Tensor labels)
    {
        if (scores.dim() < 1 || scores.shape[^1] != _given.Length || scores.numel() != labels.numel() * _given.Length)
        {
            throw new L2TException($"The student's output [{string.Join(", ", scores.shape)}] does not give a score to each of {_given.Length} "
                + $"classes for each of the labels [{string.Join(", ", labels.shape)}]. Its last dimension must be the classes.");
        }
        if (!HostAccess.IsHost(scores) || !HostAccess.IsHost(labels) || !scores.is_contiguous() || !labels.is_contiguous())
        {
            using var hostScores = scores.cpu().contiguous();
            using var hostLabels = labels.cpu().contiguous();
            Add(hostScores, hostLabels);
            return;
        }
        if (scores.dtype == ScalarType.Float64)
            Count(HostAccess.View<double>(scores), HostAccess.View<long>(labels));
        else
            Count(HostAccess.View<float>(scores), HostAccess.View<long>(labels));
    }

    /// <summary>
    /// For each class, the share of right answers among the examples given that class (precision); 0 for a class given to none.
    /// </summary>
    public void PrecisionPerClass(Span<float> target)
    {
        for (var c = 0; c < _given.Length; c++)
            target[c] = _given[c] == 0 ? 0 : (float)_givenRightly[c] / _given[c];
    }

    private void Count<T>(ReadOnlySpan<T> scores, ReadOnlySpan<long> labels) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var classes = _given.Length;
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == _padding)
                continue;
            Total++;
            var answer = IndexOfMax(scores.Slice(i * classes, classes));
            _given[answer]++;
            if (answer == labels[i])
            {
                _givenRightly[answer]++;
                Right++;
            }
        }
    }

    private static int IndexOfMax<T>(ReadOnlySpan<T> row) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var best = 0;
        for (var c = 1; c < row.Length; c++)
        {
            if (row[c] > row[best] || T.IsNaN(row[best]))
                best = c;
        }
        return best;
    }
}
