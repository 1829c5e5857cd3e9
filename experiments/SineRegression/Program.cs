using L2T.Dsl;
using L2T.Experiments.SineRegression;
using Spectre.Console.Cli;

using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    // The first Ctrl-C ends the run at the next step; a second one ends the process.
    press.Cancel = !interrupt.IsCancellationRequested;
    interrupt.Cancel();
};

var app = new CommandApp<SineCommand>()
    .WithDescription("Teaches a loss that is a network of output and target, on random sines (ML3), and fits other sines with it.");
app.Configure(config =>
{
    config.SetApplicationName("sine-regression");
    config.UseStrictParsing();
    config.PropagateExceptions();
});
try
{
    return app.Run(args, interrupt.Token);
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
catch (Exception e) when (e is L2TException or CommandAppException)
{
    // What the parser makes of a last option that lacks its value.
    Console.Error.WriteLine(e.Message.Contains("__default_command", StringComparison.Ordinal) ? $"{args[^1]} needs a value. See --help." : e.Message);
    return 2;
}
