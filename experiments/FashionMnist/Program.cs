using L2T.Dsl.Experiments;
using L2T.Dsl.Training;
using L2T.Experiments.FashionMnist;

// build.sh says where the data lies; then come the student and the library's commands.
if (args is not ["--data", var folder, "mlp" or "lenet", .. var command])
{
    Console.Error.WriteLine("Name a student and a command: ./build.sh fashion-mnist mlp|lenet COMMAND. 'mlp --help' lists the commands.");
    return ExitCodes.BadInput;
}

using var pictures = new FashionPictures(folder);
return args[2] == "mlp" ? Run<MlpExperiment>() : Run<LeNetExperiment>();

int Run<TExperiment>() where TExperiment : LossTeacherExperiment, IFashionExperiment, new() =>
    ExperimentCommandLine.Run(command, () => new TExperiment
    {
        Pictures = pictures,
        BatchSize = 64,
        Steps = 1000,
        TeacherLearningRate = 0.005,
        TeacherGradientClip = 0.3,
        MetricExamples = 1000,
        StateInterval = 100,
    });
