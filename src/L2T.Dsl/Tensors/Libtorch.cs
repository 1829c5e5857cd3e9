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

    private static L2TException? Load()
    {
        try
        {
            using var probe = torch.zeros(1);
            return null;
        }
        catch (Exception e) when (e is NotSupportedException or TypeInitializationException or DllNotFoundException
            or BadImageFormatException or EntryPointNotFoundException)
        {
            return Explain(e);
        }
    }

    /// <summary>What to tell a user for <paramref name="cause"/>, which the first call to TorchSharp threw.</summary>
    public static L2TException Explain(Exception cause) => new(
        "The native library libtorch cannot be loaded. Either no package with it is referenced: add libtorch-cpu-linux-x64, or the "
        + "package for your system, to the project that is run. Or the system's C++ runtime is too old for it (it needs GLIBCXX_3.4.32, "
        + "that is libstdc++ of GCC 13: Debian 13, Ubuntu 24.04 or newer): start through ./build.sh dotnet, which provides a newer one. "
        + $"TorchSharp says: {Innermost(cause).Message}", cause);

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}
