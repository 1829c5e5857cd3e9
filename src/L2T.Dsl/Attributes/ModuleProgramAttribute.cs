using System.ComponentModel;

namespace L2T.Dsl;

/// <summary>
/// The program of a module of this assembly, written by the generator, so that other assemblies can check and
/// differentiate through the module at compile time. Not for use by hand.
/// </summary>
/// <param name="module">The full name of the module's type.</param>
/// <param name="program">The printed program.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ModuleProgramAttribute(string module, string program) : Attribute
{
    /// <summary>The full name of the module's type.</summary>
    public string Module { get; } = module;

    /// <summary>The printed program.</summary>
    public string Program { get; } = program;
}
