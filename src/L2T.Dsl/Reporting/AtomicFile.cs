namespace L2T.Dsl.Reporting;

/// <summary>Files that appear whole or not at all.</summary>
internal static class AtomicFile
{
    /// <exception cref="L2TException">The file cannot be written; one of that name is then as it was.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string? temporary = null;
        try
        {
            var target = Path.GetFullPath(path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            // In the same folder: a rename is atomic only within a file system.
            temporary = $"{target}.{Guid.NewGuid():N}.tmp";
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            if (temporary is not null)
                File.Delete(temporary);
            throw new L2TException($"The file '{path}' cannot be written: {e.Message} Check the path, its permissions and the free space.", e);
        }
    }
}
