using L2T.Dsl.Compiler.Collections;

namespace L2T.Dsl.Compiler.Problems;

/// <summary>Something wrong, or worth knowing, at one place of the user's source.</summary>
/// <param name="Rule">The rule broken.</param>
/// <param name="At">Where.</param>
/// <param name="Arguments">What fills the holes of the rule's message.</param>
public sealed record Problem(Rule Rule, SourceAnchor At, EquatableArray<string> Arguments)
{
    /// <summary>The message with its holes filled.</summary>
    public override string ToString() =>
        $"{Rule.Id}: {string.Format(System.Globalization.CultureInfo.InvariantCulture, Rule.Message, Arguments.ToArray<object>())}";
}
