namespace L2T.Dsl.Experiments.Fetching;

/// <summary>A data set that packages of Debian and Ubuntu carry.</summary>
/// <param name="Name">What it is called on the command line; also its folder.</param>
/// <param name="Description">What it is, and under which licence.</param>
/// <param name="Packages">The packages that carry it.</param>
/// <param name="Elsewhere">Where else its files come from.</param>
internal abstract record FetchedSet(string Name, string Description, IReadOnlyList<string> Packages, string Elsewhere)
{
    /// <summary>All sets.</summary>
    public static IReadOnlyList<FetchedSet> All { get; } = [FashionMnist, LibreOfficeHelp];

    /// <summary>Clothing in place of MNIST's digits, in the same format and sizes.</summary>
    public static FetchedSet FashionMnist => new FileSet(
        "fashion-mnist",
        "Fashion-MNIST: 60,000 + 10,000 pictures of clothing, 28x28 (MIT licence, Zalando SE)",
        ["dataset-fashion-mnist"],
        "They are at https://github.com/zalandoresearch/fashion-mnist.",
        "usr/share/datasets/fashion-mnist",
        [
            new("train-images-idx3-ubyte.gz", "b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7"),
            new("train-labels-idx1-ubyte.gz", "0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056"),
            new("t10k-images-idx3-ubyte.gz", "cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa"),
            new("t10k-labels-idx1-ubyte.gz", "8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05"),
        ]);

    /// <summary>The help of LibreOffice in German and English, page by page. Security updates change it: no checksums.</summary>
    public static FetchedSet LibreOfficeHelp => new TreeSet(
        "libreoffice-help",
        "LibreOffice's help, German and English (MPL-2.0, some parts Apache-2.0)",
        ["libreoffice-help-de", "libreoffice-help-en-us"],
        "An installed LibreOffice with its offline help has them, under help/de/text and help/en-US/text.",
        "usr/share/libreoffice/help",
        ["de/text", "en-US/text"]);

    /// <summary>What the set's folder must hold.</summary>
    public abstract IReadOnlyList<string> Contents { get; }

    /// <summary>Says what is missing or wrong in the set's folder; null where all is there.</summary>
    public abstract string? Fault(string folder);

    /// <summary>Moves what belongs to the set from unpacked packages to a folder.</summary>
    /// <param name="unpacked">What the packages hold.</param>
    /// <param name="folder">Where to; it is empty.</param>
    /// <exception cref="L2TException">The packages do not hold it.</exception>
    public abstract void Take(string unpacked, string folder);
}
