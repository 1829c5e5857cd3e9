using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>Comparisons, truth values, choices and conversions.</summary>
internal static class LogicVocabulary
{
    public static void AddTo(VocabularyTable table)
    {
        Comparison(table, "==", "torch.eq", "Tensor.eq");
        Comparison(table, "!=", "torch.ne", "Tensor.ne", "torch.not_equal", "Tensor.not_equal");
        Comparison(table, "<", "torch.lt", "Tensor.lt", "torch.less", "Tensor.less");
        Comparison(table, "<=", "torch.le", "Tensor.le", "torch.less_equal", "Tensor.less_equal");
        Comparison(table, ">", "torch.gt", "Tensor.gt", "torch.greater", "Tensor.greater");
        Comparison(table, ">=", "torch.ge", "Tensor.ge", "torch.greater_equal", "Tensor.greater_equal");

        string[] and = ["torch.logical_and", "Tensor.logical_and", "torch.bitwise_and", "Tensor.bitwise_and"];
        string[] or = ["torch.logical_or", "Tensor.logical_or", "torch.bitwise_or", "Tensor.bitwise_or"];
        string[] not = ["torch.logical_not", "Tensor.logical_not", "torch.bitwise_not", "Tensor.bitwise_not"];
        table.Add(and, (a, b) => Join(a, b, BuilderOps.And));
        table.Add(or, (a, b) => Join(a, b, BuilderOps.Or));
        table.Add(not, (CallArguments a, Builder b) => b.Not(a.Subject(b)));

        table.Add(["torch.where"], (a, b) => Where(b, a.Tensor("condition", b), a.Tensor("x", b), a.Tensor("y", b)));
        table.Add(["Tensor.where"], (a, b) => Where(b, a.Tensor("condition", b), a.Subject(b), a.Tensor("y", b)));
        table.Add(["Tensor.masked_fill"], (a, b) => Where(b, a.Tensor("mask", b), b.Full(Shape.Scalar, a.Number("value")), a.RealSubject(b)));

        table.Add(["Tensor.to_type"], (a, b) => Cast(b, a.Subject(b), a.ElementType("type")));
        table.Add(["Tensor.to"], (a, b) => Cast(b, a.Subject(b), a.OptionalTensor("other", b)?.Type.Element ?? a.ElementType("type")));
        table.Add(["Tensor.type_as"], (a, b) => Cast(b, a.Subject(b), a.Tensor("tensor", b).Type.Element));
        table.Add(["Tensor.float", "Tensor.double"], (CallArguments a, Builder b) => a.RealSubject(b));
        table.Add(["Tensor.long"], (CallArguments a, Builder b) => Cast(b, a.Subject(b), ElementType.Integer));
        table.Add(["Tensor.bool"], (CallArguments a, Builder b) => Cast(b, a.Subject(b), ElementType.Boolean));
    }

    private static void Comparison(VocabularyTable table, string op, params string[] names) =>
        table.Add(names, (a, b) => Arithmetic.Binary(op, a.SubjectOrNumber, PointwiseVocabulary.Other(a), b));

    private static Value Join(CallArguments a, Builder b, Func<Builder, Value, Value, Value> function)
    {
        var (x, y) = Broadcasting.Together(b, a.Subject(b), CallArguments.AsTensor(PointwiseVocabulary.Other(a), "other", b));
        return function(b, x, y);
    }

    private static Value Where(Builder b, Value condition, Value x, Value y)
    {
        (x, y) = Broadcasting.Promoted(b, x, y);
        var shape = Broadcasting.Common(condition.Shape, x.Shape);
        return b.Where(b.Expand(condition, shape), b.Expand(x, shape), b.Expand(y, shape));
    }

    private static Value Cast(Builder b, Value x, ElementType? target) => (x.Type.Element, target) switch
    {
        (_, null) => x,
        (ElementType.Real, ElementType.Integer) => throw new LoweringException("rounding to integers has no derivative; compute indices from labels or with argmax"),
        (not ElementType.Boolean, ElementType.Boolean) => b.Compare(Ops.Comparison.NotEqual, x, 0),
        (_, { } element) => b.Cast(x, element),
    };
}
