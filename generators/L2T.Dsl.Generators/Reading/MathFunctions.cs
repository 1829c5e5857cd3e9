using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Specs.Bodies;
using Microsoft.CodeAnalysis;

namespace L2T.Dsl.Generators.Reading;

/// <summary>The functions of <c>System.Math</c> and <c>MathF</c> that bodies may apply to numbers.</summary>
internal static class MathFunctions
{
    private static readonly Dictionary<string, Func<double, double>> Unary = new()
    {
        ["Abs"] = Math.Abs, ["Ceiling"] = Math.Ceiling, ["Cos"] = Math.Cos, ["Exp"] = Math.Exp, ["Floor"] = Math.Floor, ["Log"] = Math.Log,
        ["Log10"] = Math.Log10, ["Log2"] = x => Math.Log(x, 2), ["Sin"] = Math.Sin, ["Sqrt"] = Math.Sqrt, ["Tanh"] = Math.Tanh,
    };

    private static readonly Dictionary<string, Func<double, double, double>> Binary = new()
    {
        ["Log"] = Math.Log, ["Max"] = Math.Max, ["Min"] = Math.Min, ["Pow"] = Math.Pow,
    };

    /// <summary>Whether a method is one of the functions.</summary>
    public static bool Knows(IMethodSymbol method) =>
        method.ContainingType.FullName() is "System.Math" or "System.MathF" &&
        (method.Parameters.Length == 1 ? Unary.ContainsKey(method.Name) : method.Parameters.Length == 2 && Binary.ContainsKey(method.Name));

    /// <summary>The value of a call whose arguments are numbers; null where one is not known at compile time.</summary>
    public static NumberExpression? Fold(int node, IMethodSymbol method, EquatableArray<Argument> arguments)
    {
        var numbers = arguments.Select(a => a.Value).OfType<NumberExpression>().Select(n => n.Value).ToArray();
        if (numbers.Length != arguments.Count)
        {
            return null;
        }

        var value = numbers.Length == 1 ? Unary[method.Name](numbers[0]) : Binary[method.Name](numbers[0], numbers[1]);
        return new(node, value, method.ReturnType.IsIntegral());
    }
}
