using System.Runtime.InteropServices;

namespace L2T.Dsl.Reporting;

/// <summary>Files that appear whole or not at all.</summary>
internal static partial class AtomicFile
{
    /// <summary>The file that was there before the last one of that name was written, where it is kept.</summary>
    public static string PreviousOf(string path) => path + ".previous";

    /// <param name="path">The file.</param>
    /// <param name="content">What is to be in it.</param>
    /// <param name="keepPrevious">Whether a file of that name is kept as <see cref="PreviousOf"/>. For a moment there is then no other.</param>
    /// <exception cref="L2TException">The file cannot be written; one of that name is then as it was.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool keepPrevious = false)
    {
        string? temporary = null;
        try
        {
            var target = Path.GetFullPath(path);
            var folder = Path.GetDirectoryName(target)!;
            Directory.CreateDirectory(folder);
            // In the same folder: a rename is atomic only within a file system. Always of the same name: one that a killed process has left is
            // taken by the next, and none stays.
            temporary = target + ".tmp";
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            if (keepPrevious && File.Exists(target))
                File.Move(target, PreviousOf(target), overwrite: true);
            File.Move(temporary, target, overwrite: true);
            SyncFolder(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            if (temporary is not null)
                File.Delete(temporary);
            throw new L2TException($"The file '{path}' cannot be written: {e.Message} Check the path, its permissions and the free space.", e);
        }
    }

    /// <summary>Whether a file written with its previous one kept is there, be it only the previous one.</summary>
    public static bool Exists(string path) => File.Exists(path) || File.Exists(PreviousOf(path));

    /// <summary>Reads a file that was written with its previous one kept; the previous one where the last is missing or damaged.</summary>
    /// <exception cref="L2TException">Neither can be read; the message is that of the last.</exception>
    public static T Read<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (L2TException)
        {
            if (!File.Exists(PreviousOf(path)))
                throw;
            try
            {
                return read(PreviousOf(path));
            }
            catch (L2TException)
            {
                // Said of the last, below.
            }
            throw;
        }
    }

    // A rename is on the disk when its folder is. File systems that cannot do that, and Windows, which does it by itself, lose nothing else.
    private static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var handle = open(folder, 0);
        if (handle < 0)
            return;
        fsync(handle);
        close(handle);
    }

#pragma warning disable IDE1006 // the functions' own names
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int fsync(int file);

    [LibraryImport("libc")]
    private static partial int close(int file);
#pragma warning restore IDE1006
}
