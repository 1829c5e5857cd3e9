using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Loops;

/// <summary>
/// Runs a body once for each step of a counted loop. Operands: constants, which every iteration sees as they are; the
/// carries' first values; sequences [length, ...], of which iteration t sees element t. Results: the last carries; stacks
/// [length, ...], of which iteration t gives element t; sums over all iterations.
/// <para>
/// Derivatives are loops again. What they need of each iteration, the carries as it found them and the values that are
/// dear to compute, the loop gives as stacks beside those asked for (see <see cref="LoopBody.Close"/>); all else they
/// compute again from these. Stacks that nothing reads are pruned, so that a loop keeps what its derivatives read and no
/// more.
/// </para>
/// </summary>
/// <param name="Body">Its inputs in the order of the operands; its outputs are the next carries, elements of stacks, terms of sums.</param>
/// <param name="Constants">How many operands are constants.</param>
/// <param name="Carries">How many are carries; the rest are sequences.</param>
/// <param name="Stacks">How many results are stacks; those behind them are sums.</param>
/// <param name="Length">The number of iterations.</param>
/// <param name="Reversed">Whether the last element comes first.</param>
/// <param name="Element">
/// The name of t: sizes within the body may depend on it. Elements of different sizes come and go in flat sequences and stacks, one behind the other.
/// </param>
public sealed record LoopOp(Program Body, int Constants, int Carries, int Stacks, Dim Length, bool Reversed, string Element) : Op
{
    /// <inheritdoc/>
    public override string Name => Reversed ? "loop_back" : "loop";

    /// <inheritdoc/>
    public override string Attributes => $"{Length}: {Body.ToString().Replace("\n", "\n  ")}\n  ";

    /// <inheritdoc/>
    public override CSharpForm CSharp => new("")
    {
        Scalars = ScalarsWithin.SelectMany(s => s.Symbols.Contains(Element) ? Outside(s.Symbols).Select(Scalar.Named) : [s]).Distinct().ToEquatableArray(),
        Dims = DimsWithin.SelectMany(d => d.Symbols.Contains(Element) ? Outside(d.Symbols).Select(Dim.Symbol) : [d]).Append(Length).Distinct().ToEquatableArray(),
    };

    /// <summary>Whether iterations differ in sizes or numbers.</summary>
    public bool IsRagged => DimsWithin.Any(d => d.Symbols.Contains(Element)) || ScalarsWithin.Any(s => s.Symbols.Contains(Element));

    private IEnumerable<Dim> DimsWithin =>
        Body.Inputs.Select(i => i.Value).Concat(Body.Equations.SelectMany(e => e.Results)).SelectMany(v => v.Shape.Dims).Concat(Body.Equations.SelectMany(e => e.Form.Dims));

    private IEnumerable<Scalar> ScalarsWithin => Body.Equations.SelectMany(e => e.Form.Scalars);

    private IEnumerable<string> Outside(IEnumerable<string> symbols) => symbols.Where(s => s != Element);

    /// <summary>Where the operands are that are sequences.</summary>
    public int FirstSequence => Constants + Carries;

    /// <summary>Where the results are that are sums.</summary>
    public int FirstSum => Carries + Stacks;

    /// <summary>Running it again costs what its body costs.</summary>
    public override bool IsDear(Equation equation) => Body.Equations.Any(e => e.Op.IsDear(e));

    /// <inheritdoc/>
    public override EquatableArray<TensorType> Infer(EquatableArray<TensorType> operands)
    {
        for (var i = 0; i < operands.Count; i++)
        {
            var wanted = Body.Inputs[i].Value.Type;
            wanted = i < FirstSequence ? wanted : Stacked(wanted);
            if (operands[i] != wanted)
            {
                throw new ShapeException(operands[i].ToString(), wanted.ToString(), "that is what the loop was written for");
            }
        }

        return Body.Outputs.Select((o, i) => i >= Carries && i < FirstSum ? Stacked(o.Value.Type) : o.Value.Type).ToEquatableArray();
    }

    /// <summary>In each iteration those of the body, and 1 for each element that is added to a sum.</summary>
    public override Dim Flops(Equation equation) => FlopsOf(Body.Outputs.Skip(FirstSum).Aggregate(Body.Flops, (total, sum) => total + sum.Value.Shape.Elements)) ?? Dim.Zero;

    /// <inheritdoc/>
    public override bool HasKnownFlops => Body.HasKnownFlops && FlopsOf(Body.Flops) is not null;

    /// <summary>The largest that a size within the body is in any iteration.</summary>
    public Dim Largest(Dim size) => size.Largest(Element, Length) ?? throw new ShapeException(
        size.ToString(), "a size that grows, or shrinks, with the element's number", "the iterations of a loop use the same memory, and the largest of them must be known");

    private Dim? FlopsOf(Dim iteration) => iteration.Symbols.Contains(Element) ? iteration.Sum(Element, Length) : Length * iteration;

    /// <summary>
    /// Whether what a carry holds is never changed, only added to: each iteration reads the stretch that is written, from the start, and adds behind it.
    /// The last carry holds what each iteration found then.
    /// </summary>
    internal static bool IsGrown(Value found, Value next, EquatableArray<Equation> equations, IEnumerable<Value> outputs) =>
        equations.FirstOrDefault(e => e.Results.Contains(next)) is { Op: AddAtOp add } adding
        && adding.Operands[0] == found
        && adding.Operands[1] != found
        && !outputs.Contains(found)
        && equations.All(e => e == adding || !e.Operands.Contains(found) || (e.Op is NarrowOp narrow && narrow.Axis == add.Axis && narrow.Start.Value == 0 && narrow.Length.Equals(add.Start)));

    private bool IsGrown(int carry) =>
        IsGrown(Body.Inputs[Constants + carry].Value, Body.Outputs[carry].Value, Body.Equations, Body.Outputs.Select(o => o.Value));

    /// <summary>What is wrong where elements of a shape can't lie one behind the other.</summary>
    internal static ShapeException Uncountable(Shape element) =>
        new(element.ToString(), "sizes that are sums and products of the element's number", "tensors of different sizes lie one behind the other, and how many numbers come before each must be known");

    /// <inheritdoc/>
    public override IReadOnlyList<Value?> Vjp(Equation equation, IReadOnlyList<Value?> cotangents, Builder b)
    {
        var again = new Again(equation, b, !Reversed);
        var body = again.Body;
        var reached = ReachedBack(cotangents);
        var seeds = new List<(Value, Value)>();
        var carries = new int?[Carries];
        for (var i = 0; i < cotangents.Count; i++)
        {
            var output = again.Inside(Body.Outputs[i].Value);
            if (i < Carries)
            {
                if (reached[i])
                {
                    (var cotangent, carries[i]) = body.Carry(cotangents[i] ?? b.Full(output.Shape, 0));
                    seeds.Add((output, cotangent));
                }
            }
            else if (cotangents[i] is { } cotangent)
            {
                seeds.Add((output, i < FirstSum ? body.Sequence(cotangent, output.Shape) : body.Constant(cotangent)));
            }
        }

        var inputs = Body.Inputs.Select(i => again.Inside(i.Value)).ToArray();
        var wanted = Enumerable.Range(0, inputs.Length).Where(i => inputs[i].IsReal).ToArray();
        var found = new Value?[inputs.Length];
        var written = Differentiation.Vjp.Write(body.Builder, seeds, [.. wanted.Select(i => inputs[i])]);
        for (var i = 0; i < wanted.Length; i++)
        {
            found[wanted[i]] = written[i];
        }

        var positions = new int?[inputs.Length];
        for (var i = 0; i < found.Length; i++)
        {
            if (i >= Constants && i < FirstSequence)
            {
                if (carries[i - Constants] is { } carry)
                {
                    body.Next(carry, found[i] ?? body.Builder.Full(inputs[i].Shape, 0));
                }
            }
            else if (found[i] is { } cotangent)
            {
                positions[i] = i < Constants ? body.Sum(cotangent) : body.Stack(cotangent);
            }
        }

        var results = body.Close();
        return [.. Enumerable.Range(0, inputs.Length).Select(i =>
            i < Constants ? Of(results.Sums, positions[i])
            : i < FirstSequence ? Of(results.Carries, carries[i - Constants])
            : Of(results.Stacks, positions[i]))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Value?> Jvp(Equation equation, IReadOnlyList<Value?> tangents, Builder b)
    {
        var again = new Again(equation, b, Reversed);
        var body = again.Body;
        var reached = ReachedForth(tangents);
        var pushed = new Dictionary<Value, Value>();
        var carries = new int?[Carries];
        for (var i = 0; i < tangents.Count; i++)
        {
            var input = again.Inside(Body.Inputs[i].Value);
            if (i >= Constants && i < FirstSequence)
            {
                if (reached[i - Constants])
                {
                    (pushed[input], carries[i - Constants]) = body.Carry(tangents[i] ?? b.Full(input.Shape, 0));
                }
            }
            else if (tangents[i] is { } tangent)
            {
                pushed[input] = i < Constants ? body.Constant(tangent) : body.Sequence(tangent, input.Shape);
            }
        }

        var found = Differentiation.Jvp.Write(body.Builder, pushed, [.. Body.Outputs.Select(o => again.Inside(o.Value))]);
        var positions = new int?[found.Count];
        for (var i = 0; i < found.Count; i++)
        {
            if (i < Carries)
            {
                if (carries[i] is { } carry)
                {
                    body.Next(carry, found[i] ?? body.Builder.Full(Body.Outputs[i].Value.Shape, 0));
                }
            }
            else if (found[i] is { } tangent)
            {
                positions[i] = i < FirstSum ? body.Stack(tangent) : body.Sum(tangent);
            }
        }

        var results = body.Close();
        return [.. Enumerable.Range(0, found.Count).Select(i =>
            i < Carries ? Of(results.Carries, carries[i])
            : i < FirstSum ? Of(results.Stacks, positions[i])
            : Of(results.Sums, positions[i]))];
    }

    /// <inheritdoc/>
    public override Equation Prune(Equation equation, Func<Value, bool> isUsed)
    {
        var used = equation.Results.Select(isUsed).ToArray();
        EquatableArray<Equation> equations;
        HashSet<Value> read;
        do
        {
            var outputs = Body.Outputs.Where((_, i) => used[i]).Select(o => o.Value).ToArray();
            equations = Liveness.Pruned(Body.Equations, outputs);
            read = [.. outputs, .. equations.SelectMany(e => e.Operands)];
        }
        while (MarkRead());

        // A carry that is read goes on, and one that is not has no use; what no iteration reads need not come in.
        var inputs = Enumerable.Range(0, Body.Inputs.Count).Where(i => i >= Constants && i < FirstSequence ? used[i - Constants] : read.Contains(Body.Inputs[i].Value)).ToArray();
        var results = Enumerable.Range(0, used.Length).Where(i => used[i]).ToArray();
        if (inputs.Length == Body.Inputs.Count && results.Length == used.Length && equations == Body.Equations)
        {
            return equation;
        }

        return equation with
        {
            Op = new LoopOp(
                Body with
                {
                    Inputs = inputs.Select(i => Body.Inputs[i]).ToEquatableArray(),
                    Equations = equations,
                    Outputs = results.Select(i => Body.Outputs[i]).ToEquatableArray(),
                },
                inputs.Count(i => i < Constants),
                results.Count(i => i < Carries),
                results.Count(i => i >= Carries && i < FirstSum),
                Length,
                Reversed,
                Element),
            Operands = inputs.Select(i => equation.Operands[i]).ToEquatableArray(),
            Results = results.Select(i => equation.Results[i]).ToEquatableArray(),
        };

        bool MarkRead()
        {
            var marked = false;
            for (var i = 0; i < Carries; i++)
            {
                if (!used[i] && read.Contains(Body.Inputs[Constants + i].Value))
                {
                    used[i] = marked = true;
                }
            }

            return marked;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<NdArray> Evaluate(IReadOnlyList<NdArray> operands, Bindings bindings)
    {
        var length = bindings.Of(Length);
        var carries = operands.Skip(Constants).Take(Carries).ToArray();
        var results = Body.Outputs.Select((o, i) => i < Carries
            ? carries[i]
            : NdArray.Generate(bindings.Of(i < FirstSum ? Stacked(o.Value.Type).Shape : o.Value.Shape), _ => 0)).ToArray();
        for (var step = 0L; step < length; step++)
        {
            var t = Reversed ? length - 1 - step : step;
            var here = bindings.With(Element, t);
            var inputs = Body.Inputs.Select((input, i) => (input.Name, Value: i < Constants ? operands[i]
                : i < FirstSequence ? carries[i - Constants]
                : new NdArray(here.Of(input.Value.Shape), [.. operands[i].Data.Skip(Before(input.Value)).Take((int)here.Of(input.Value.Shape.Elements))])));
            var outputs = Interpreter.Run(Body, inputs.ToDictionary(i => i.Name, i => i.Value), here);
            for (var i = 0; i < results.Length; i++)
            {
                var output = outputs[Body.Outputs[i].Name];
                if (i < Carries)
                {
                    results[i] = carries[i] = output;
                }
                else if (i < FirstSum)
                {
                    output.Data.CopyTo(results[i].Data, Before(Body.Outputs[i].Value));
                }
                else
                {
                    results[i] = results[i].Zip(output, (sum, term) => sum + term);
                }
            }

            // The numbers of the elements before this one.
            int Before(Value element) => (int)bindings.Of(element.Shape.Elements.Sum(Element, t)!);
        }

        return results;
    }

    private static Value? Of(IReadOnlyList<Value> results, int? position) => position is { } i ? results[i] : null;

    private TensorType Stacked(TensorType element) => element with { Shape = element.Shape.Stacked(Element, Length) ?? throw Uncountable(element.Shape) };

    /// <summary>Which carries a cotangent reaches on the way back.</summary>
    private bool[] ReachedBack(IReadOnlyList<Value?> cotangents)
    {
        var reached = new bool[Carries];
        var wanted = new HashSet<Value>();
        for (var changed = true; changed;)
        {
            wanted.UnionWith(Body.Outputs.Where((_, i) => cotangents[i] is not null || (i < Carries && reached[i])).Select(o => o.Value));
            foreach (var equation in Body.Equations.Reverse())
            {
                if (equation.Results.Any(wanted.Contains))
                {
                    wanted.UnionWith(equation.Operands.Where(o => o.IsReal));
                }
            }

            changed = Mark(reached, i => cotangents[i] is not null || wanted.Contains(Body.Inputs[Constants + i].Value));
        }

        return reached;
    }

    /// <summary>Which carries a tangent reaches.</summary>
    private bool[] ReachedForth(IReadOnlyList<Value?> tangents)
    {
        var reached = new bool[Carries];
        var moved = new HashSet<Value>();
        for (var changed = true; changed;)
        {
            moved.UnionWith(Body.Inputs.Where((_, i) => tangents[i] is not null || (i >= Constants && i < FirstSequence && reached[i - Constants])).Select(i => i.Value));
            foreach (var equation in Body.Equations)
            {
                if (equation.Operands.Any(moved.Contains))
                {
                    moved.UnionWith(equation.Results.Where(r => r.IsReal));
                }
            }

            changed = Mark(reached, i => tangents[Constants + i] is not null || moved.Contains(Body.Outputs[i].Value));
        }

        return reached;
    }

    private bool Mark(bool[] reached, Func<int, bool> reaches)
    {
        var changed = false;
        for (var i = 0; i < reached.Length; i++)
        {
            if (!reached[i] && Body.Inputs[Constants + i].Value.IsReal && reaches(i))
            {
                reached[i] = changed = true;
            }
        }

        return changed;
    }

    /// <summary>The body once more, within the loop of a derivative: every value that the loop gave as a stack is read from there.</summary>
    private sealed class Again
    {
        private readonly Dictionary<Value, Value> _inside = [];

        public Again(Equation equation, Builder b, bool reversed)
        {
            var loop = (LoopOp)equation.Op;
            Body = new(b, loop.Length, reversed);
            var stacks = new Dictionary<Value, Value>();
            for (var i = loop.Carries; i < loop.FirstSum; i++)
            {
                stacks[loop.Body.Outputs[i].Value] = equation.Results[i];
            }

            for (var i = 0; i < loop.Body.Inputs.Count; i++)
            {
                var input = loop.Body.Inputs[i].Value;
                _inside[input] = i < loop.Constants ? Body.Constant(equation.Operands[i])
                    : i >= loop.FirstSequence ? Body.Sequence(equation.Operands[i], input.Shape)
                    : loop.IsGrown(i - loop.Constants) ? Body.Constant(equation.Results[i - loop.Constants])
                    : Body.Sequence(stacks[input], input.Shape);
            }

            foreach (var inner in loop.Body.Equations)
            {
                Body.Builder.At = inner.At;
                var results = Body.Builder.ApplyAll(inner.Op, [.. inner.Operands.Select(Inside)]);
                for (var i = 0; i < results.Count; i++)
                {
                    _inside[inner.Results[i]] = results[i];
                }

                if (inner.Results.All(stacks.ContainsKey))
                {
                    for (var i = 0; i < results.Count; i++)
                    {
                        Body.Give(results[i], stacks[inner.Results[i]]);
                    }
                }
            }

            Body.Builder.At = null;
        }

        public LoopBody Body { get; }

        /// <summary>A value of the loop's body as the derivative's body knows it.</summary>
        public Value Inside(Value value) => _inside[value];
    }
}
