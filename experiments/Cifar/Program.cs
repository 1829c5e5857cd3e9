using L2T.Dsl.Data;
using L2T.Dsl.Experiments;
using L2T.Dsl.Optimizers;
using L2T.Dsl.Students;
using L2T.Experiments.Cifar;

// build.sh says where the data lies; then come the student and the library's commands.
if (args is not ["--data", var folder, var name, .. var command] || !Networks.Contains(name))
{
    Console.Error.WriteLine($"Name a student and a command: ./build.sh cifar {string.Join('|', Networks)} COMMAND. 'resnet-20 --help' lists the commands.");
    return ExitCodes.BadInput;
}

using var pictures = new CifarPictures(folder);

// He et al. (2016), section 4.2: momentum 0.9, decay 1e-4, batches of 128, padding by 4 and mirroring.
var optimizer = new SgdOptions { Momentum = 0.9, WeightDecay = 1e-4 };
var augmentation = new CropAndFlip();
return name switch
{
    "wrn-40-10" => ExperimentCommandLine.Run(command, () => new WideResNetExperiment
    {
        Student = new WideResNet(),
        Pictures = pictures,
        BatchSize = 128,
        Optimizer = optimizer with { Nesterov = true, WeightDecay = 5e-4 },
        Augmentation = augmentation,
    }),
    // Huang et al. (2017), section 4.2: batches of 64, Nesterov's momentum, decay 1e-4.
    "densenet-100-12" or "densenet-190-40" => ExperimentCommandLine.Run(command, () => new DenseNetExperiment
    {
        Student = name == "densenet-100-12" ? new DenseNet(layers: 16, growth: 12) : new DenseNet(layers: 31, growth: 40),
        Pictures = pictures,
        BatchSize = 64,
        Optimizer = optimizer with { Nesterov = true },
        Augmentation = augmentation,
    }),
    _ => ExperimentCommandLine.Run(command, () => new ResNetExperiment
    {
        Student = new ResNet(name switch { "resnet-8" => 1, "resnet-20" => 3, _ => 5 }),
        Pictures = pictures,
        BatchSize = 128,
        Optimizer = optimizer,
        Augmentation = augmentation,
    }),
};

internal static partial class Program
{
    private static readonly string[] Networks = ["resnet-8", "resnet-20", "resnet-32", "wrn-40-10", "densenet-100-12", "densenet-190-40"];
}
