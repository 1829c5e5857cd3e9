using System.Runtime.InteropServices;

namespace L2T.Dsl.Tensors;

/// <summary>
/// Keeps freed memory inside the process. With glibc's defaults every tensor over 128 KiB is mapped and unmapped at each operation,
/// and the page faults can cost more than the arithmetic. <see cref="KeepMemory"/> tells glibc once to serve large requests from the
/// heap and not to return the heap's end, so that the next tensor finds warm pages. The price: memory once used stays with the process.
/// </summary>
public static partial class Allocator
{
    /// <summary>Environment variable: set to 0, it turns <see cref="KeepMemory"/> off.</summary>
    public const string Switch = "L2T_DSL_KEEP_MEMORY";

    // Parameters of mallopt, from glibc's malloc.h.
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapMax = -4;

    private const int Pad = 64 << 20;

    private static readonly Lazy<bool> Applied = new(Apply);

    /// <summary>
    /// Sets glibc's allocator up, the first time it is called. Returns whether the setting is in force: not on other C libraries, and
    /// not where <see cref="Switch"/> is 0.
    /// </summary>
    public static bool KeepMemory() => Applied.Value;

    private static bool Apply()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(Switch) == "0")
            return false;
        try
        {
            return mallopt(MmapMax, 0) == 1 && mallopt(TrimThreshold, int.MaxValue) == 1 && mallopt(TopPad, Pad) == 1;
        }
        // Another C library: its file has another name, or it has no mallopt.
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

#pragma warning disable IDE1006 // the function's own name
    [LibraryImport("libc.so.6")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int mallopt(int parameter, int value);
#pragma warning restore IDE1006
}
