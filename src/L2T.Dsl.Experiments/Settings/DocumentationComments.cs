using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.Settings;

/// <summary>The documentation of properties, from the XML file that the compiler writes beside an assembly.</summary>
internal static partial class DocumentationComments
{
    private static readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> Files = new();

    /// <summary>The summary of a property in plain text; empty where there is none to be read.</summary>
    public static string SummaryOf(PropertyInfo property)
    {
        // An override says what it changes; what the setting is, its base says.
        var declared = property.GetMethod!.GetBaseDefinition().DeclaringType!;
        return new[] { declared, property.DeclaringType! }
            .Select(type => Read(type.Assembly).GetValueOrDefault($"P:{type.FullName!.Replace('+', '.')}.{property.Name}"))
            .FirstOrDefault(text => text is not null) ?? "";
    }

    private static IReadOnlyDictionary<string, string> Read(Assembly assembly) => Files.GetOrAdd(Path.ChangeExtension(assembly.Location, ".xml"), path =>
    {
        try
        {
            return XDocument.Load(path).Descendants("member")
                .Where(member => member.Element("summary") is not null)
                .GroupBy(member => member.Attribute("name")!.Value)
                .ToDictionary(group => group.Key, group => Text(assembly, group.First().Element("summary")!));
        }
        catch (Exception e) when (e is IOException or XmlException or UnauthorizedAccessException or ArgumentException)
        {
            return new Dictionary<string, string>();
        }
    });

    private static string Text(Assembly assembly, XElement summary)
    {
        var text = new StringBuilder();
        foreach (var node in summary.DescendantNodes())
        {
            if (node is XText plain)
                text.Append(plain.Value);
            else if (node is XElement { IsEmpty: true } reference && reference.Attribute("cref") is { } cref)
                text.Append(NameOf(assembly, cref.Value));
        }
        return Spaces().Replace(text.ToString(), " ").Trim();
    }

    // A setting as an option is named; anything else as the code has it.
    private static string NameOf(Assembly assembly, string cref)
    {
        var path = cref[(cref.IndexOf(':') + 1)..].Split('(')[0];
        var dot = path.LastIndexOf('.');
        var (type, name) = (path[..Math.Max(dot, 0)], path[(dot + 1)..]);
        var owner = assembly.GetType(type) ?? typeof(LossTeacherExperiment).Assembly.GetType(type);
        return owner?.GetProperty(name) is { } property && Setting.Of(property) is { } setting ? setting.Name : name;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
