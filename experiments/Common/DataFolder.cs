using L2T.Dsl;

namespace L2T.Experiments.Common;

/// <summary>A folder of data files that are not part of the repository.</summary>
/// <param name="path">Where it is.</param>
/// <param name="remedy">A sentence that says how the files get there.</param>
public sealed class DataFolder(string path, string remedy)
{
    /// <summary>The path of a file.</summary>
    /// <exception cref="L2TException">It is missing.</exception>
    public string this[string file] => Path.Combine(path, file) is var full && File.Exists(full)
        ? full
        : throw new L2TException($"{full} is missing. {remedy}");
}
