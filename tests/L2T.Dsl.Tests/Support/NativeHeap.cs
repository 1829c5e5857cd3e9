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
