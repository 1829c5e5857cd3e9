namespace L2T.Dsl.Translation.Corpora;

/// <summary>The parallel text of <see cref="LibreOfficeHelp"/>.</summary>
/// <param name="Split">Its parts.</param>
/// <param name="Counts">What was read and left out.</param>
public sealed record HelpText(ParallelSplit Split, HelpCounts Counts);
