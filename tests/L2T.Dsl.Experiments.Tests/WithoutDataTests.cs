using System.Reflection;
using L2T.Experiments.Cifar;
using L2T.Experiments.FashionMnist;

namespace L2T.Dsl.Experiments.Tests;

/// <summary>Who asks what there is need not have fetched the data yet; who wants to run something is told how to get them.</summary>
public sealed class WithoutDataTests
{
    private const string NoFolder = "/there/is/no/data";

    public static TheoryData<string, string, string> Programs => new()
    {
        { "FashionMnist", "mlp", "./build.sh fetch fashion-mnist" },
        { "FashionMnist", "lenet", "./build.sh fetch fashion-mnist" },
        { "Cifar", "resnet-20", "kriz/cifar.html" },
        { "Cifar", "wrn-40-10", "kriz/cifar.html" },
        { "Cifar", "densenet-100-12", "kriz/cifar.html" },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public void Help_is_given(string program, string student, string remedy)
    {
        foreach (var (command, expected) in ((string[], string)[])[(["--help"], "compare"), (["teach", "--help"], "--optimizer.momentum"), (["compare", "--help"], "LabelSmoothing")])
        {
            var (code, output, errors) = Run(program, student, command);

            Assert.True(code == ExitCodes.Success, errors);
            Assert.Contains(expected, output);
            Assert.DoesNotContain(remedy, output + errors);
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void An_unknown_command_or_option_gets_the_nearest_one(string program, string student, string remedy)
    {
        foreach (var (command, expected) in ((string[], string)[])[(["taech"], "teach"), (["train", "--stpes", "3"], "--steps")])
        {
            var (code, _, errors) = Run(program, student, command);

            Assert.Equal(ExitCodes.BadInput, code);
            Assert.Contains(expected, errors);
            Assert.DoesNotContain(remedy, errors);
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_command_that_needs_data_says_how_to_get_them(string program, string student, string remedy)
    {
        var (code, _, errors) = Run(program, student, ["summary"]);

        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains(NoFolder, errors);
        Assert.Contains(remedy, errors);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    private static (int Code, string Output, string Errors) Run(string program, string student, string[] command) =>
        ExperimentProgram.Run(Program(program), ["--data", NoFolder, student, .. command]);

    private static Assembly Program(string name) => (name == "Cifar" ? typeof(ResNetExperiment) : typeof(MlpExperiment)).Assembly;
}
