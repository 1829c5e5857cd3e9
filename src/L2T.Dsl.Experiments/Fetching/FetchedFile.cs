namespace L2T.Dsl.Experiments.Fetching;

/// <summary>A file of a set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sha256">The SHA-256 of its content, in lower-case hexadecimal digits.</param>
internal sealed record FetchedFile(string Name, string Sha256);
