using System.Security.Cryptography;

namespace L2T.Dsl.Experiments.Fetching;

/// <summary>Single files with known content.</summary>
/// <param name="Name">See <see cref="FetchedSet"/>.</param>
/// <param name="Description">See <see cref="FetchedSet"/>.</param>
/// <param name="Packages">See <see cref="FetchedSet"/>.</param>
/// <param name="Elsewhere">See <see cref="FetchedSet"/>.</param>
/// <param name="Folder">Where the packages have the files.</param>
/// <param name="Files">The files.</param>
internal sealed record FileSet(
    string Name, string Description, IReadOnlyList<string> Packages, string Elsewhere, string Folder, IReadOnlyList<FetchedFile> Files)
    : FetchedSet(Name, Description, Packages, Elsewhere)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Contents => [.. Files.Select(file => file.Name)];

    /// <inheritdoc/>
    public override string? Fault(string folder)
    {
        foreach (var file in Files)
        {
            var path = Path.Combine(folder, file.Name);
            if (!File.Exists(path))
                return $"There is no file {path}.";
            using var content = File.OpenRead(path);
            var digest = Convert.ToHexStringLower(SHA256.HashData(content));
            if (digest != file.Sha256)
                return $"{path} is not the file that it should be: its SHA-256 is {digest}, not {file.Sha256}.";
        }
        return null;
    }

    /// <inheritdoc/>
    public override void Take(string unpacked, string folder)
    {
        foreach (var file in Files)
        {
            var path = Path.Combine(unpacked, Folder, file.Name);
            if (!File.Exists(path))
                throw new L2TException($"{string.Join(" and ", Packages)} of this system have no {Path.Combine(Folder, file.Name)}.");
            File.Move(path, Path.Combine(folder, file.Name));
        }
    }
}
