namespace L2T.Dsl.Experiments.Fetching;

/// <summary>Whole folders, whose content changes with the version of the package.</summary>
/// <param name="Name">See <see cref="FetchedSet"/>.</param>
/// <param name="Description">See <see cref="FetchedSet"/>.</param>
/// <param name="Packages">See <see cref="FetchedSet"/>.</param>
/// <param name="Elsewhere">See <see cref="FetchedSet"/>.</param>
/// <param name="Folder">Where the packages have the folders.</param>
/// <param name="Trees">The folders.</param>
internal sealed record TreeSet(
    string Name, string Description, IReadOnlyList<string> Packages, string Elsewhere, string Folder, IReadOnlyList<string> Trees)
    : FetchedSet(Name, Description, Packages, Elsewhere)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Contents => Trees;

    /// <inheritdoc/>
    public override string? Fault(string folder)
    {
        foreach (var tree in Trees)
        {
            var path = Path.Combine(folder, tree);
            if (!Directory.Exists(path) || !Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Any())
                return $"There are no files under {path}.";
        }
        return null;
    }

    /// <inheritdoc/>
    public override void Take(string unpacked, string folder)
    {
        foreach (var tree in Trees)
        {
            var path = Path.Combine(unpacked, Folder, tree);
            if (!Directory.Exists(path))
                throw new L2TException($"{string.Join(" and ", Packages)} of this system have no {Path.Combine(Folder, tree)}.");
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, tree))!);
            Directory.Move(path, Path.Combine(folder, tree));
        }
    }
}
