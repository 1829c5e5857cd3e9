using System.Text.RegularExpressions;
using CsCheck;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Compiler.Specs.Text;

namespace L2T.Dsl.Generators.Tests.Text;

public sealed partial class SpecTextTests
{
    [Fact]
    public void What_is_printed_reads_back_but_for_ordinals() => SpecGen.Module.Sample(module =>
    {
        Assert.True(SpecParser.TryParseModule(SpecPrinter.Print(module), out var read));
        // A record's own text is a second, independent view of all its members.
        Assert.Equal(WithoutOrdinals(module), WithoutOrdinals(read));
        Assert.Equal(SpecPrinter.Print(module), SpecPrinter.Print(read));
    }, print: SpecPrinter.Print);

    [Fact]
    public void What_is_read_twice_is_equal() => SpecGen.Module.Sample(module =>
    {
        Assert.True(SpecParser.TryParseModule(SpecPrinter.Print(module), out var first));
        Assert.True(SpecParser.TryParseModule(SpecPrinter.Print(first), out var second));

        Assert.Equal(first, second);
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
    }, print: SpecPrinter.Print);

    [Fact]
    public void Damaged_text_is_refused_or_read_but_never_throws() =>
        Gen.Select(SpecGen.Module, Gen.Int[0, 10_000], SpecGen.OneOf("", "(", ")", "\"", " ", "0", "$", ":", "#open")).Sample((module, at, patch) =>
        {
            var text = SpecPrinter.Print(module);
            at %= text.Length;

            _ = SpecParser.TryParseModule(text[..at] + patch + text[(at + 1)..], out _);
            // Without the last parenthesis at the latest.
            Assert.False(SpecParser.TryParseModule(text[..Math.Min(at, text.Length - 2)], out _));
        }, print: sample => SpecPrinter.Print(sample.Item1));

    [Theory]
    [InlineData("")]
    [InlineData("module")]
    [InlineData("(module 1 A B public Block)")]
    [InlineData("(module one A B public Block)")]
    [InlineData("(module 2 A B public Blocks)")]
    [InlineData("(module 2 A B public Block (scalar n Integer 1.0) (method F ((x)) (return (wat x))))")]
    [InlineData("(module 2 A B public Block (method F ((x)) (return x)) (method G ((x)) (leave x)))")]
    [InlineData("(module 2 A B public Block) (module 2 A C public Block)")]
    public void Text_of_another_notation_is_refused(string text) => Assert.False(SpecParser.TryParseModule(text, out _));

    [Fact]
    public void Deeply_nested_text_is_refused() =>
        Assert.False(SpecParser.TryParseModule(new string('(', 100_000) + new string(')', 100_000), out _));

    private static string WithoutOrdinals(ModuleSpec module) =>
        Ordinal().Replace($"{module.Type} {module.Kind} {module.Scalars} {module.Tensors} {module.Blocks} {module.Methods}", "");

    [GeneratedRegex(@"Node = \d+(, )?")]
    private static partial Regex Ordinal();
}
