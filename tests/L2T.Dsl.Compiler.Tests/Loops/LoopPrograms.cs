using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Loops;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Tests.Loops;

/// <summary>Programs with loops, each beside the same written out.</summary>
public static class LoopPrograms
{
    private const int Length = 3;
    private const int Batch = 2;
    private const int Width = 3;

    /// <summary>By name: with loops if true, written out if false.</summary>
    public static IReadOnlyDictionary<string, Func<bool, Program>> All { get; } = new Dictionary<string, Func<bool, Program>>
    {
        ["recurrence"] = loops => Recurrence(loops, false),
        ["recurrence from the end"] = loops => Recurrence(loops, true),
        ["gated recurrence"] = Gated,
        ["layers"] = Layers,
        ["layers of recurrences"] = LayersOfRecurrences,
        ["two carries that change places"] = Exchange,
        ["layers of different widths"] = Funnels,
        ["growing layers"] = loops => Growing(loops, false),
        ["growing layers from the end"] = loops => Growing(loops, true),
        ["one iteration"] = loops => Power(loops, 1),
        ["no iteration"] = loops => Power(loops, 0),
    };

    /// <summary>h = m_t tanh(W h + U x_t + c) + (1 - m_t) h with a mask, all states, the sum of their squares.</summary>
    private static Program Recurrence(bool loops, bool reversed)
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(Length, Batch, Width));
        var mask = b.Input("mask", InputRole.Data, TensorType.Real(Length, Batch, 1));
        var w = b.Input("w", InputRole.Parameter, TensorType.Real(Width, Width));
        var u = b.Input("u", InputRole.Parameter, TensorType.Real(Width, Width));
        var c = b.Input("c", InputRole.Parameter, TensorType.Real(Width));
        var start = b.Input("h", InputRole.Data, TensorType.Real(Batch, Width));
        var bias = b.Expand(c, start.Shape);
        var wide = b.Expand(mask, Shape.Of(Length, Batch, Width));
        if (loops)
        {
            var body = new LoopBody(b, Length, reversed);
            var (h, carry) = body.Carry(start);
            var next = Step(body.Builder, h, body.Sequence(x), body.Sequence(wide), body.Constant(w), body.Constant(u), body.Constant(bias));
            body.Next(carry, next);
            body.Stack(next);
            body.Sum(body.Builder.Mul(next, next));
            var results = body.Close();
            return b.Build("recurrence", [new("last", results.Carries[0]), new("all", results.Stacks[0]), new("squares", results.Sums[0])]);
        }

        Value state = start, squares = b.Full(start.Shape, 0);
        var all = new Value[Length];
        for (var i = 0; i < Length; i++)
        {
            var t = reversed ? Length - 1 - i : i;
            state = all[t] = Step(b, state, Element(b, x, t), Element(b, wide, t), w, u, bias);
            squares = b.Add(squares, b.Mul(state, state));
        }

        return b.Build("recurrence", [new("last", state), new("all", Stack(b, all)), new("squares", squares)]);

        static Value Step(Builder b, Value h, Value x, Value m, Value w, Value u, Value c)
        {
            var next = b.Apply(new TanhOp(), b.Add(b.Add(b.MatMul(h, w, false, true), b.MatMul(x, u, false, true)), c));
            return b.Add(b.Mul(m, next), b.Mul(b.Sub(b.Full(h.Shape, 1), m), h));
        }
    }

    /// <summary>A cell of a long short-term memory: four gates from one product.</summary>
    private static Program Gated(bool loops)
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(Length, Batch, 4 * Width));
        var w = b.Input("w", InputRole.Parameter, TensorType.Real(4 * Width, Width));
        var bias = b.Input("bias", InputRole.Parameter, TensorType.Real(4 * Width));
        Value h = b.Input("h", InputRole.Parameter, TensorType.Real(Batch, Width)), c = b.Input("c", InputRole.Parameter, TensorType.Real(Batch, Width));
        if (loops)
        {
            var body = new LoopBody(b, Length);
            var (output, first) = body.Carry(h);
            var (memory, second) = body.Carry(c);
            var (next, kept) = Step(body.Builder, output, memory, body.Sequence(x), body.Constant(w), body.Constant(bias));
            body.Next(first, next);
            body.Next(second, kept);
            body.Stack(next);
            return b.Build("gated", [new("all", body.Close().Stacks[0])]);
        }

        var all = new Value[Length];
        for (var t = 0; t < Length; t++)
        {
            (h, c) = Step(b, h, c, Element(b, x, t), w, bias);
            all[t] = h;
        }

        return b.Build("gated", [new("all", Stack(b, all))]);

        static (Value H, Value C) Step(Builder b, Value h, Value c, Value x, Value w, Value bias)
        {
            var gates = b.Add(b.Add(b.MatMul(h, w, false, true), x), b.Expand(bias, x.Shape));
            var memory = b.Add(b.Mul(Gate(1, new SigmoidOp()), c), b.Mul(Gate(0, new SigmoidOp()), Gate(2, new TanhOp())));
            return (b.Mul(Gate(3, new SigmoidOp()), b.Apply(new TanhOp(), memory)), memory);

            Value Gate(int i, Op op) => b.Apply(op, b.Narrow(gates, 1, i * Width, Width));
        }
    }

    /// <summary>Layers with weights of their own, which lie stacked.</summary>
    private static Program Layers(bool loops)
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(Batch, Width));
        var w = b.Input("w", InputRole.Parameter, TensorType.Real(Length, Width, Width));
        var c = b.Input("c", InputRole.Parameter, TensorType.Real(Length, Width));
        return b.Build("layers", [new("y", Run(b, x, w, c, loops))]);

        static Value Run(Builder b, Value x, Value w, Value c, bool loops)
        {
            if (!loops)
            {
                for (var t = 0; t < Length; t++)
                {
                    x = Step(b, x, Element(b, w, t), Element(b, c, t));
                }

                return x;
            }

            var body = new LoopBody(b, Length);
            var (h, carry) = body.Carry(x);
            body.Next(carry, Step(body.Builder, h, body.Sequence(w), body.Sequence(c)));
            return body.Close().Carries[0];
        }

        static Value Step(Builder b, Value h, Value w, Value c) =>
            b.Add(h, b.Apply(new SigmoidOp(), b.Add(b.MatMul(h, w, false, true), b.Expand(c, h.Shape))));
    }

    /// <summary>Layers that differ in size, each around what goes through it: their weights lie flat, one behind the other.</summary>
    private static Program Funnels(bool loops)
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(Batch, Width));
        var w = b.Input("w", InputRole.Parameter, TensorType.Real(Width * (2 + 3 + 4)));
        if (loops)
        {
            var body = new LoopBody(b, Length);
            var (h, carry) = body.Carry(x);
            body.Next(carry, Step(body.Builder, h, body.Sequence(w, Shape.Of(Dim.Symbol(body.Element) + 2, Width))));
            return b.Build("funnels", [new("y", body.Close().Carries[0])]);
        }

        var start = 0;
        for (var t = 0; t < Length; t++)
        {
            x = Step(b, x, b.Reshape(b.Narrow(w, 0, start, (t + 2) * Width), Shape.Of(t + 2, Width)));
            start += (t + 2) * Width;
        }

        return b.Build("funnels", [new("y", x)]);

        static Value Step(Builder b, Value h, Value w)
        {
            var inner = b.Apply(new TanhOp(), b.MatMul(h, w, false, true));
            return b.Add(h, b.MatMul(b.Mul(inner, inner), w, false, false));
        }
    }

    /// <summary>Each layer reads what all before it gave, and adds two columns.</summary>
    private static Program Growing(bool loops, bool reversed)
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(Batch, Width));
        var w = b.Input("w", InputRole.Parameter, TensorType.Real(2 * (3 + 5 + 7)));
        var c = b.Input("c", InputRole.Parameter, TensorType.Real(Length, 2));
        if (loops)
        {
            var body = new LoopBody(b, Length, reversed);
            var t = Dim.Symbol(body.Element);
            var size = Width + (2 * (reversed ? Length - 1 - t : t));
            var (wide, carry) = body.Carry(b.Pad(x, 1, 0, 2 * Length));
            var inner = body.Builder;
            var found = inner.Copy(inner.Narrow(wide, 1, 0, size));
            body.Next(carry, inner.Apply(new AddAtOp(1, size), wide, Step(inner, found, body.Sequence(w, Shape.Of(2, size)), body.Sequence(c))));
            return b.Build("growing", [new("y", body.Close().Carries[0])]);
        }

        for (var i = 0; i < Length; i++)
        {
            var t = reversed ? Length - 1 - i : i;
            var (size, start) = (Width + (2 * i), reversed ? new[] { 24, 14, 0 } [i] : new[] { 0, 6, 16 } [i]);
            x = b.Cat(1, x, Step(b, x, b.Reshape(b.Narrow(w, 0, start, 2 * size), Shape.Of(2, size)), Element(b, c, t)));
        }

        return b.Build("growing", [new("y", x)]);

        static Value Step(Builder b, Value x, Value w, Value c)
        {
            var y = b.MatMul(x, w, false, true);
            return b.Apply(new TanhOp(), b.Add(y, b.Expand(c, y.Shape)));
        }
    }

    /// <summary>Each layer runs over all steps before the next begins.</summary>
    private static Program LayersOfRecurrences(bool loops)
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(Length, Batch, Width));
        var w = b.Input("w", InputRole.Parameter, TensorType.Real(2, Width, Width));
        var start = b.Full(Shape.Of(Batch, Width), 0.1);
        if (loops)
        {
            var layers = new LoopBody(b, 2);
            var (sequence, carry) = layers.Carry(x);
            var steps = new LoopBody(layers.Builder, Length);
            var (h, state) = steps.Carry(layers.Constant(start));
            var next = Step(steps.Builder, h, steps.Sequence(sequence), steps.Constant(layers.Sequence(w)));
            steps.Next(state, next);
            steps.Stack(next);
            layers.Next(carry, steps.Close().Stacks[0]);
            return b.Build("deep", [new("y", layers.Close().Carries[0])]);
        }

        for (var layer = 0; layer < 2; layer++)
        {
            var all = new Value[Length];
            var h = start;
            for (var t = 0; t < Length; t++)
            {
                h = all[t] = Step(b, h, Element(b, x, t), Element(b, w, layer));
            }

            x = Stack(b, all);
        }

        return b.Build("deep", [new("y", x)]);

        static Value Step(Builder b, Value h, Value x, Value w) => b.Apply(new TanhOp(), b.Add(b.MatMul(h, w, false, true), x));
    }

    /// <summary>A derivative must follow a carry through another before it reaches what depends on it.</summary>
    private static Program Exchange(bool loops)
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(Batch, Width));
        var y = b.Input("y", InputRole.Data, TensorType.Real(Batch, Width));
        if (loops)
        {
            var body = new LoopBody(b, Length);
            var (p, first) = body.Carry(x);
            var (q, second) = body.Carry(y);
            body.Next(first, body.Builder.Apply(new SinOp(), q));
            body.Next(second, body.Builder.Mul(p, p));
            return b.Build("exchange", [new("p", body.Close().Carries[0])]);
        }

        for (var t = 0; t < Length; t++)
        {
            (x, y) = (b.Apply(new SinOp(), y), b.Mul(x, x));
        }

        return b.Build("exchange", [new("p", x)]);
    }

    private static Program Power(bool loops, int length)
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(Batch, Width));
        var w = b.Input("w", InputRole.Parameter, TensorType.Real(Width, Width));
        var y = x;
        if (loops)
        {
            var body = new LoopBody(b, length);
            var (h, carry) = body.Carry(x);
            body.Next(carry, body.Builder.MatMul(h, body.Constant(w), false, false));
            y = body.Close().Carries[0];
        }
        else if (length == 1)
        {
            y = b.MatMul(x, w, false, false);
        }

        return b.Build("power", [new("y", y)]);
    }

    private static Value Element(Builder b, Value x, int t) => b.Reshape(b.Narrow(x, 0, t, 1), new([.. x.Shape.Dims.Skip(1)]));

    private static Value Stack(Builder b, IEnumerable<Value> items) => b.Cat(0, [.. items.Select(i => b.Reshape(i, new([1, .. i.Shape.Dims])))]);
}
