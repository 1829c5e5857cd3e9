using L2T.Dsl.Experiments.Fetching;
using L2T.Dsl.Tests.Support;

namespace L2T.Dsl.Experiments.Tests;

/// <summary>Packages are made up here: no network is touched.</summary>
public sealed class FetchTests : IDisposable
{
    private const string German = "usr/share/libreoffice/help/de/text/swriter/main.html";
    private const string English = "usr/share/libreoffice/help/en-US/text/swriter/main.html";
    private const string TrainImages = "usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folders_of_packages_become_those_of_the_set()
    {
        var packages = new MadePackages(German, English);

        var (code, output, _) = Fetch(packages, "libreoffice-help");

        Assert.Equal(ExitCodes.Success, code);
        Assert.Equal(["libreoffice-help-de", "libreoffice-help-en-us"], packages.Asked);
        Assert.Equal(German, File.ReadAllText(_folder["data/libreoffice-help/de/text/swriter/main.html"]));
        Assert.Equal(English, File.ReadAllText(_folder["data/libreoffice-help/en-US/text/swriter/main.html"]));
        Assert.Equal(["libreoffice-help"], Directory.GetFileSystemEntries(_folder["data"]).Select(Path.GetFileName));
        Assert.Contains("MPL-2.0", output);
    }

    [Fact]
    public void What_is_there_is_not_fetched_again()
    {
        Fetch(new MadePackages(German, English), "libreoffice-help");
        var packages = new MadePackages();

        Assert.Equal(ExitCodes.Success, Fetch(packages, "libreoffice-help").Code);

        Assert.Empty(packages.Asked);
    }

    [Fact]
    public void A_file_with_another_checksum_is_refused_and_nothing_is_left_behind()
    {
        var (code, _, errors) = Fetch(new MadePackages(
            TrainImages,
            TrainImages.Replace("images-idx3", "labels-idx1"),
            TrainImages.Replace("train", "t10k"),
            TrainImages.Replace("train-images-idx3", "t10k-labels-idx1")), "fashion-mnist");

        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains("SHA-256", errors);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["data"]));
    }

    [Fact]
    public void A_system_without_the_package_gets_told_which_files_to_put_where()
    {
        var (code, _, errors) = Fetch(new MadePackages { Fault = "no apt-get here." }, "fashion-mnist");

        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains("no apt-get here.", errors);
        Assert.Contains("train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz", errors);
        Assert.Contains(Path.GetFullPath(_folder["data/fashion-mnist"]), errors);
    }

    [Fact]
    public void Packages_that_lack_a_file_are_named()
    {
        var (code, _, errors) = Fetch(new MadePackages(German), "libreoffice-help");

        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains("libreoffice-help-de and libreoffice-help-en-us of this system have no usr/share/libreoffice/help/en-US/text", errors);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["data"]));
    }

    [Fact]
    public void A_folder_that_is_not_whole_is_not_overwritten()
    {
        Directory.CreateDirectory(_folder["data/fashion-mnist"]);
        var packages = new MadePackages(TrainImages);

        var (code, _, errors) = Fetch(packages, "fashion-mnist");

        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains("Delete", errors);
        Assert.Empty(packages.Asked);
    }

    [Fact]
    public void An_unknown_name_gets_the_nearest_and_nothing_is_fetched()
    {
        var packages = new MadePackages(German, English);

        var (code, _, errors) = Fetch(packages, "libreoffice-help", "fashion-mist");

        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains("Did you mean 'fashion-mnist'?", errors);
        Assert.Empty(packages.Asked);
    }

    [Fact]
    public void A_stopped_fetch_leaves_nothing_behind()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        var (code, _, _) = Fetch(new MadePackages(German, English), stopped.Token, "libreoffice-help");

        Assert.Equal(ExitCodes.Interrupted, code);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["data"]));
    }

    private (int Code, string Output, string Errors) Fetch(IPackages packages, params string[] names) => Fetch(packages, CancellationToken.None, names);

    private (int Code, string Output, string Errors) Fetch(IPackages packages, CancellationToken cancellation, params string[] names)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = FetchCommandLine.Run([.. names, "--data", _folder["data"]], packages, output, errors, cancellation);
        return (code, output.ToString(), errors.ToString());
    }

    // Each file holds its own path.
    private sealed class MadePackages(params string[] files) : IPackages
    {
        public List<string> Asked { get; } = [];

        public string? Fault { get; init; }

        public void Unpack(IReadOnlyList<string> packages, string folder, CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Fault is not null)
                throw new L2TException(Fault);
            Asked.AddRange(packages);
            foreach (var file in files)
            {
                var path = Path.Combine(folder, file);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, file);
            }
        }
    }
}
