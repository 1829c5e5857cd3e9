namespace L2T.Dsl.Experiments.Fetching;

/// <summary>The packages of an operating system.</summary>
internal interface IPackages
{
    /// <summary>Downloads packages and unpacks them into a folder, installing nothing.</summary>
    /// <param name="packages">Their names.</param>
    /// <param name="folder">Where their files go; it exists and is empty.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="L2TException">The system has no such packages or cannot be reached; the message says what to do.</exception>
    void Unpack(IReadOnlyList<string> packages, string folder, CancellationToken cancellation);
}
