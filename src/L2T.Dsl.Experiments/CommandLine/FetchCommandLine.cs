using System.CommandLine;
using L2T.Dsl.Experiments.Fetching;
using L2T.Dsl.Experiments.Settings;

namespace L2T.Dsl.Experiments;

/// <summary>A command line that gets data sets from the packages of Debian and Ubuntu, and elsewhere says which files to put where.</summary>
public static class FetchCommandLine
{
    /// <summary>Runs the command that <paramref name="args"/> say: the names of sets, and <c>--data</c> for the folder of all data.</summary>
    /// <param name="args">The program's arguments.</param>
    /// <returns>What the process should end with; see <see cref="ExitCodes"/>.</returns>
    public static int Run(string[] args)
    {
        using var signals = new StopSignals();
        return Run(args, new DebianPackages(), Console.Out, Console.Error, signals.Token);
    }

    internal static int Run(string[] args, IPackages packages, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        var sets = FetchedSet.All.ToDictionary(set => set.Name);
        var names = new Argument<string[]>("name") { Description = $"What to fetch: {string.Join(", ", sets.Keys)}.", Arity = ArgumentArity.OneOrMore };
        var data = new Option<string>("--data") { Description = "The folder of all data.", HelpName = "folder", DefaultValueFactory = _ => "data" };
        var command = new RootCommand("Gets data sets from packages of Debian and Ubuntu; nothing is installed.") { names, data };
        command.SetAction(parsed =>
        {
            var chosen = parsed.GetValue(names)!.Select(name => Find(sets, name)).ToList();
            var fetcher = new Fetcher(packages, parsed.GetValue(data)!, output);
            foreach (var set in chosen)
                fetcher.Fetch(set, cancellation);
            return ExitCodes.Success;
        });
        return ExitCodes.Of(
            () =>
            {
                var parsed = command.Parse(args);
                return parsed.Errors.Count > 0
                    ? throw new L2TException($"{parsed.Errors[0].Message} See --help.")
                    : parsed.Invoke(new InvocationConfiguration { Output = output, Error = errors, EnableDefaultExceptionHandler = false });
            },
            errors,
            cancellation);
    }

    private static FetchedSet Find(Dictionary<string, FetchedSet> sets, string name) =>
        sets.TryGetValue(name, out var set)
            ? set
            : throw new L2TException($"There is no data set '{name}'.{Names.Suggestion(name, sets.Keys)} There are {string.Join(" and ", sets.Keys)}.");
}
