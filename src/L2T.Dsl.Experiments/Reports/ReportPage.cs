using System.Reflection;
using System.Text.Json;

namespace L2T.Dsl.Experiments.Reports;

/// <summary>A page: the template with the JSON that it draws.</summary>
internal static class ReportPage
{
    /// <summary>How figures are written.</summary>
    public static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The page of <paramref name="data"/>, a <see cref="ReportData"/> or a <see cref="RunsData"/>.</summary>
    public static string Of<T>(T data)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("report.html")!);
        // The serializer writes no '<', which would end the script.
        return reader.ReadToEnd().Replace("/*DATA*/null", JsonSerializer.Serialize(data, Json), StringComparison.Ordinal);
    }
}
