using L2T.Dsl;
using L2T.Dsl.Data;
using L2T.Dsl.Experiments;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Students;
using L2T.Experiments.Cifar;

const int Dev = 5_000;

// build.sh says where the data lies; then come the student and the library's commands.
if (args is not ["--data", var folder, var name, .. var command] || !Networks.Contains(name))
{
    Console.Error.WriteLine($"Name a student and a command: ./build.sh cifar {string.Join('|', Networks)} COMMAND. 'resnet-20 --help' lists the commands.");
    return ExitCodes.BadInput;
}

try
{
    using var images = CifarReader.LoadCifar10([.. Enumerable.Range(1, 5).Select(i => At($"data_batch_{i}.bin"))]);
    using var test = CifarReader.LoadCifar10(At("test_batch.bin"));
    var data = DataSplit.Shuffled(images, test, images.Count - Math.Min(Dev, images.Count / 10), Math.Min(Dev, images.Count / 10), seed: 1);
    using var train = data.Train;
    using var dev = data.Dev;

    // He et al. (2016), section 4.2: momentum 0.9, decay 1e-4, batches of 128, padding by 4 and mirroring.
    var optimizer = new SgdOptions { Momentum = 0.9, WeightDecay = 1e-4 };
    var augmentation = new CropAndFlip();
    return name switch
    {
        "wrn-40-10" => ExperimentCommandLine.Run(command, () => new WideResNetExperiment
        {
            Student = new WideResNet(),
            Data = data,
            BatchSize = 128,
            Optimizer = optimizer with { Nesterov = true, WeightDecay = 5e-4 },
            Augmentation = augmentation,
        }),
        // Huang et al. (2017), section 4.2: batches of 64, Nesterov's momentum, decay 1e-4.
        "densenet-100-12" or "densenet-190-40" => ExperimentCommandLine.Run(command, () => new DenseNetExperiment
        {
            Student = name == "densenet-100-12" ? new DenseNet(layers: 16, growth: 12) : new DenseNet(layers: 31, growth: 40),
            Data = data,
            BatchSize = 64,
            Optimizer = optimizer with { Nesterov = true },
            Augmentation = augmentation,
        }),
        _ => ExperimentCommandLine.Run(command, () => new ResNetExperiment
        {
            Student = new ResNet(name switch { "resnet-8" => 1, "resnet-20" => 3, _ => 5 }),
            Data = data,
            BatchSize = 128,
            Optimizer = optimizer,
            Augmentation = augmentation,
        }),
    };
}
catch (L2TException e)
{
    Console.Error.WriteLine(e.Message);
    return ExitCodes.BadInput;
}

string At(string file) => File.Exists(Path.Combine(folder, file))
    ? Path.Combine(folder, file)
    : throw new L2TException($"{Path.Combine(folder, file)} is missing. Put the files of CIFAR-10's binary version (https://www.cs.toronto.edu/~kriz/cifar.html) into {folder}.");

internal static partial class Program
{
    private static readonly string[] Networks = ["resnet-8", "resnet-20", "resnet-32", "wrn-40-10", "densenet-100-12", "densenet-190-40"];
}
