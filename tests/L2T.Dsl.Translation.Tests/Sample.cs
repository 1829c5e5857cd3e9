using L2T.Dsl.Translation.Corpora;

namespace L2T.Dsl.Translation.Tests;

/// <summary>300 pairs of LibreOffice's help (Sample/NOTICE.txt).</summary>
internal static class Sample
{
    public static ParallelSplit Split { get; } = ParallelSplit.Load(Path.Combine(AppContext.BaseDirectory, "Sample"));
}
