using L2T.Dsl.Tensors;
using L2T.Dsl.Translation.Subwords;
using static TorchSharp.torch;

namespace L2T.Dsl.Translation.Decoding;

/// <summary>Searches for the translations that a student finds most probable.</summary>
public static class Decoder
{
    /// <summary>Takes the most probable token each time, until <see cref="SubwordVocabulary.Eos"/> is it.</summary>
    /// <param name="model">The student.</param>
    /// <param name="sources">Sentences, in tokens, which are decoded together; without <see cref="SubwordVocabulary.Eos"/>.</param>
    /// <param name="maxTokens">The most tokens of a translation.</param>
    /// <returns>The tokens of each translation.</returns>
    /// <exception cref="L2TException">A source is empty, or the student gives a NaN or another shape.</exception>
    public static int[][] Greedy(INextToken model, IReadOnlyList<int[]> sources, int maxTokens = 100)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (maxTokens < 1)
            throw new L2TException($"Translations of at most {maxTokens} tokens. Use at least 1.");
        var found = sources.Select(_ => new List<int>()).ToArray();
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var padded = Padded(sources);
        List<int> open = [.. Enumerable.Range(0, sources.Count)];
        while (open.Count > 0)
        {
            var (tokens, _) = Best(model, padded, open, [.. open.Select(sentence => found[sentence])], 1);
            for (var row = 0; row < open.Count; row++)
            {
                if (tokens[row] != SubwordVocabulary.Eos)
                    found[open[row]].Add((int)tokens[row]);
            }
            List<int> rest = [];
            for (var row = 0; row < open.Count; row++)
            {
                if (tokens[row] != SubwordVocabulary.Eos && found[open[row]].Count < maxTokens)
                    rest.Add(open[row]);
            }
            open = rest;
        }
        return [.. found.Select(tokens => tokens.ToArray())];
    }

    /// <summary>
    /// Follows the most probable hypotheses of each sentence (beam search). Of the twice as many best continuations by one token, those that end
    /// are done if they are among the best, and the best others are followed; a sentence is done when as many hypotheses are.
    /// </summary>
    /// <param name="model">The student.</param>
    /// <param name="sources">Sentences, in tokens, which are decoded together; without <see cref="SubwordVocabulary.Eos"/>.</param>
    /// <param name="options">How to search; null for the defaults.</param>
    /// <returns>The hypotheses of each sentence, the best first: at least one, at most as many as the beam is wide.</returns>
    /// <exception cref="L2TException">An option is out of range, a source is empty, or the student gives a NaN or another shape.</exception>
    public static IReadOnlyList<Hypothesis>[] Beam(INextToken model, IReadOnlyList<int[]> sources, BeamOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new BeamOptions();
        options.Check();
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var padded = Padded(sources);
        BeamOfSentence[] beams = [.. sources.Select((_, sentence) => new BeamOfSentence(sentence, options))];
        for (var open = beams; open.Length > 0; open = [.. open.Where(beam => !beam.IsDone)])
        {
            List<int> rows = [.. open.SelectMany(beam => beam.Active.Select(_ => beam.Sentence))];
            List<List<int>> prefixes = [.. open.SelectMany(beam => beam.Active.Select(prefix => prefix.Tokens))];
            // At the limit nothing but the end follows.
            var ends = prefixes[0].Count == options.MaxTokens;
            var (tokens, values) = ends ? Ends(model, padded, rows, prefixes) : Best(model, padded, rows, prefixes, 2 * options.Width);
            var width = tokens.Length / rows.Count;
            var row = 0;
            foreach (var beam in open)
            {
                var count = beam.Active.Count * width;
                beam.Extend(tokens.AsSpan(row * width, count), values.AsSpan(row * width, count));
                row += count / width;
            }
        }
        return [.. beams.Select(beam => beam.Done)];
    }

    // The most probable tokens of each prefix and their log-probabilities, [B * count], in falling order.
    private static (long[] Tokens, double[] Values) Best(INextToken model, Tensor padded, List<int> sentences, List<List<int>> prefixes, int count)
    {
        using var values = Next(model, padded, sentences, prefixes);
        using var never = values.narrow(1, SubwordVocabulary.Pad, SubwordVocabulary.Bos - SubwordVocabulary.Pad + 1);
        never.fill_(double.NegativeInfinity);
        // Beginning and padding are no continuations.
        var (best, tokens) = values.topk((int)Math.Min(count, values.shape[1] - never.shape[1]), dim: 1);
        using var ownedBest = best;
        using var ownedTokens = tokens;
        using var flatBest = best.contiguous();
        using var flatTokens = tokens.contiguous();
        return (HostAccess.View<long>(flatTokens).ToArray(), HostAccess.View<double>(flatBest).ToArray());
    }

    private static (long[] Tokens, double[] Values) Ends(INextToken model, Tensor padded, List<int> sentences, List<List<int>> prefixes)
    {
        using var values = Next(model, padded, sentences, prefixes);
        using var end = values.select(1, SubwordVocabulary.Eos);
        using var flat = end.contiguous();
        return ([.. Enumerable.Repeat((long)SubwordVocabulary.Eos, sentences.Count)], HostAccess.View<double>(flat).ToArray());
    }

    // [B, V], float64, in main memory, the caller's to change.
    private static Tensor Next(INextToken model, Tensor padded, List<int> sentences, List<List<int>> prefixes)
    {
        var length = prefixes[0].Count + 1;
        var tokens = new long[prefixes.Count * length];
        for (var row = 0; row < prefixes.Count; row++)
        {
            tokens[row * length] = SubwordVocabulary.Bos;
            for (var i = 1; i < length; i++)
                tokens[(row * length) + i] = prefixes[row][i - 1];
        }
        using var beginnings = tensor(tokens).view(prefixes.Count, length);
        using var positions = tensor(sentences.Select(sentence => (long)sentence).ToArray());
        using var source = padded.index_select(0, positions);
        using var given = model.LogProbabilities(source, beginnings);
        if (given.dim() != 2 || given.shape[0] != prefixes.Count || given.shape[1] <= SubwordVocabulary.Unknown)
        {
            throw new L2TException($"The student gives log-probabilities [{string.Join(", ", given.shape)}] for {prefixes.Count} prefixes. "
                + $"They must be [{prefixes.Count}, tokens of the vocabulary].");
        }
        using var host = given.cpu();
        var values = host.to_type(ScalarType.Float64, copy: true);
        using var wrong = values.isnan();
        using var any = wrong.any();
        if (any.item<bool>())
            throw new L2TException($"The student gives a NaN for token {length} of a translation. It has diverged: train it with a lower learning rate.");
        return values;
    }

    private static Tensor Padded(IReadOnlyList<int[]> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        Libtorch.EnsureLoaded();
        if (sources.Any(source => source.Length == 0))
            throw new L2TException($"Source {sources.TakeWhile(source => source.Length > 0).Count()} has no tokens. Leave out empty sentences.");
        var length = sources.Count == 0 ? 1 : sources.Max(source => source.Length) + 1;
        var tokens = new long[sources.Count * length];
        for (var row = 0; row < sources.Count; row++)
        {
            for (var i = 0; i < length; i++)
            {
                tokens[(row * length) + i] = i < sources[row].Length ? sources[row][i]
                    : i == sources[row].Length ? SubwordVocabulary.Eos : SubwordVocabulary.Pad;
            }
        }
        return tensor(tokens).view(sources.Count, length);
    }
}
