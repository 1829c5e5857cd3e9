using L2T.Experiments.Benchmarks.GeneratorCost;
using L2T.Experiments.Benchmarks.HyperStep;
using Spectre.Console.Cli;

var app = new CommandApp();
app.Configure(config =>
{
    config.SetApplicationName("bench");
    config.AddCommand<HyperStepCommand>("hyperstep")
        .WithDescription("The step of gradient descent of 784-H-10 and its reverse, generated and through autograd.");
    config.AddCommand<GeneratorCommand>("generator")
        .WithDescription("What the generator costs a build and a key press, on the digits experiment.");
});
return app.Run(args);
