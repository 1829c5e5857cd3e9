using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace L2T.Dsl.EndToEnd.Tests;

/// <summary>The path of a newcomer, from the clone to the first report, as README.md says it: packages, template, build, training.</summary>
public sealed class NewcomerTests
{
    [Fact]
    public async Task What_the_readme_says_leads_from_the_packages_to_a_report()
    {
        var script = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "newcomer.sh"));
        var start = new ProcessStartInfo("bash", [script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Not those of the build that runs the tests.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        using var newcomer = Process.Start(start)!;
        var text = await Task.WhenAll(newcomer.StandardOutput.ReadToEndAsync(), newcomer.StandardError.ReadToEndAsync());
        await newcomer.WaitForExitAsync();

        Assert.True(newcomer.ExitCode == 0, string.Concat(text));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
