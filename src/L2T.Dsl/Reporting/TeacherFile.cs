using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using L2T.Dsl.Tensors;
using L2T.Dsl.Training;

namespace L2T.Dsl.Reporting;

/// <summary>
/// The file of a teacher: the line <c>L2T-TEACHER 1</c>, the length of the header (int64, little-endian), the header (JSON), the values of
/// parameters and optimizer (float64, little-endian), and the SHA-256 of all before it. Written under another name, flushed to the disk and
/// then renamed, so that a crash leaves the old file or the new one, never half of one.
/// </summary>
internal static class TeacherFile
{
    private const int DigestBytes = 32;

    private static ReadOnlySpan<byte> Magic => "L2T-TEACHER 1\n"u8;

    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    public static void Write(LearnedTeacher teacher, string path)
    {
        var state = teacher.State;
        var header = JsonSerializer.SerializeToUtf8Bytes(new Header(
            [.. state.Latest.Layout],
            state.Updates,
            state.Best?.Episode,
            state.Best?.Error,
            teacher.History,
            teacher.Settings), Json);
        using var content = new MemoryStream();
        content.Write(Magic);
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, header.Length);
        content.Write(number);
        content.Write(header);
        foreach (var set in (ParameterSet?[])[state.Latest, state.FirstMoment, state.SecondMoment, state.Best?.Parameters])
        {
            if (set is null)
                continue;
            foreach (var value in set.Values)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(number, value);
                content.Write(number);
            }
        }
        content.Write(SHA256.HashData(content.GetBuffer().AsSpan(0, (int)content.Length)));
        AtomicFile.Write(path, content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    public static LearnedTeacher Read(string path)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new L2TException($"The teacher '{path}' cannot be read: {e.Message} Give the path of a file that LearnedTeacher.Save wrote.", e);
        }
        if (!content.AsSpan().StartsWith(Magic))
            throw new L2TException($"{path} is not the file of a teacher, or of another version. Give a file that LearnedTeacher.Save wrote.");
        var prefix = Magic.Length + sizeof(long);
        if (content.Length < prefix + DigestBytes
            || !SHA256.HashData(content.AsSpan(..^DigestBytes)).AsSpan().SequenceEqual(content.AsSpan(^DigestBytes)))
        {
            throw new L2TException($"{path} is damaged: its checksum does not fit its content. Use another copy, or teach again.");
        }
        // The checksum fits, so the rest is as it was written.
        var headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(Magic.Length));
        var header = JsonSerializer.Deserialize<Header>(content.AsSpan(prefix, headerLength), Json)!;
        var values = content.AsSpan(prefix + headerLength);

        var latest = Take(header.Layout, ref values);
        var first = Take(header.Layout, ref values);
        var second = Take(header.Layout, ref values);
        var best = header.BestEpisode is { } episode ? new BestTeacher(episode, header.BestError!.Value, Take(header.Layout, ref values)) : null;
        return new LearnedTeacher(new TeachingState(latest, first, second, header.Updates, best), header.History, header.Settings);
    }

    private static ParameterSet Take(TensorSlot[] layout, ref Span<byte> content)
    {
        var values = new double[layout.Sum(slot => slot.Count)];
        for (var i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadDoubleLittleEndian(content[(i * sizeof(double))..]);
        content = content[(values.Length * sizeof(double))..];
        return new ParameterSet(layout, values);
    }

    private sealed record Header(
        TensorSlot[] Layout,
        int Updates,
        int? BestEpisode,
        double? BestError,
        IReadOnlyList<EpisodeRecord> History,
        IReadOnlyDictionary<string, string> Settings);
}
