using L2T.Experiments.Benchmarks.Conv;
using L2T.Experiments.Benchmarks.GeneratorCost;
using L2T.Experiments.Benchmarks.HyperStep;
using L2T.Experiments.Benchmarks.Kills;
using L2T.Experiments.Benchmarks.Logging;
using L2T.Experiments.Benchmarks.Sequence;
using L2T.Experiments.Benchmarks.Trajectory;
using Spectre.Console.Cli;

var app = new CommandApp();
app.Configure(config =>
{
    config.SetApplicationName("bench");
    config.AddCommand<HyperStepCommand>("hyperstep")
        .WithDescription("The step of gradient descent of 784-H-10 and its reverse, generated and through autograd.");
    config.AddCommand<ConvCommand>("conv")
        .WithDescription("The same of LeNet, 64 pictures a batch, and of ResNet-8 and ResNet-20, 32 a batch.");
    config.AddCommand<ConvTrainingCommand>("conv-training")
        .WithDescription("A whole training of ResNet-20 and the sweep back through it: time and the most memory, which must be at most 4 GB.");
    config.AddCommand<SequenceCommand>("sequence")
        .WithDescription("The same of translators, an LSTM and a Transformer of 3 layers, 32 sentences of up to 25 words a batch.");
    config.AddCommand<TrajectoryCommand>("trajectory")
        .WithDescription("Time and memory of a whole training of 784-500-10 and the sweep back, under each policy of its trajectory.");
    config.AddCommand<KillsCommand>("kills")
        .WithDescription("Kills processes that teach and train, starts them again, and compares what they end with.");
    config.AddCommand<KillsWorkerCommand>("kills-worker").IsHidden();
    config.AddCommand<LoggingCommand>("logging")
        .WithDescription("What the log of a teaching costs it, and its report.");
    config.AddCommand<GeneratorCommand>("generator")
        .WithDescription("What the generator costs a build and a key press, on the digits experiment.");
});
return app.Run(args);
