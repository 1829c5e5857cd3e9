using System.Runtime.InteropServices;
using TorchSharp;

namespace L2T.Dsl.Tensors;

/// <summary>
/// Loads the native library, once, and says clearly why where it cannot be loaded: TorchSharp's own message names a missing
/// package even where the package is there and only the system's C++ runtime is too old for it.
/// </summary>
public static class Libtorch
{
    private static readonly Lazy<L2TException?> Fault = new(Load);

    /// <summary>Loads libtorch if that has not happened yet.</summary>
    /// <exception cref="L2TException">It cannot be loaded.</exception>
    public static void EnsureLoaded()
    {
        if (Fault.Value is { } fault)
            throw new L2TException(fault.Message, fault.InnerException!);
    }

    /// <summary>What to tell a user for <paramref name="cause"/>, which loading libtorch or the first call to TorchSharp threw.</summary>
    public static L2TException Explain(Exception cause)
    {
        var innermost = Innermost(cause);
        return MissingVersion(innermost) is { } line
            ? new L2TException($"The C or C++ runtime of this system is too old for libtorch: {line}. It takes that of Debian 13, Ubuntu 24.04 or "
                + "newer. In a clone of L2T.Dsl, './build.sh dotnet ...' provides one for the process alone, and 'eval \"$(./build.sh env)\"' for a shell.", cause)
            : new L2TException("The native library libtorch cannot be loaded. Add the package libtorch-cpu-linux-x64, or the one for your system, to "
                + $"the project that is run. TorchSharp says: {FirstLine(innermost.Message)}", cause);
    }

    private static L2TException? Load()
    {
        try
        {
            LoadFilesInPlace();
            using var probe = torch.zeros(1);
            return null;
        }
        catch (Exception e) when (e is NotSupportedException or TypeInitializationException or DllNotFoundException
            or BadImageFormatException or EntryPointNotFoundException)
        {
            return Explain(e);
        }
    }

    // As TorchSharp does first. Where the files are there but the runtime is too old for them, it would go on to copy half a gigabyte
    // from the package cache, in vain, print pages, and blame the package.
    private static void LoadFilesInPlace()
    {
        foreach (var library in (string[])["torch_cpu", "LibTorchSharp"])
        {
            try
            {
                NativeLibrary.Load(library, typeof(torch).Assembly, null);
            }
            catch (DllNotFoundException e) when (MissingVersion(e) is null)
            {
                // Not in its usual place: TorchSharp knows others.
                return;
            }
        }
    }

    // The dynamic linker's line about a symbol version that a library of the system lacks.
    private static string? MissingVersion(Exception e) =>
        e.Message.Split('\n').FirstOrDefault(line => line.Contains(": version `GLIBC", StringComparison.Ordinal))?.Trim();

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;

    // Pages of a trace follow.
    private static string FirstLine(string message) => message.TrimStart().Split('\n', 2)[0].TrimEnd();
}
