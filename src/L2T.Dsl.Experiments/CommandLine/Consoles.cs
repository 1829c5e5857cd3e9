using Spectre.Console;

namespace L2T.Dsl.Experiments.CommandLine;

/// <summary>Consoles for tables.</summary>
internal static class Consoles
{
    private const int TableWidth = 120;

    /// <summary>A console that writes to <paramref name="writer"/>, wide enough for a table.</summary>
    public static IAnsiConsole Over(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = Math.Max(console.Profile.Width, TableWidth);
        return console;
    }
}
