using System.Runtime.CompilerServices;
using DiffEngine;

namespace L2T.Dsl.Generators.Tests.Testing;

/// <summary>
/// Compares text with a <c>*.verified.*</c> file, in Verify's conventions: a missing or different file fails the test and
/// leaves a <c>*.received.*</c> beside it. <c>L2T_ACCEPT_SNAPSHOTS=1</c> accepts what is received.
/// </summary>
internal static class Snapshot
{
    /// <summary>Compares with <c>{name}.verified.{extension}</c> in the folder of the calling file, or one below it.</summary>
    public static void Verify(string text, string name, string extension = "txt", [CallerFilePath] string caller = "")
    {
        var start = Path.Combine(Path.GetDirectoryName(caller)!, name);
        string verified = $"{start}.verified.{extension}", received = $"{start}.received.{extension}";
        text = text.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("L2T_ACCEPT_SNAPSHOTS") == "1")
        {
            File.WriteAllText(verified, text);
            File.Delete(received);
            return;
        }

        var expected = File.Exists(verified) ? File.ReadAllText(verified).ReplaceLineEndings("\n") : null;
        if (expected == text)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, text);
        // Shows the difference where a diff tool is at hand and DiffEngine_Disabled is not set.
        DiffRunner.Launch(received, verified);
        Assert.NotNull(expected);
        Assert.Equal(expected, text);
    }
}
