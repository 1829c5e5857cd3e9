using System.Runtime.CompilerServices;
using System.Text;
using L2T.Dsl.Compiler.Lowering.Vocabulary;

namespace L2T.Dsl.Compiler.Tests.Lowering;

/// <summary>The page that lists the vocabulary is written by this test, so that it is never out of date.</summary>
public sealed class VocabularyPageTests
{
    private const string Head = """
        # Calls with derivative rules

        What bodies may call of TorchSharp and is differentiated by the generator. Beside these there are the operators of tensors and numbers
        (`+ - * /`, unary `-`, comparisons, indices and ranges), `Math` and `MathF` on numbers, calls of blocks and of the type's own methods,
        local variables, tuples, and `if` and `?:` on what is known at compile time.

        A call that is not here and takes a real tensor first is differentiated through libtorch's autograd if its result has the shape of
        that tensor ([L2T2002](rules/L2T2002.md)). Not every argument of a call has a rule; [L2T2003](rules/L2T2003.md) names those that have
        none. Which arguments do, the vocabulary says: `generators/L2T.Dsl.Compiler/Lowering/Vocabulary`.

        Written by a test from the tables of the compiler: `L2T_ACCEPT_SNAPSHOTS=1 ./build.sh test --filter VocabularyPage` writes it again.

        """;

    [Fact]
    public void The_page_lists_what_has_a_rule()
    {
        var text = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (var group in TorchVocabulary.Names.GroupBy(OwnerOf).OrderBy(g => g.Key, StringComparer.Ordinal))
            text.Append($"\n## {group.Key}\n\n{string.Join(", ", group.Order(StringComparer.Ordinal).Select(name => $"`{name[(group.Key.Length + 1)..]}`"))}\n");

        var path = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "generators", "docs", "vocabulary.md");
        if (Environment.GetEnvironmentVariable("L2T_ACCEPT_SNAPSHOTS") == "1")
            File.WriteAllText(path, text.ToString());
        Assert.Equal(text.ToString(), File.ReadAllText(path));
    }

    private static string OwnerOf(string name) => name[..name.LastIndexOf('.')];

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
