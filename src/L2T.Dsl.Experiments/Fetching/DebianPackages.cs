using System.ComponentModel;
using System.Diagnostics;

namespace L2T.Dsl.Experiments.Fetching;

/// <summary>The packages of Debian and its descendants, by <c>apt-get download</c> and <c>dpkg</c>; neither needs to be root.</summary>
internal sealed class DebianPackages : IPackages
{
    /// <inheritdoc/>
    public void Unpack(IReadOnlyList<string> packages, string folder, CancellationToken cancellation)
    {
        var downloads = Path.Combine(folder, ".downloads");
        Directory.CreateDirectory(downloads);
        // apt's own user, into whose hands root would give the download, cannot write into a user's folder.
        Run("apt-get", ["-qq", "-o", $"APT::Sandbox::User={Environment.UserName}", "download", .. packages], downloads, cancellation,
            "Is there a network, and has 'apt-get update' been run as root?");
        foreach (var package in Directory.GetFiles(downloads, "*.deb"))
            Run("dpkg", ["-x", package, folder], folder, cancellation, "Is the disk full?");
        Directory.Delete(downloads, recursive: true);
    }

    private static void Run(string program, IReadOnlyList<string> arguments, string folder, CancellationToken cancellation, string advice)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Start(start);
        using var killed = cancellation.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
        {
            var said = errors.Length > 0 ? errors : output.Result;
            throw new L2TException($"'{program} {string.Join(' ', arguments)}' failed: {said.Trim().ReplaceLineEndings(" ")} {advice}");
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new L2TException($"This system has no {start.FileName}: only Debian and Ubuntu have the data as packages.", e);
        }
    }
}
