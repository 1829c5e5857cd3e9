namespace L2T.Dsl.Experiments.Tests;

/// <summary>A test that opens a page in headless Chromium; skipped, and said so, where none is installed.</summary>
public sealed class ChromiumFactAttribute : FactAttribute
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

    public ChromiumFactAttribute()
    {
        if (Executable is null)
            Skip = $"No Chromium is installed: none of {string.Join(", ", Names)} is on the PATH, and L2T_CHROMIUM names none.";
    }

    /// <summary>The browser, <c>L2T_CHROMIUM</c> or the first of the usual names on the path; null where there is none.</summary>
    public static string? Executable { get; } = Environment.GetEnvironmentVariable("L2T_CHROMIUM") ?? Names
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);
}
