
namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>Functions of System.Math and MathF on numbers that are known at compile time.</summary>
internal static class NumberVocabulary
{
    public static void AddTo(VocabularyTable table)
    {
        Unary(table, "Abs", Math.Abs, keepsInteger: true);
        Unary(table, "Ceiling", Math.Ceiling);
        Unary(table, "Cos", Math.Cos);
        Unary(table, "Exp", Math.Exp);
        Unary(table, "Floor", Math.Floor);
        Unary(table, "Log10", Math.Log10);
        Unary(table, "Log2", x => Math.Log(x) / Math.Log(2));
        Unary(table, "Sin", Math.Sin);
        Unary(table, "Sqrt", Math.Sqrt);
        Unary(table, "Tanh", Math.Tanh);
        Binary(table, "Max", Math.Max, keepsInteger: true);
        Binary(table, "Min", Math.Min, keepsInteger: true);
        Binary(table, "Pow", Math.Pow);
        table.Add(["Math.Log"], (a, _) =>
        {
            var logarithm = Math.Log(Value(First(a)));
            return new NumberResult(a.Find("newBase", "y") is { } newBase ? logarithm / Math.Log(Value(newBase)) : logarithm, false);
        });
    }

    private static void Unary(VocabularyTable table, string name, Func<double, double> function, bool keepsInteger = false) =>
        table.Add(["Math." + name], (a, _) =>
        {
            var x = First(a);
            return new NumberResult(function(Value(x)), keepsInteger && x is NumberResult { IsInteger: true });
        });

    private static void Binary(VocabularyTable table, string name, Func<double, double, double> function, bool keepsInteger = false) =>
        table.Add(["Math." + name], (a, _) =>
        {
            Lowered x = First(a), y = a.Get("y", "val2");
            return new NumberResult(function(Value(x), Value(y)), keepsInteger && x is NumberResult { IsInteger: true } && y is NumberResult { IsInteger: true });
        });

    /// <summary>The first argument: the overloads name it differently.</summary>
    private static Lowered First(CallArguments a) => a.Get("x", "d", "a", "value", "val1");

    private static double Value(Lowered argument) => argument is NumberResult { Value.Value: { } value }
        ? value
        : throw new LoweringException("its arguments must be numbers that are known at compile time; for tensors use the function of torch");
}
