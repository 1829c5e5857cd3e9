using L2T.Dsl;
using L2T.Experiments.Digits;
using Spectre.Console.Cli;

// Before anything listens to Ctrl-C.
if (args is ["experiment", .. var rest])
    return DigitsCommandLine.Run(rest);

using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    // The first Ctrl-C ends the demo at the next step; a second one ends the process.
    press.Cancel = !interrupt.IsCancellationRequested;
    interrupt.Cancel();
};

var app = new CommandApp<DemoCommand>()
    .WithDescription("Teaches a loss on small pictures and compares it with fixed losses on a test set.");
app.Configure(config =>
{
    config.SetApplicationName("demo");
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
    return ExitCodes.Interrupted;
}
catch (Exception e) when (e is L2TException or CommandAppException)
{
    // What the parser makes of a last option that lacks its value.
    Console.Error.WriteLine(e.Message.Contains("__default_command", StringComparison.Ordinal) ? $"{args[^1]} needs a value. See --help." : e.Message);
    return ExitCodes.BadInput;
}
