using System.Numerics;
using System.Runtime.InteropServices;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Tests.Tensors;

/// <summary>What fused loops read and write at the ends of rows, of as many elements as may be left.</summary>
public sealed unsafe partial class StripTests
{
    private const int Around = 40;

    // PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS.
    private const int ReadAndWrite = 3;
    private const int PrivateWithoutFile = 0x22;

    [Fact]
    public void Ends_are_read_with_zeros_behind_and_written_without_touching_what_follows()
    {
        Check<float>();
        Check<double>();
    }

    [Fact]
    public void An_end_at_the_end_of_memory_reads_no_further()
    {
        // A page that may be read, and behind it one that may not.
        var page = Environment.SystemPageSize;
        var memory = Map(0, 2 * page, ReadAndWrite, PrivateWithoutFile, -1, 0);
        Assert.NotEqual(-1, memory);
        try
        {
            Assert.Equal(0, Protect(memory + page, page, 0));
            Check<float>();
            Check<double>();
        }
        finally
        {
            Unmap(memory, 2 * page);
        }

        void Check<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            for (var count = 1; count < Vector<T>.Count; count++)
            {
                var strip = new Strip<T>(memory + page - (count * sizeof(T)));
                strip.Store(0, count, new Vector<T>(T.CreateChecked(count)));
                Assert.Equal(T.CreateChecked(count * count), Vector.Sum(strip.Load(0, count)));
            }
        }
    }

    private static void Check<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var count = 1; count <= Vector<T>.Count + 1; count++)
        {
            var memory = Enumerable.Range(1, Around).Select(i => T.CreateChecked(i)).ToArray();
            fixed (T* start = memory)
            {
                var strip = new Strip<T>((nint)start);
                var read = strip.Load(3, count);
                for (var lane = 0; lane < Vector<T>.Count; lane++)
                {
                    Assert.Equal(lane < count ? memory[3 + lane] : T.Zero, read[lane]);
                }

                strip.Store(5, count, -Vector<T>.Indices - Vector<T>.One);
                for (var i = 0; i < Around; i++)
                {
                    var isWritten = i >= 5 && i < 5 + Math.Min(count, Vector<T>.Count);
                    Assert.Equal(T.CreateChecked(isWritten ? -(i - 4) : i + 1), memory[i]);
                }
            }
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "mmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc.so.6", EntryPoint = "mprotect")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Protect(nint address, nint length, int protection);

    [LibraryImport("libc.so.6", EntryPoint = "munmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unmap(nint address, nint length);
}
