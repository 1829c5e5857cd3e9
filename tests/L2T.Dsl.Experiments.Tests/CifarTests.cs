using L2T.Dsl.Tests.Support;
using L2T.Experiments.Cifar;

namespace L2T.Dsl.Experiments.Tests;

/// <summary>The experiment on CIFAR-10 from its program's arguments on, on small files of the same format: pictures of noise, a shade for each class.</summary>
public sealed class CifarTests : IDisposable
{
    private const int Pixels = 3 * 32 * 32;
    private const int PicturesInAFile = 30;

    private readonly TemporaryFolder _folder = new();

    public CifarTests()
    {
        foreach (var file in (string[])["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"])
            File.WriteAllBytes(_folder[file + ".bin"], Pictures(seed: file.Length + file[^1]));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_teacher_is_taught_a_student_trained_under_it_and_reported_on()
    {
        var (code, output, errors) = Run("resnet-8", $"teach --steps 4 --batch-size 4 --episodes 2 --quiet --runs {_folder["runs"]}");

        Assert.True(code == ExitCodes.Success, errors);
        var run = Assert.Single(Directory.GetDirectories(_folder["runs"]));
        Assert.Contains("report: ", output);
        foreach (var file in (string[])["teacher.l2t", "student.l2t", "report.html", "episodes.csv"])
            Assert.True(File.Exists(Path.Combine(run, file)), file);
        Assert.Equal(1 + 2, File.ReadAllLines(Path.Combine(run, "episodes.csv")).Length);
    }

    [Theory]
    [InlineData("resnet-8")]
    [InlineData("resnet-20")]
    [InlineData("resnet-32")]
    [InlineData("densenet-100-12")]
    public void A_student_is_trained_and_evaluated(string network)
    {
        var (code, _, errors) = Run(network, $"train --loss CrossEntropy --steps 3 --batch-size 4 --runs {_folder["runs"]}");
        Assert.True(code == ExitCodes.Success, errors);
        var run = Assert.Single(Directory.GetDirectories(_folder["runs"]));

        var (again, output, faults) = Run(network, $"evaluate --student {Path.Combine(run, "student.l2t")} --on test");

        Assert.True(again == ExitCodes.Success, faults);
        Assert.Contains($"of {PicturesInAFile} test examples", output);
    }

    [Theory]
    [InlineData("missing", "data_batch_3.bin is missing")]
    [InlineData("truncated", "It is truncated or another file")]
    [InlineData("corrupt", "is a corrupt gzip file")]
    [InlineData("label", "data_batch_3.bin: label 10 of example 0")]
    public void Bad_files_are_one_line_and_code_2(string fault, string expected)
    {
        var path = _folder["data_batch_3.bin"];
        var content = File.ReadAllBytes(path);
        content[0] = fault == "label" ? (byte)10 : content[0];
        if (fault == "missing")
            File.Delete(path);
        else
            File.WriteAllBytes(path, fault switch { "truncated" => content[..^1], "corrupt" => [0x1F, 0x8B, 8, .. content], _ => content });

        var (code, _, errors) = Run("resnet-8", "summary");

        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains(expected, errors);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_network_that_there_is_not_gets_those_that_there_are()
    {
        var (code, _, errors) = Run("resnet-21", "summary");

        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains("resnet-20", errors);
    }

    private (int Code, string Output, string Errors) Run(string network, string command) =>
        ExperimentProgram.Run(typeof(ResNetExperiment).Assembly, ["--data", Path.GetDirectoryName(_folder["x"])!, network, .. command.Split(' ')]);

    private static byte[] Pictures(int seed)
    {
        var random = new Random(seed);
        var content = new byte[PicturesInAFile * (1 + Pixels)];
        random.NextBytes(content);
        for (var i = 0; i < PicturesInAFile; i++)
        {
            var picture = content.AsSpan(i * (1 + Pixels), 1 + Pixels);
            picture[0] = (byte)(i % 10);
            for (var pixel = 1; pixel <= Pixels; pixel++)
                picture[pixel] = (byte)((picture[pixel] / 2) + (12 * picture[0]));
        }
        return content;
    }
}
