using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>Functions of System.Math and MathF on numbers, known now or when a kernel is made.</summary>
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
        Unary(table, "Sin", Math.Sin);
        Unary(table, "Sqrt", Math.Sqrt);
        Unary(table, "Tanh", Math.Tanh);
        Binary(table, "Max", Math.Max, keepsInteger: true);
        Binary(table, "Min", Math.Min, keepsInteger: true);
        Binary(table, "Pow", Math.Pow);
        table.Add(["Math.Log2"], (a, _) => new NumberResult(Log(Value(First(a))) / Math.Log(2), false));
        table.Add(["Math.Log"], (a, _) =>
        {
            var logarithm = Log(Value(First(a)));
            return new NumberResult(a.Find("newBase", "y") is { } newBase ? logarithm / Log(Value(newBase)) : logarithm, false);
        });
    }

    private static void Unary(VocabularyTable table, string name, Func<double, double> function, bool keepsInteger = false) =>
        table.Add(["Math." + name], (a, _) =>
        {
            var x = First(a);
            return new NumberResult(Scalar.Function(name, v => function(v[0]), Value(x)), keepsInteger && x is NumberResult { IsInteger: true });
        });

    private static void Binary(VocabularyTable table, string name, Func<double, double, double> function, bool keepsInteger = false) =>
        table.Add(["Math." + name], (a, _) =>
        {
            Lowered x = First(a), y = a.Get("y", "val2");
            return new NumberResult(
                Scalar.Function(name, v => function(v[0], v[1]), Value(x), Value(y)),
                keepsInteger && x is NumberResult { IsInteger: true } && y is NumberResult { IsInteger: true });
        });

    private static Scalar Log(Scalar x) => Scalar.Function("Log", v => Math.Log(v[0]), x);

    /// <summary>The first argument: the overloads name it differently.</summary>
    private static Lowered First(CallArguments a) => a.Get("x", "d", "a", "value", "val1");

    private static Scalar Value(Lowered argument) => CallArguments.AsNumber(argument, "the argument");
}
