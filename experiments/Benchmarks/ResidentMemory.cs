using System.Globalization;
using System.Runtime.InteropServices;

namespace L2T.Experiments.Benchmarks;

/// <summary>
/// How far an action raises the process's resident memory at its peak, as the kernel counts it (VmHWM, reset through
/// /proc/self/clear_refs). Free pages of the heap are given back before, so that memory used again counts again.
/// </summary>
internal static partial class ResidentMemory
{
    /// <summary>The rise in bytes: the least of several trials, since the runtime's own allocations only ever add.</summary>
    public static long Peak(Action action, int trials = 7)
    {
        var least = long.MaxValue;
        for (var i = 0; i < trials; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            malloc_trim(0);
            File.WriteAllText("/proc/self/clear_refs", "5");
            var before = Status("VmRSS:");
            action();
            least = Math.Min(least, Status("VmHWM:") - before);
        }

        return least;
    }

    private static long Status(string field)
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

#pragma warning disable IDE1006 // the function's own name
    [LibraryImport("libc.so.6")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int malloc_trim(nint pad);
#pragma warning restore IDE1006
}
