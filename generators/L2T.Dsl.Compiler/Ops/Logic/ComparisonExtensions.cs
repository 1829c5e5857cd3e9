using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>What a comparison means and how it is written.</summary>
public static class ComparisonExtensions
{
    /// <summary>Whether it holds.</summary>
    public static bool Holds(this Comparison comparison, double x, double y) => comparison switch
    {
        Comparison.Equal => x == y,
        Comparison.NotEqual => x != y,
        Comparison.Less => x < y,
        Comparison.LessOrEqual => x <= y,
        Comparison.Greater => x > y,
        _ => x >= y,
    };

    /// <summary>The comparison of y with x that says the same as this one of x with y.</summary>
    public static Comparison Mirrored(this Comparison comparison) => comparison switch
    {
        Comparison.Less => Comparison.Greater,
        Comparison.LessOrEqual => Comparison.GreaterOrEqual,
        Comparison.Greater => Comparison.Less,
        Comparison.GreaterOrEqual => Comparison.LessOrEqual,
        _ => comparison,
    };

    /// <summary>TorchSharp's method, which is also the name in printed programs.</summary>
    public static string Method(this Comparison comparison) => comparison switch
    {
        Comparison.Equal => "eq",
        Comparison.NotEqual => "ne",
        Comparison.Less => "lt",
        Comparison.LessOrEqual => "le",
        Comparison.Greater => "gt",
        _ => "ge",
    };

    /// <summary>The C# of a comparison of operand 0 with <paramref name="right"/>, its result truth values or numbers.</summary>
    internal static CSharpForm Form(this Comparison comparison, string right, bool real) => real
        ? new($"{{0}}.{comparison.Method()}({right}).to_type({{0}}.dtype, disposeAfter: true)")
        {
            InPlace = $"{{0}}.{comparison.Method()}_({right})",
            Lane = $"Lanes.{comparison}({{0}}, {right})",
        }
        : new($"{{0}}.{comparison.Method()}({right})");
}
