using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace L2T.Dsl.EndToEnd.Tests;

/// <summary>What README.md says to paste, pasted into a project outside of the repository and built by the SDK.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("l2t-readme-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_project_builds_as_pasted_and_tells_of_calls_without_rule()
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));
        var readme = File.ReadAllText(Path.Combine(root, "README.md"));
        var sources = Blocks(readme, "csharp");
        var usings = string.Join('\n', sources[0].Split('\n').TakeWhile(line => line.StartsWith("using ", StringComparison.Ordinal)));
        for (var i = 0; i < sources.Count; i++)
            Write($"Block{i}.cs", sources[i].StartsWith("using ", StringComparison.Ordinal) ? sources[i] : Fragment(usings, i, sources[i]));
        // The name of the clone's folder is the reader's.
        Write("Mine.csproj", Assert.Single(Blocks(readme, "xml")).Replace("../L2T.Dsl/", root + "/", StringComparison.Ordinal));
        Write("Odd.cs", """
            using L2T.Dsl;
            using static TorchSharp.torch;

            [Student]
            public sealed partial class Odd
            {
                [Parameter(4)] public partial Tensor Weight { get; }

                public Tensor Forward([Shape("N", 4)] Tensor x) => Weight * x.erfinv();
            }
            """);
        Write(".editorconfig", """
            root = true
            [*.cs]
            dotnet_diagnostic.L2T2002.severity = warning
            """);

        var (status, output) = Build();

        Assert.True(status == 0, output);
        Assert.Contains("Odd.cs(9,67): warning L2T2002", output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "obj", "Generated"), "DigitsExperiment.HyperKernel.g.cs", SearchOption.AllDirectories));
        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "bin"), "libtorch_cpu.so", SearchOption.AllDirectories));
    }

    // What is not a whole file: declarations, statements, or the one behind the other.
    private static string Fragment(string usings, int number, string text)
    {
        var lines = text.Split('\n');
        var first = Array.FindIndex(lines, line => line.StartsWith("var ", StringComparison.Ordinal));
        first = first < 0 ? lines.Length : first;
        return $$"""
            {{usings}}
            {{string.Join('\n', lines[..first])}}
            internal static class Fragment{{number}}
            {
                public static void Run(L2T.Dsl.Data.DataSplit data)
                {
                    {{string.Join('\n', lines[first..])}}
                }
            }
            """;
    }

    private static List<string> Blocks(string text, string language) =>
        [.. Fence().Matches(text).Where(m => m.Groups[1].Value == language).Select(m => m.Groups[2].Value)];

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);

    private (int Status, string Output) Build()
    {
        var start = new ProcessStartInfo("dotnet", ["build", "-c", Configuration, "--disable-build-servers", "-nodeReuse:false", "--nologo", "-tl:off"])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Not those of the build that runs the tests.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) && name != "MSBUILDDISABLENODEREUSE").ToArray())
            start.Environment.Remove(name);
        using var build = Process.Start(start)!;
        var errors = build.StandardError.ReadToEndAsync();
        var output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        return (build.ExitCode, output + errors.Result);
    }

    // The one that the library was just built in: another would be built here.
    private static string Configuration =>
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"^```(\w+)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
