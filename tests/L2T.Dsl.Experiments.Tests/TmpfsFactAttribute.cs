using System.ComponentModel;
using System.Diagnostics;

namespace L2T.Dsl.Experiments.Tests;

/// <summary>A test on a file system of its own that is small; skipped, and said so, where none may be mounted.</summary>
public sealed class TmpfsFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanMount = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("l2t-dsl-").FullName;
        try
        {
            return Run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder) && Run("umount", folder);
        }
        finally
        {
            Directory.Delete(folder);
        }
    });

    public TmpfsFactAttribute()
    {
        if (!CanMount.Value)
            Skip = "No tmpfs can be mounted: that takes Linux and root.";
    }

    /// <summary>Runs a program, and says whether it succeeded.</summary>
    public static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
