namespace L2T.Dsl.Compiler.Ops;

/// <summary>How two numbers are compared.</summary>
public enum Comparison
{
    /// <summary>x = y.</summary>
    Equal,

    /// <summary>x differs from y.</summary>
    NotEqual,

    /// <summary>x &lt; y.</summary>
    Less,

    /// <summary>x &lt;= y.</summary>
    LessOrEqual,

    /// <summary>x &gt; y.</summary>
    Greater,

    /// <summary>x &gt;= y.</summary>
    GreaterOrEqual,
}
