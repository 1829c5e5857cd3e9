namespace L2T.Dsl.Data;

/// <summary>
/// The parts of an experiment's data. The student learns from <see cref="Train"/>; the teacher's gradient comes from <see cref="Dev"/>;
/// <see cref="HeldOut"/>, if there is one, says when the teacher stops getting better; <see cref="Test"/> is for the final figures alone
/// and never seen by teaching or training. Whoever made the parts disposes them.
/// </summary>
public sealed class DataSplit
{
    /// <exception cref="L2TException">The parts differ in the shape of an input, in the number of classes, or in the shape of a target.</exception>
    public DataSplit(LabelledData train, LabelledData dev, LabelledData test, LabelledData? heldOut = null)
    {
        train.RequireAlike(dev);
        train.RequireAlike(test);
        if (heldOut is not null)
            train.RequireAlike(heldOut);
        Train = train;
        Dev = dev;
        Test = test;
        HeldOut = heldOut;
    }

    /// <summary>What students are trained on.</summary>
    public LabelledData Train { get; }

    /// <summary>What the teacher is judged by, and what state features are measured on.</summary>
    public LabelledData Dev { get; }

    /// <summary>For the final figures.</summary>
    public LabelledData Test { get; }

    /// <summary>For the choice of the best teacher and for early stopping; null for none.</summary>
    public LabelledData? HeldOut { get; }

    /// <summary>The first examples for training, the next for development, then held out, then test.</summary>
    /// <exception cref="L2TException">A part is negative or empty (but for the held-out one), or there are not enough examples.</exception>
    public static DataSplit InOrder(LabelledData data, int train, int dev, int test, int heldOut = 0) =>
        Cut(data, Enumerable.Range(0, data.Count).Select(i => (long)i).ToArray(), train, dev, test, heldOut);

    /// <summary>As <see cref="InOrder"/>, from a random order.</summary>
    /// <exception cref="L2TException">As for <see cref="InOrder"/>.</exception>
    public static DataSplit Shuffled(LabelledData data, int train, int dev, int test, ulong seed, int heldOut = 0) =>
        Cut(data, new SplitMix64(SplitMix64.Derive(seed, RandomUse.Split, 0)).Permutation(data.Count), train, dev, test, heldOut);

    /// <summary>Training, development and held-out examples from a random order of <paramref name="data"/>, beside a test set of their own.</summary>
    /// <exception cref="L2TException">As for <see cref="InOrder"/>, or the test set is not like the data.</exception>
    public static DataSplit Shuffled(LabelledData data, LabelledData test, int train, int dev, ulong seed, int heldOut = 0)
    {
        if (train < 1 || dev < 1 || heldOut < 0)
        {
            throw new L2TException($"{data.Name}: parts of {train} training, {dev} development and {heldOut} held-out examples. "
                + "The first two need at least one.");
        }
        if ((long)train + dev + heldOut > data.Count)
            throw new L2TException($"{data.Name} has {data.Count} examples, too few for {train} + {dev} + {heldOut}. Ask for fewer.");
        var order = new SplitMix64(SplitMix64.Derive(seed, RandomUse.Split, 0)).Permutation(data.Count);
        return new DataSplit(
            data.Select(order.AsSpan(0, train)),
            data.Select(order.AsSpan(train, dev)),
            test,
            heldOut == 0 ? null : data.Select(order.AsSpan(train + dev, heldOut)));
    }

    /// <summary>
    /// Fold <paramref name="fold"/> of <paramref name="folds"/> is the test set, so that over all folds every example is tested once.
    /// The rest, in random order, is cut into development, held-out and training examples.
    /// </summary>
    /// <exception cref="L2TException">There is no such fold, or too little is left for a part.</exception>
    public static DataSplit Fold(LabelledData data, int folds, int fold, int dev, ulong seed, int heldOut = 0)
    {
        if (folds < 2 || folds > data.Count)
            throw new L2TException($"{data.Name}: {folds} folds of {data.Count} examples. Use between 2 and {data.Count} folds.");
        if (fold < 0 || fold >= folds)
            throw new L2TException($"There is no fold {fold} of {folds}. Folds count from 0.");
        var order = new SplitMix64(SplitMix64.Derive(seed, RandomUse.Split, 0)).Permutation(data.Count);
        var start = (int)((long)data.Count * fold / folds);
        var end = (int)((long)data.Count * (fold + 1) / folds);
        long[] rest = [.. order.AsSpan(0, start), .. order.AsSpan(end)];
        new SplitMix64(SplitMix64.Derive(seed, RandomUse.Split, (ulong)fold + 1)).Shuffle(rest);
        return Cut(data, [.. rest, .. order.AsSpan(start, end - start)], rest.Length - dev - heldOut, dev, end - start, heldOut);
    }

    /// <summary>
    /// The same split with the development examples in the training set too: for a fixed loss, which needs none, a fair chance to use
    /// what the teacher saw. Figures on <see cref="Dev"/> then mean nothing.
    /// </summary>
    public DataSplit TrainOnDevToo() => new(Train.Concat(Dev), Dev, Test, HeldOut);

    private static DataSplit Cut(LabelledData data, long[] order, int train, int dev, int test, int heldOut)
    {
        if (train < 1 || dev < 1 || test < 1 || heldOut < 0)
        {
            throw new L2TException($"{data.Name}: parts of {train} training, {dev} development, {heldOut} held-out and {test} test examples. "
                + "Each needs at least one; only the held-out part may be empty.");
        }
        if ((long)train + dev + test + heldOut > data.Count)
            throw new L2TException($"{data.Name} has {data.Count} examples, too few for {train} + {dev} + {heldOut} + {test}. Ask for fewer.");
        return new DataSplit(
            data.Select(order.AsSpan(0, train)),
            data.Select(order.AsSpan(train, dev)),
            data.Select(order.AsSpan(train + dev + heldOut, test)),
            heldOut == 0 ? null : data.Select(order.AsSpan(train + dev, heldOut)));
    }
}
