using System.Runtime.InteropServices;

namespace L2T.Dsl.Tests.Support;

/// <summary>What libtorch has of glibc's heap: the bytes of all tensors, whoever made them.</summary>
internal static partial class NativeHeap
{
    public static long BytesInUse
    {
        get
        {
            var info = mallinfo2();
            return (long)(info.InUse + info.Mapped);
        }
    }

    /// <summary>The most that <see cref="BytesInUse"/> is while <paramref name="action"/> runs, as sampled every millisecond or so.</summary>
    public static long SampledPeak(Action action)
    {
        var most = BytesInUse;
        using var end = new ManualResetEventSlim();
        var sampler = new Thread(() =>
        {
            while (!end.Wait(millisecondsTimeout: 1))
                most = Math.Max(most, BytesInUse);
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
        return most;
    }

    /// <summary>
    /// What a count of bytes grows by in ten of its samples, after the first ten of warming up: in the stretch with the second least growth.
    /// </summary>
    /// <remarks>
    /// A leak grows in every stretch; pages that an allocator keeps for later and the runtime's own compiling in the background come in some; what
    /// earlier tests left to finalizers may be freed in one.
    /// </remarks>
    public static long SteadyGrowth(IReadOnlyList<long> samples) => Growths(samples).Order().ElementAt(1);

    /// <summary>The same in the stretch with the least growth.</summary>
    public static long LeastGrowth(IReadOnlyList<long> samples) => Growths(samples).Min();

    private static IEnumerable<long> Growths(IReadOnlyList<long> samples) =>
        Enumerable.Range(1, (samples.Count / 10) - 1).Select(tens => samples[(10 * tens) + 9] - samples[(10 * tens) - 1]);

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

#pragma warning disable IDE1006 // the function's own name
    [LibraryImport("libc.so.6")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial MallInfo mallinfo2();
#pragma warning restore IDE1006
}
