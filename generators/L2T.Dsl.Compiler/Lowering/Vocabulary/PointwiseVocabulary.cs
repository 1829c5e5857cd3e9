using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>Functions of one or two numbers, element by element.</summary>
internal static class PointwiseVocabulary
{
    public static void AddTo(VocabularyTable table)
    {
        table.Add(["torch.exp", "Tensor.exp"], (b, x) => b.Exp(x));
        table.Add(["torch.exp2", "Tensor.exp2", "torch.special.exp2"], (b, x) => b.Exp(b.Scale(x, Math.Log(2))));
        table.Add(["torch.log", "Tensor.log"], (b, x) => b.Log(x));
        table.Add(["torch.log2", "Tensor.log2"], (b, x) => b.Scale(b.Log(x), 1 / Math.Log(2)));
        table.Add(["torch.log10", "Tensor.log10"], (b, x) => b.Scale(b.Log(x), 1 / Math.Log(10)));
        table.Add(["torch.log1p", "Tensor.log1p"], (b, x) => b.Log1p(x));
        table.Add(["torch.sqrt", "Tensor.sqrt"], (b, x) => b.Sqrt(x));
        table.Add(["torch.rsqrt", "Tensor.rsqrt"], (b, x) => b.Pow(x, -0.5));
        table.Add(["torch.square", "Tensor.square"], (b, x) => b.Pow(x, 2));
        table.Add(["torch.reciprocal", "Tensor.reciprocal"], (b, x) => b.Pow(x, -1));
        table.Add(["torch.neg", "Tensor.neg", "torch.negative", "Tensor.negative"], (b, x) => b.Scale(x, -1));
        table.Add(["torch.abs", "Tensor.abs", "torch.absolute"], (b, x) => b.Abs(x));
        table.Add(["torch.sign", "Tensor.sign"], (b, x) => b.Sign(x));
        table.Add(["torch.sin", "Tensor.sin"], (b, x) => b.Sin(x));
        table.Add(["torch.cos", "Tensor.cos"], (b, x) => b.Cos(x));
        table.Add(["torch.erf", "Tensor.erf", "torch.special.erf"], (b, x) => b.Erf(x));
        table.Add(["torch.erfc", "Tensor.erfc", "torch.special.erfc"], (b, x) => b.Shift(b.Scale(b.Erf(x), -1), 1));
        table.Add(["torch.tanh", "Tensor.tanh"], (b, x) => b.Tanh(x));
        table.Add(["torch.sigmoid", "Tensor.sigmoid", "torch.special.expit"], (b, x) => b.Sigmoid(x));

        Operator(table, "+", "torch.add", "Tensor.add");
        Operator(table, "-", "torch.sub", "Tensor.sub", "torch.subtract", "Tensor.subtract");
        Operator(table, "*", "torch.mul", "Tensor.mul", "torch.multiply", "Tensor.multiply");
        Operator(table, "/", "torch.div", "Tensor.div", "torch.divide", "Tensor.divide", "torch.true_divide", "Tensor.true_divide");
        table.Add(["torch.pow", "Tensor.pow"], Pow);
        table.Add(["torch.maximum", "Tensor.maximum"], (a, b) => Pair(a, b, BuilderOps.Maximum));
        table.Add(["torch.minimum", "Tensor.minimum"], (a, b) => Pair(a, b, BuilderOps.Minimum));

        table.Add(
            ["torch.clamp", "Tensor.clamp", "torch.clip", "Tensor.clip"],
            (a, b) => b.Clamp(a.RealSubject(b), a.Number("min", double.NegativeInfinity), a.Number("max", double.PositiveInfinity)));
        table.Add(["torch.clamp_min", "Tensor.clamp_min"], (a, b) => b.Clamp(a.RealSubject(b), a.Number("min"), double.PositiveInfinity));
        table.Add(["torch.clamp_max", "Tensor.clamp_max"], (a, b) => b.Clamp(a.RealSubject(b), double.NegativeInfinity, a.Number("max")));
    }

    /// <summary>The two real tensors of a call, brought together.</summary>
    public static Value Pair(CallArguments a, Builder b, Func<Builder, Value, Value, Value> function)
    {
        var (x, y) = Broadcasting.RealTogether(b, a.Subject(b), CallArguments.AsTensor(Other(a), "other", b));
        return function(b, x, y);
    }

    /// <summary>The second operand of a call of two.</summary>
    public static Lowered Other(CallArguments a) => a.Get("right", "target", "other", "scalar", "divisor");

    /// <summary>The method of an operator; adding and subtracting may take a factor of the right side.</summary>
    private static void Operator(VocabularyTable table, string op, params string[] names) => table.Add(names, (a, b) =>
    {
        if (a.Member("rounding_mode", "None") != "None")
        {
            throw new LoweringException("a rounded quotient has no derivative; leave out 'rounding_mode'");
        }

        var right = Other(a);
        return Arithmetic.Binary(op, a.SubjectOrNumber, a.Find("alpha") is { } alpha ? Arithmetic.Binary("*", right, alpha, b) : right, b);
    });

    private static Value Pow(CallArguments a, Builder b) => a.Get("exponent") is NumberResult exponent
        ? b.Pow(a.RealSubject(b), exponent.Value)
        : throw new LoweringException("the exponent must be a number; for a tensor y and positive x write torch.exp(y * torch.log(x))");
}
