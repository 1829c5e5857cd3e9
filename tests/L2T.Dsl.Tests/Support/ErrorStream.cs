using System.Runtime.InteropServices;

namespace L2T.Dsl.Tests.Support;

/// <summary>The process's error stream, which native code writes to past <see cref="Console"/>.</summary>
internal static partial class ErrorStream
{
    private const int Descriptor = 2;

    /// <summary>What was written to it while <paramref name="action"/> ran.</summary>
    public static string During(Action action)
    {
        using var folder = new TemporaryFolder();
        var path = folder["errors"];
        var before = Copy(Descriptor);
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
        {
            Put((int)file.DangerousGetHandle(), Descriptor);
        }
        try
        {
            action();
        }
        finally
        {
            Put(before, Descriptor);
            Close(before);
        }
        return File.ReadAllText(path);
    }

    /// <summary>Whether libtorch gives a warning every time and not once in a process: <c>torch.set_warn_always</c>, which TorchSharp does not bind.</summary>
    [LibraryImport("libc10.so", EntryPoint = "_ZN3c1012WarningUtils14set_warnAlwaysEb")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial void RepeatWarnings([MarshalAs(UnmanagedType.U1)] bool all);

    [LibraryImport("libc.so.6", EntryPoint = "dup")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Copy(int descriptor);

    [LibraryImport("libc.so.6", EntryPoint = "dup2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Put(int descriptor, int place);

    [LibraryImport("libc.so.6", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
