namespace L2T.Dsl.Translation.Corpora;

/// <summary>The parts of a parallel text. <see cref="Test"/> is for the final figures alone.</summary>
/// <param name="Train">What translators are trained on, and vocabularies learnt from.</param>
/// <param name="Valid">What a teacher is judged by, and settings are chosen by.</param>
/// <param name="Test">For the final figures.</param>
public sealed record ParallelSplit(ParallelText Train, ParallelText Valid, ParallelText Test)
{
    /// <summary>Reads <c>train</c>, <c>valid</c> and <c>test</c>, each in two languages (<c>train.de</c>, <c>train.en</c>, ...).</summary>
    /// <param name="folder">Where the six files are.</param>
    /// <param name="source">The language that is translated: the ending of its files.</param>
    /// <param name="target">The language that it is translated into.</param>
    /// <param name="maxWords">See <see cref="ParallelText.Load"/>; it holds for all parts.</param>
    /// <exception cref="L2TException">See <see cref="ParallelText.Load"/>.</exception>
    public static ParallelSplit Load(string folder, string source = "de", string target = "en", int maxWords = ParallelText.DefaultMaxWords)
    {
        return new ParallelSplit(Part("train"), Part("valid"), Part("test"));

        ParallelText Part(string name) =>
            ParallelText.Load(Path.Combine(folder, $"{name}.{source}"), Path.Combine(folder, $"{name}.{target}"), maxWords);
    }

    /// <summary>Writes six files that <see cref="Load"/> reads.</summary>
    /// <param name="folder">Where they go.</param>
    /// <param name="source">The language that is translated.</param>
    /// <param name="target">The language that it is translated into.</param>
    /// <exception cref="L2TException">A file cannot be written.</exception>
    public void Save(string folder, string source = "de", string target = "en")
    {
        foreach (var (name, part) in new[] { ("train", Train), ("valid", Valid), ("test", Test) })
            part.Save(Path.Combine(folder, $"{name}.{source}"), Path.Combine(folder, $"{name}.{target}"));
    }
}
