using System.ComponentModel;

namespace L2T.Dsl;

/// <summary>
/// Where a call without derivative rule stands in the source of this assembly, written by the generator, so that a fault that shows only when
/// the call runs is said of the user's own line. Not for use by hand.
/// </summary>
/// <param name="key">What generated code calls the place.</param>
/// <param name="text">The call as it stands there.</param>
/// <param name="file">The name of the file, without its folder.</param>
/// <param name="line">The line, from 1 on.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class FallbackPlaceAttribute(string key, string text, string file, int line) : Attribute
{
    /// <summary>What generated code calls the place.</summary>
    public string Key { get; } = key;

    /// <summary>The call as it stands there.</summary>
    public string Text { get; } = text;

    /// <summary>The name of the file, without its folder.</summary>
    public string File { get; } = file;

    /// <summary>The line, from 1 on.</summary>
    public int Line { get; } = line;
}
