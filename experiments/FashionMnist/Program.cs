using L2T.Dsl.Experiments;
using L2T.Experiments.FashionMnist;

// build.sh says where the data lies; then come the student and the library's commands.
if (args is not ["--data", var folder, "mlp" or "lenet", .. var command])
{
    Console.Error.WriteLine("Name a student and a command: ./build.sh fashion-mnist mlp|lenet COMMAND. 'mlp --help' lists the commands.");
    return ExitCodes.BadInput;
}

using var pictures = new FashionPictures(folder);
const int BatchSize = 64, Steps = 1000, MetricExamples = 1000, StateInterval = 100;
const double TeacherLearningRate = 0.005, TeacherGradientClip = 0.3;
return args[2] == "mlp"
    ? ExperimentCommandLine.Run(command, () => new MlpExperiment
    {
        Pictures = pictures,
        BatchSize = BatchSize,
        Steps = Steps,
        TeacherLearningRate = TeacherLearningRate,
        TeacherGradientClip = TeacherGradientClip,
        MetricExamples = MetricExamples,
        StateInterval = StateInterval,
    })
    : ExperimentCommandLine.Run(command, () => new LeNetExperiment
    {
        Pictures = pictures,
        BatchSize = BatchSize,
        Steps = Steps,
        TeacherLearningRate = TeacherLearningRate,
        TeacherGradientClip = TeacherGradientClip,
        MetricExamples = MetricExamples,
        StateInterval = StateInterval,
    });
