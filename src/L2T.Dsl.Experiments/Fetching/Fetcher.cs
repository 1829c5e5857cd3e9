namespace L2T.Dsl.Experiments.Fetching;

/// <summary>Gets sets from packages. A set's folder appears whole and checked, or not at all.</summary>
/// <param name="packages">Where the sets come from.</param>
/// <param name="data">The folder of all sets.</param>
/// <param name="output">What is done, line by line.</param>
internal sealed class Fetcher(IPackages packages, string data, TextWriter output)
{
    /// <summary>Puts <paramref name="set"/> into a folder of its name.</summary>
    /// <exception cref="L2TException">It cannot be had; the message says which files to put where.</exception>
    public void Fetch(FetchedSet set, CancellationToken cancellation)
    {
        var folder = Path.GetFullPath(Path.Combine(data, set.Name));
        var fault = set.Fault(folder);
        if (fault is null)
        {
            output.WriteLine($"{folder} is complete already.");
            return;
        }
        if (Directory.Exists(folder))
            throw new L2TException($"{fault} Delete {folder} and fetch it again.");

        output.WriteLine($"{set.Description}, from {string.Join(" and ", set.Packages)} ...");
        // Beside the folder: a move is a rename only within a file system.
        var work = Path.Combine(Path.GetFullPath(data), $".fetch-{Guid.NewGuid():N}");
        try
        {
            var unpacked = Directory.CreateDirectory(Path.Combine(work, "unpacked")).FullName;
            var taken = Directory.CreateDirectory(Path.Combine(work, set.Name)).FullName;
            packages.Unpack(set.Packages, unpacked, cancellation);
            set.Take(unpacked, taken);
            if (set.Fault(taken) is { } wrong)
                throw new L2TException(wrong);
            Directory.Move(taken, folder);
        }
        catch (Exception e) when (e is L2TException or IOException or UnauthorizedAccessException)
        {
            throw new L2TException($"{set.Name} cannot be fetched: {e.Message} To do without, put {string.Join(", ", set.Contents)} into {folder}. "
                + set.Elsewhere, e);
        }
        finally
        {
            if (Directory.Exists(work))
                Directory.Delete(work, recursive: true);
        }
        output.WriteLine($"{folder}: {string.Join(", ", set.Contents)}");
    }
}
