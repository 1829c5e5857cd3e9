using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using L2T.Dsl.Data;
using L2T.Dsl.Reporting;
using Microsoft.ML.Tokenizers;

namespace L2T.Dsl.Translation.Subwords;

/// <summary>
/// Tokens for sentences: subwords by byte-pair encoding (Sennrich et al. 2016), one vocabulary for both languages. Words keep the space before
/// them, so that <see cref="Decode"/> gives a sentence back as it was, but for runs of spaces, which become one, and for characters that
/// the vocabulary does not have. Learnt here, applied by Microsoft.ML.Tokenizers, which reads the two files that <see cref="Save"/> writes.
/// </summary>
public sealed class SubwordVocabulary
{
    /// <summary>Fills up the places after the end of a sentence.</summary>
    public const int Pad = 0;

    /// <summary>Stands before the first token of a translation.</summary>
    public const int Bos = 1;

    /// <summary>Stands after the last token of a sentence.</summary>
    public const int Eos = 2;

    /// <summary>Stands for a character that the vocabulary does not have.</summary>
    public const int Unknown = 3;

    private const string VocabularyFile = "vocab.json";
    private const string MergesFile = "merges.txt";
    private const string MergesHeader = "#version: 0.2";

    private static readonly string[] SpecialTokens = ["<pad>", "<bos>", "<eos>", "<unk>"];
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    private readonly string[] _tokens;
    private readonly IReadOnlyList<(string Left, string Right)> _merges;
    private readonly BpeTokenizer _tokenizer;

    private SubwordVocabulary(string[] tokens, IReadOnlyList<(string Left, string Right)> merges)
    {
        _tokens = tokens;
        _merges = merges;
        var numbers = tokens.Select((token, number) => KeyValuePair.Create(token, number));
        _tokenizer = BpeTokenizer.Create(new BpeOptions(numbers)
        {
            Merges = merges.Select(merge => $"{merge.Left} {merge.Right}"),
            PreTokenizer = Pieces.PreTokenizer,
            UnknownToken = SpecialTokens[Unknown],
        });
    }

    /// <summary>Number of tokens: the four special ones, the characters and the merged subwords.</summary>
    public int Size => _tokens.Length;

    /// <summary>Learns a vocabulary. The same sentences give the same one, whatever their order.</summary>
    /// <param name="sentences">The sentences of the training part, of both languages.</param>
    /// <param name="merges">The most merges to learn: about the size of the vocabulary, less the characters.</param>
    /// <param name="minCharacterCount">How often a character must occur to be a token; others are <see cref="Unknown"/>, which is so trained too.</param>
    /// <param name="minPairCount">How often two neighbours must occur to be merged.</param>
    /// <exception cref="L2TException">A number is out of range, or the sentences have no character.</exception>
    public static SubwordVocabulary Learn(IEnumerable<string> sentences, int merges = 8000, int minCharacterCount = 2, int minPairCount = 2)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        if (merges < 0 || minCharacterCount < 1 || minPairCount < 1)
        {
            throw new L2TException($"A vocabulary of {merges} merges, of characters that occur {minCharacterCount} times and pairs that occur {minPairCount} times. "
                + "Use at least 0, 1 and 1.");
        }
        var (characters, learnt) = BytePairLearner.Learn(sentences, merges, minCharacterCount, minPairCount);
        if (characters.Count == 0)
            throw new L2TException($"The sentences have no character that occurs {minCharacterCount} times. Give more text.");
        string[] tokens = [.. SpecialTokens.Concat(characters).Concat(learnt.Select(merge => merge.Left + merge.Right)).Distinct(StringComparer.Ordinal)];
        return new SubwordVocabulary(tokens, learnt);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="folder">Where <c>vocab.json</c> and <c>merges.txt</c> are.</param>
    /// <exception cref="L2TException">A file is missing or damaged, or the two do not belong together.</exception>
    public static SubwordVocabulary Load(string folder)
    {
        var path = Path.Combine(folder, VocabularyFile);
        var tokens = ReadTokens(path);
        var merges = ReadMerges(Path.Combine(folder, MergesFile), tokens.ToHashSet(StringComparer.Ordinal));
        return new SubwordVocabulary(tokens, merges);
    }

    /// <summary>Writes <c>vocab.json</c> (tokens and their numbers) and <c>merges.txt</c> (a merge a line), the form of GPT-2's files.</summary>
    /// <param name="folder">Where they go.</param>
    /// <exception cref="L2TException">A file cannot be written.</exception>
    public void Save(string folder)
    {
        var numbers = _tokens.Select((token, number) => KeyValuePair.Create(token, number)).ToDictionary();
        AtomicFile.Write(Path.Combine(folder, VocabularyFile), JsonSerializer.SerializeToUtf8Bytes(numbers, Readable));
        var lines = _merges.Select(merge => $"{merge.Left} {merge.Right}\n");
        AtomicFile.Write(Path.Combine(folder, MergesFile), Encoding.UTF8.GetBytes(MergesHeader + "\n" + string.Concat(lines)));
    }

    /// <summary>The tokens of a sentence, without <see cref="Bos"/> and <see cref="Eos"/>; none where it has no word.</summary>
    public int[] Encode(string sentence)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        return [.. _tokenizer.EncodeToIds(Pieces.Marked(sentence))];
    }

    /// <summary>
    /// The sentence of tokens. It ends before the first <see cref="Eos"/>; <see cref="Bos"/> and <see cref="Pad"/> are passed over, and
    /// <see cref="Unknown"/> is written <c>&lt;unk&gt;</c>.
    /// </summary>
    /// <exception cref="L2TException">There is no such token.</exception>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            if (token == Eos)
                break;
            if (token is not (Pad or Bos))
                text.Append(Token(token));
        }
        return text.Replace(Pieces.Space, ' ').ToString().Trim();
    }

    /// <summary>What a token stands for, with U+2581 for a space.</summary>
    /// <exception cref="L2TException">There is no such token.</exception>
    public string Token(int number)
    {
        if (number < 0 || number >= Size)
            throw new L2TException($"There is no token {number}: the vocabulary has {Size}. Use the vocabulary that the tokens were made with.");
        return _tokens[number];
    }

    private static string[] ReadTokens(string path)
    {
        Dictionary<string, int> numbers;
        try
        {
            numbers = JsonSerializer.Deserialize<Dictionary<string, int>>(DataFile.ReadAll(path)) ?? [];
        }
        catch (JsonException e)
        {
            throw new L2TException($"{path} is not a vocabulary (tokens and their numbers, in JSON): {e.Message} Learn it again.", e);
        }
        var tokens = new string?[numbers.Count];
        foreach (var (token, number) in numbers)
        {
            if (number < 0 || number >= tokens.Length || tokens[number] is not null)
                throw new L2TException($"{path}: number {number} of token '{token}' is out of range or taken. Tokens count from 0. Learn the vocabulary again.");
            tokens[number] = token;
        }
        if (!tokens.Take(SpecialTokens.Length).SequenceEqual(SpecialTokens))
            throw new L2TException($"{path} does not start with {string.Join(", ", SpecialTokens)}: it was not learnt here. Learn it again.");
        return tokens!;
    }

    private static List<(string Left, string Right)> ReadMerges(string path, HashSet<string> tokens)
    {
        var merges = new List<(string Left, string Right)>();
        var lines = Encoding.UTF8.GetString(DataFile.ReadAll(path)).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0 || (i == 0 && lines[i] == MergesHeader))
                continue;
            var parts = lines[i].Split(' ');
            if (parts.Length != 2 || !tokens.Contains(parts[0]) || !tokens.Contains(parts[1]) || !tokens.Contains(parts[0] + parts[1]))
            {
                throw new L2TException($"{path}, line {i + 1}: '{lines[i]}' is not a merge of two tokens of the vocabulary beside it. "
                    + "The files do not belong together: learn them again.");
            }
            merges.Add((parts[0], parts[1]));
        }
        return merges;
    }
}
