using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Generators.Reporting;
using Microsoft.CodeAnalysis;

namespace L2T.Dsl.Generators.Tests.Rules;

/// <summary>A rule is an id, a descriptor, a row of the release table, a page and a file of tests.</summary>
public sealed partial class RulesTests
{
    public static TheoryData<string> Ids => [.. Compiler.Problems.Rules.All.Select(r => r.Id)];

    [Fact]
    public void Every_rule_is_listed_once_in_the_order_of_ids()
    {
        var declared = typeof(Compiler.Problems.Rules).GetFields().Select(f => f.GetValue(null)).OfType<Rule>().Select(r => r.Id).ToArray();

        Assert.NotEmpty(declared);
        Assert.Equal(declared.Order(), Compiler.Problems.Rules.All.Select(r => r.Id));
        Assert.Equal(declared.Distinct(), declared);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_has_a_descriptor(string id)
    {
        var rule = Find(id);
        var descriptor = Descriptors.Of(rule);

        Assert.Equal(rule.Id, descriptor.Id);
        Assert.Equal(rule.Title, descriptor.Title.ToString(null));
        Assert.Equal(rule.Message, descriptor.MessageFormat.ToString(null));
        Assert.Equal(rule.Severity.ToString(), descriptor.DefaultSeverity.ToString());
        Assert.Equal($"{Descriptors.HelpRoot}{id}.md", descriptor.HelpLinkUri);
        Assert.True(descriptor.IsEnabledByDefault);
    }

    [Fact]
    public void No_descriptor_is_without_rule() =>
        Assert.Equal(Compiler.Problems.Rules.All.Select(r => r.Id), Descriptors.All.Keys.Order());

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_has_a_row_in_the_release_table(string id)
    {
        var descriptor = Descriptors.Of(Find(id));
        var tables = File.ReadAllText(Root("generators", "L2T.Dsl.Generators", "AnalyzerReleases.Unshipped.md")) +
            File.ReadAllText(Root("generators", "L2T.Dsl.Generators", "AnalyzerReleases.Shipped.md"));

        Assert.Contains($"\n{id} | {descriptor.Category} | {descriptor.DefaultSeverity} | {descriptor.Title.ToString(null)}\n", tables, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_has_a_page(string id)
    {
        var page = File.ReadAllText(Root("generators", "docs", "rules", id + ".md"));

        Assert.StartsWith($"# {id}: {Find(id).Title}\n", page, StringComparison.Ordinal);
        Assert.Contains("\n## Why\n", page, StringComparison.Ordinal);
        Assert.Contains("\n## Invalid\n", page, StringComparison.Ordinal);
        Assert.Contains("\n## Fixed\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void No_page_is_without_rule() => Assert.Equal(
        Compiler.Problems.Rules.All.Select(r => r.Id),
        Directory.GetFiles(Root("generators", "docs", "rules"), "L2T*.md").Select(f => Path.GetFileNameWithoutExtension(f)).Order());

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_has_a_file_of_tests(string id) => Assert.True(File.Exists(Root("tests", "L2T.Dsl.Generators.Tests", "Rules", id + "Tests.cs")));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Holes_of_the_message_are_numbered_from_zero(string id)
    {
        var holes = Hole().Matches(Find(id).Message).Select(m => int.Parse(m.Groups[1].Value, null)).Distinct().Order().ToArray();

        Assert.Equal(Enumerable.Range(0, holes.Length), holes);
    }

    private static Rule Find(string id) => Compiler.Problems.Rules.All.Single(r => r.Id == id);

    private static string Root(params string[] path) => Path.Combine([Path.GetDirectoryName(ThisFile())!, "..", "..", "..", .. path]);

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"\{(\d+)\}")]
    private static partial Regex Hole();
}
