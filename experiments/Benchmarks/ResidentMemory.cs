using System.Buffers.Text;
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

    /// <summary>
    /// How far an action raises the memory that is resident and no file's (RssAnon), and what of glibc's heap is in use, which is where libtorch
    /// has its tensors, both at their peaks, as sampled every few milliseconds: for what takes long, and to leave out mapped files, which the
    /// kernel can drop.
    /// </summary>
    public static (long Resident, long Heap) SampledPeak(Action action)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        malloc_trim(0);
        // The garbage collector's nursery grows to its full size whoever fills it: before counting begins.
        for (var i = 0; i < 200_000; i++)
            GC.KeepAlive(new byte[1000]);
        // Without garbage, which would be counted too.
        using var status = File.OpenHandle("/proc/self/status");
        var buffer = new byte[4096];
        var before = Anonymous();
        var most = before;
        var heapBefore = HeapInUse();
        var heapMost = heapBefore;
        using var end = new ManualResetEventSlim();
        var sampler = new Thread(() =>
        {
            while (!end.Wait(millisecondsTimeout: 3))
            {
                most = Math.Max(most, Anonymous());
                heapMost = Math.Max(heapMost, HeapInUse());
            }
        });
        sampler.Start();
        try
        {
            action();
        }
        finally
        {
            end.Set();
            sampler.Join();
        }
        return (most - before, heapMost - heapBefore);

        long Anonymous()
        {
            var text = buffer.AsSpan(0, RandomAccess.Read(status, buffer, 0));
            var field = text[(text.IndexOf("RssAnon:"u8) + "RssAnon:"u8.Length)..].TrimStart("\t "u8);
            return Utf8Parser.TryParse(field, out long kilobytes, out _) ? 1024 * kilobytes : throw new InvalidDataException("/proc/self/status has no RssAnon.");
        }
    }

    /// <summary>The most resident memory that the process has had since <see cref="Peak"/> was last called, or since it began.</summary>
    public static long Most() => Status("VmHWM:");

    /// <summary>The memory that the machine could still give.</summary>
    public static long Available() => Field("/proc/meminfo", "MemAvailable:");

    private static long Status(string field) => Field("/proc/self/status", field);

    private static long Field(string file, string field)
    {
        var line = File.ReadLines(file).First(l => l.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private static long HeapInUse()
    {
        var info = mallinfo2();
        return (long)(info.InUse + info.Mapped);
    }

    // struct mallinfo2 of glibc's malloc.h.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct MallInfo
    {
        public readonly nuint Arena;
        public readonly nuint FreeChunks;
        public readonly nuint FastChunks;
        public readonly nuint MappedChunks;
        public readonly nuint Mapped;
        public readonly nuint Unused;
        public readonly nuint Fast;
        public readonly nuint InUse;
        public readonly nuint Free;
        public readonly nuint Top;
    }

#pragma warning disable IDE1006 // the functions' own names
    [LibraryImport("libc.so.6")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial MallInfo mallinfo2();

    [LibraryImport("libc.so.6")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int malloc_trim(nint pad);
#pragma warning restore IDE1006
}
