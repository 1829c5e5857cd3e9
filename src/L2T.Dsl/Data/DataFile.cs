using System.Buffers.Binary;
using System.IO.Compression;

namespace L2T.Dsl.Data;

/// <summary>Reads whole files, gzipped or not, and turns every way in which that fails into one clear exception.</summary>
internal static class DataFile
{
    private const int GzipOverhead = 18;

    private static ReadOnlySpan<byte> GzipMagic => [0x1F, 0x8B];

    public static byte[] ReadAll(string path)
    {
        byte[] raw;
        try
        {
            raw = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new L2TException($"There is no file {Path.GetFullPath(path)}. Put the data there, or give its path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new L2TException($"The file '{path}' cannot be read: {e.Message} Check its path and permissions.", e);
        }
        return raw.AsSpan().StartsWith(GzipMagic) ? Unzip(path, raw) : raw;
    }

    private static byte[] Unzip(string path, byte[] raw)
    {
        byte[] content;
        try
        {
            using var zipped = new GZipStream(new MemoryStream(raw), CompressionMode.Decompress);
            using var unzipped = new MemoryStream();
            zipped.CopyTo(unzipped);
            content = unzipped.ToArray();
        }
        catch (InvalidDataException e)
        {
            throw new L2TException($"{path} is a corrupt gzip file. Fetch it again.", e);
        }
        // .NET takes a stream that ends early for a whole one. A gzip file ends with the length of its content (modulo 2^32).
        if (raw.Length < GzipOverhead || BinaryPrimitives.ReadUInt32LittleEndian(raw.AsSpan(^4)) != (uint)content.Length)
            throw new L2TException($"{path} is a truncated gzip file: {raw.Length} bytes are there. Fetch it again.");
        return content;
    }
}
