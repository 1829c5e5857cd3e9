using L2T.Dsl;
using L2T.Dsl.Data;
using L2T.Dsl.Experiments;
using L2T.Experiments.FashionMnist;

const int HeldOut = 1_000;

// build.sh says where the data lies; then come the student, perhaps the size of a subset, and the library's commands.
var (trainCount, devCount) = (55_000, 4_000);
if (args is not ["--data", var folder, "mlp" or "lenet", .. var command] || !TakeSize(ref command))
{
    Console.Error.WriteLine("Name a student and a command: ./build.sh fashion-mnist mlp|lenet [--examples TRAIN,DEV] COMMAND. 'mlp --help' lists the commands.");
    return ExitCodes.BadInput;
}

try
{
    using var images = IdxReader.Load(At("train-images-idx3-ubyte.gz"), At("train-labels-idx1-ubyte.gz"));
    using var test = IdxReader.Load(At("t10k-images-idx3-ubyte.gz"), At("t10k-labels-idx1-ubyte.gz"));
    var data = DataSplit.Shuffled(images, test, trainCount, devCount, seed: 1, HeldOut);
    using var train = data.Train;
    using var dev = data.Dev;
    using var heldOut = data.HeldOut;
    return args[2] == "mlp"
        ? ExperimentCommandLine.Run(command, () => new MlpExperiment
        {
            Data = data,
            BatchSize = 64,
            Steps = 1000,
            TeacherLearningRate = 0.005,
            TeacherGradientClip = 0.3,
            MetricExamples = 1000,
            StateInterval = 100,
        })
        : ExperimentCommandLine.Run(command, () => new LeNetExperiment
        {
            Data = data,
            BatchSize = 64,
            Steps = 1000,
            TeacherLearningRate = 0.005,
            TeacherGradientClip = 0.3,
            MetricExamples = 1000,
            StateInterval = 100,
        });
}
catch (L2TException e)
{
    Console.Error.WriteLine(e.Message);
    return ExitCodes.BadInput;
}

bool TakeSize(ref string[] command)
{
    if (command is not ["--examples", ..])
        return true;
    if (command is not [_, var size, .. var rest] || size.Split(',') is not [var first, var second])
        return false;
    command = rest;
    return int.TryParse(first, out trainCount) && int.TryParse(second, out devCount);
}

string At(string file) => File.Exists(Path.Combine(folder, file))
    ? Path.Combine(folder, file)
    : throw new L2TException($"{Path.Combine(folder, file)} is missing. Get it with './build.sh fetch fashion-mnist'.");
