using System.IO.Compression;

namespace L2T.Dsl.Tests.Support;

internal static class Gzip
{
    public static byte[] Compress(byte[] content)
    {
        using var target = new MemoryStream();
        using (var zip = new GZipStream(target, CompressionLevel.Optimal))
            zip.Write(content);
        return target.ToArray();
    }
}
