namespace L2T.Dsl.Compiler.Compilation;

/// <summary>The properties through which kernels show their outputs; the library's base classes declare them.</summary>
internal static class KernelNames
{
    public const string Value = "Value";
    public const string Output = "Output";
    public const string X = "x";
    public const string Y = "y";
    public const string State = "state";
}
