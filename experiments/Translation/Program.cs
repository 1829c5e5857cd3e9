using L2T.Dsl;
using L2T.Experiments.Translation;
using Spectre.Console.Cli;

using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    // The first Ctrl-C ends the run at the next step; a second one ends the process.
    press.Cancel = !interrupt.IsCancellationRequested;
    interrupt.Cancel();
};

var app = new CommandApp<TranslationCommand>()
    .WithDescription("Teaches translators, from German to English, under fixed losses and a taught one, and scores them by BLEU.");
app.Configure(config =>
{
    config.SetApplicationName("translation");
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
