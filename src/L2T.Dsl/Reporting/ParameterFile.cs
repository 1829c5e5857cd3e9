using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Reporting;

/// <summary>
/// A kind of file of parameters: its first line (<c>L2T-TEACHER 1</c>), the length of the header (int64, little-endian), the header (JSON),
/// the values of all parameter sets (float64, little-endian), and the SHA-256 of all before it. Written under another name, flushed to the
/// disk and then renamed, so that a crash leaves the old file or the new one, never half of one.
/// </summary>
/// <param name="signature">The first line, which says kind and version.</param>
/// <param name="thing">What such a file holds, as messages call it.</param>
/// <param name="writer">The method that writes such files, as messages call it.</param>
internal sealed class ParameterFile(string signature, string thing, string writer)
{
    private const int DigestBytes = 32;

    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly byte[] _signature = Encoding.ASCII.GetBytes(signature + "\n");

    /// <exception cref="L2TException">The file cannot be written.</exception>
    public void Write<THeader>(string path, THeader header, IEnumerable<ParameterSet> sets, bool keepPrevious = false)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(header, Json);
        using var content = new MemoryStream();
        content.Write(_signature);
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, text.Length);
        content.Write(number);
        content.Write(text);
        foreach (var set in sets)
        {
            foreach (var value in set.Values)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(number, value);
                content.Write(number);
            }
        }
        content.Write(SHA256.HashData(content.GetBuffer().AsSpan(0, (int)content.Length)));
        AtomicFile.Write(path, content.GetBuffer().AsSpan(0, (int)content.Length), keepPrevious);
    }

    /// <returns>The header, and what reads the parameter sets in the order in which they were written.</returns>
    /// <exception cref="L2TException">The file is missing, damaged, or of another kind.</exception>
    public (THeader Header, Values Values) Read<THeader>(string path)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new L2TException($"The {thing} '{path}' cannot be read: {e.Message} Give the path of a file that {writer} wrote.", e);
        }
        if (!content.AsSpan().StartsWith(_signature))
            throw new L2TException($"{path} is not the file of a {thing}, or of another version. Give a file that {writer} wrote.");
        var prefix = _signature.Length + sizeof(long);
        if (content.Length < prefix + DigestBytes
            || !SHA256.HashData(content.AsSpan(..^DigestBytes)).AsSpan().SequenceEqual(content.AsSpan(^DigestBytes)))
        {
            throw new L2TException($"{path} is damaged: its checksum does not fit its content. Use another copy, or make it again.");
        }
        // The checksum fits, so the rest is as it was written.
        var headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(_signature.Length));
        var header = JsonSerializer.Deserialize<THeader>(content.AsSpan(prefix, headerLength), Json)!;
        return (header, new Values(content, prefix + headerLength));
    }

    /// <summary>The values behind the header.</summary>
    public sealed class Values(byte[] content, int start)
    {
        private int _position = start;

        /// <summary>The next parameter set.</summary>
        public ParameterSet Next(IReadOnlyList<TensorSlot> layout)
        {
            var values = new double[layout.Sum(slot => slot.Count)];
            for (var i = 0; i < values.Length; i++, _position += sizeof(double))
                values[i] = BinaryPrimitives.ReadDoubleLittleEndian(content.AsSpan(_position));
            return new ParameterSet(layout, values);
        }
    }
}
