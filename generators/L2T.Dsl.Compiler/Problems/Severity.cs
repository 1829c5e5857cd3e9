namespace L2T.Dsl.Compiler.Problems;

/// <summary>How much a problem matters.</summary>
public enum Severity
{
    /// <summary>Worth knowing; the code is right.</summary>
    Info,

    /// <summary>Compiles, but surely not what was meant.</summary>
    Warning,

    /// <summary>No code can be generated.</summary>
    Error,
}
