using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>where(c, x, y): x where c holds, else y; all of one shape. With c as 1 and 0, dx = c g and dy = g - c g.</summary>
public sealed record WhereOp : PrimitiveOp
{
    /// <inheritdoc/>
    public override string Name => "where";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("torch.where({0}, {1}, {2})");

    /// <inheritdoc/>
    protected override TensorType InferType(EquatableArray<TensorType> operands)
    {
        operands[0].RequireBoolean();
        return operands[1] == operands[2] && operands[0].Shape == operands[1].Shape
            ? operands[1]
            : throw new ShapeException(operands[1].ToString(), operands[2].ToString(), $"both sides of a choice by {operands[0]} must have its shape and one type here");
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b)
    {
        var left = b.Mul(g, b.ToReal(e.Operands[0]));
        return [null, left, b.Sub(g, left)];
    }

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b)
    {
        var c = e.Operands[0];
        return (t[1], t[2]) switch
        {
            ({ } x, { } y) => b.Where(c, x, y),
            ({ } x, null) => b.Mul(x, b.ToReal(c)),
            (null, { } y) => b.Sub(y, b.Mul(y, b.ToReal(c))),
            _ => null,
        };
    }

    /// <inheritdoc/>
    protected override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        double[] c = operands[0].Data, x = operands[1].Data, y = operands[2].Data;
        return new(operands[0].Shape, [.. c.Select((holds, i) => holds != 0 ? x[i] : y[i])]);
    }
}
