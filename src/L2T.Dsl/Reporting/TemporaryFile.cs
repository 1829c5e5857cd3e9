using System.Runtime.InteropServices;

namespace L2T.Dsl.Reporting;

/// <summary>Files that end with the process, however it ends.</summary>
internal static partial class TemporaryFile
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>
    /// A file of <paramref name="length"/> bytes whose space is reserved. On Unix its name is gone before anything is written; on Windows the
    /// system deletes it with its last handle.
    /// </summary>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static FileStream Create(string folder, long length)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"l2t-dsl-{Guid.NewGuid():N}.tmp");
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            Options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None,
        });
        try
        {
            if (!OperatingSystem.IsWindows())
                File.Delete(path);
            Reserve(file, length);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void Reserve(FileStream file, long length)
    {
        if (OperatingSystem.IsLinux())
        {
            var error = posix_fallocate(file.SafeFileHandle, 0, length);
            if (error != 0)
                throw new IOException(Marshal.GetPInvokeErrorMessage(error) + ".");
            return;
        }
        // Sparse files would take any length: only what is written is there.
        var zeros = new byte[ChunkBytes];
        for (var written = 0L; written < length; written += ChunkBytes)
            file.Write(zeros, 0, (int)Math.Min(ChunkBytes, length - written));
        file.Flush(flushToDisk: false);
    }

#pragma warning disable IDE1006 // the function's own name
    [LibraryImport("libc")]
    private static partial int posix_fallocate(SafeHandle file, long offset, long length);
#pragma warning restore IDE1006
}
