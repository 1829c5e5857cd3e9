using System.Runtime.CompilerServices;
using L2T.Dsl.Generators.Tests.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace L2T.Dsl.Generators.Tests.Robustness;

/// <summary>
/// Whatever is typed, the generator neither throws nor takes itself for broken: tokens of sound sources are deleted,
/// doubled and exchanged at random.
/// </summary>
public sealed class MutationTests
{
    private const int Mutants = 30;

    private static readonly string[] Words =
        ["x", "this", "null", "0", "-1", "1.5", "\"N\"", "(", ")", "[", "]", "{", "}", ";", ",", ".", "=", "=>", "?", ":", "..", "^", "new", "var", "return", "if", "for", "static", "partial",
            "Tensor", "int", "typeof", "sum", "shape", "Forward", "Weight", "_hidden", "default", "out", "ref", "is", "await", "throw", "Training", "T", "item", "@", "#", "/*", "'"];

    public static TheoryData<string> Sources => [.. Directory.GetFiles(Folder(), "*.cs").Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

    [Theory]
    [MemberData(nameof(Sources))]
    public void Mutants_get_no_exception_and_no_defect(string name)
    {
        var source = File.ReadAllText(Path.Combine(Folder(), name + ".cs"));
        var tokens = CSharpSyntaxTree.ParseText(source).GetRoot().DescendantTokens().Select(t => t.FullSpan).Where(s => s.Length > 0).ToArray();
        var random = new Random(name.Length);
        // One driver and one compilation throughout, as in an editor.
        var compilation = GeneratorHost.Compile(source);
        var driver = GeneratorHost.Driver();
        for (var i = 0; i < Mutants; i++)
        {
            var mutant = source;
            for (var edits = random.Next(1, 4); edits > 0; edits--)
            {
                var token = tokens[random.Next(tokens.Length)];
                var other = tokens[random.Next(tokens.Length)];
                var text = random.Next(4) switch
                {
                    0 => "",
                    1 => source.Substring(other.Start, other.Length),
                    2 => source.Substring(token.Start, token.Length) + source.Substring(other.Start, other.Length),
                    _ => Words[random.Next(Words.Length)] + " ",
                };
                mutant = token.End <= mutant.Length ? mutant[..token.Start] + text + mutant[token.End..] : mutant;
            }

            var edited = GeneratorHost.Parse(mutant, "Source0.cs");
            if (OverflowsRoslyn(edited.GetRoot()))
            {
                continue;
            }

            var tree = compilation.SyntaxTrees[^1];
            compilation = compilation.ReplaceSyntaxTree(tree, edited);
            driver = driver.RunGenerators(compilation);
            var result = driver.GetRunResult().Results.Single();

            Assert.True(result.Exception is null, $"{result.Exception}\n{mutant}");
            var defect = result.Diagnostics.FirstOrDefault(d => d.Id == "L2T9001");
            Assert.True(defect is null, $"{defect?.GetMessage(null)}\n{mutant}");
        }
    }

    /// <summary>
    /// Whether an attribute's argument names a method: where the attribute stands on a parameter of that same method,
    /// Roslyn 5.0 itself ends the process with a stack overflow.
    /// </summary>
    private static bool OverflowsRoslyn(SyntaxNode root)
    {
        var methods = root.DescendantNodes().OfType<MethodDeclarationSyntax>().Select(m => m.Identifier.ValueText).ToHashSet();
        return root.DescendantNodes().OfType<AttributeArgumentSyntax>()
            .SelectMany(a => a.DescendantTokens())
            .Any(t => t.IsKind(SyntaxKind.IdentifierToken) && methods.Contains(t.ValueText));
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "Cases"));
}
