using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Simplification;

/// <summary>
/// Takes a sum over what waits for other sums term by term, where that is linear in what does not wait: sum(c x + y) = c sum(x) + sum(y) for
/// a c that is the same along the dimensions summed. All sums are then taken in one pass over memory, and what they are for in the next: without
/// it, the gradient of a normalisation goes three times through its activations.
/// </summary>
public static class LinearSums
{
    // Sums beyond these no longer fit the registers of a loop.
    private const int MostSums = 8;

    // A value that comes up again and again in a sum is looked through each time.
    private const int MostSteps = 64;

    /// <summary>The program with such sums rewritten.</summary>
    public static Program Rewrite(Program program) => new Walk(program).Rewrite();

    /// <summary>factor * product of <see cref="Coefficients"/> * element; the element is 1 where there is none.</summary>
    private sealed record Term(Scalar Factor, EquatableArray<Value> Coefficients, Value? Element);

    private sealed class Walk(Program program)
    {
        private readonly Dictionary<Value, Equation> _binders = program.Equations.SelectMany(e => e.Results.Select(r => (r, e))).ToDictionary(b => b.r, b => b.e);
        private readonly Dictionary<Value, int> _waits = [];
        private readonly Dictionary<(Value Of, EquatableArray<int> Axes), Value> _sums = [];
        private readonly Dictionary<Value, Value> _same = [];
        private readonly List<Equation> _equations = [];
        private int _steps;
        private int _next = program.Inputs.Select(i => i.Value.Index).Concat(program.Equations.SelectMany(e => e.Results).Select(r => r.Index)).DefaultIfEmpty(-1).Max() + 1;

        public Program Rewrite()
        {
            foreach (var equation in program.Equations)
            {
                var waits = equation.Operands.Select(Waits).DefaultIfEmpty(0).Max();
                foreach (var value in equation.Results)
                {
                    _waits[value] = equation.Op is SumOp ? waits + 1 : waits;
                }

                if (equation.Op is not SumOp sum)
                {
                    _equations.Add(equation with { Operands = equation.Operands.Select(Same).ToEquatableArray() });
                    continue;
                }

                var (of, result) = (equation.Operands[0], equation.Result);
                _steps = 0;
                if (_sums.TryGetValue((of, sum.Axes), out var taken))
                {
                    _same[result] = taken;
                }
                else if (Terms(sum, of, waits, Scalar.Of(1.0), []) is { } terms && terms.Select(t => t.Element).OfType<Value>().Distinct().Count() <= MostSums)
                {
                    _sums[(of, sum.Axes)] = _same[result] = Write(equation, sum, terms);
                }
                else
                {
                    _equations.Add(equation with { Operands = [Same(of)] });
                    _sums[(of, sum.Axes)] = result;
                }
            }

            return _same.Count == 0 ? program : DeadCode.Remove(program with
            {
                Equations = _equations.ToEquatableArray(),
                Outputs = program.Outputs.Select(o => o with { Value = Same(o.Value) }).ToEquatableArray(),
            });
        }

        private Value Same(Value value) => _same.TryGetValue(value, out var other) ? other : value;

        /// <summary>How many sums must be taken one after the other before a value can be computed.</summary>
        private int Waits(Value value) => _waits.TryGetValue(value, out var waits) ? waits : 0;

        /// <summary>The terms of a value that wait for less than it does; null where it is not linear in such, or their sums would take a pass of their own.</summary>
        private IReadOnlyList<Term>? Terms(SumOp sum, Value value, int waits, Scalar factor, EquatableArray<Value> coefficients)
        {
            if (++_steps > MostSteps)
            {
                return null;
            }

            var binder = _binders.TryGetValue(value, out var equation) ? equation : null;
            if (binder is { Op: ExpandOp } && Coefficient(sum, value) is { } constant)
            {
                return [new(factor * value.Shape.Count(sum.Axes), [.. coefficients, constant], null)];
            }

            if (Waits(value) < waits)
            {
                return _sums.ContainsKey((value, sum.Axes)) || binder?.Form.Lane is not null ? [new(factor, coefficients, value)] : null;
            }

            switch (binder)
            {
                case { Op: ScaleOp { Factor: var times } }:
                    return Terms(sum, binder.Operands[0], waits, factor * times, coefficients);
                case { Op: AddOp }:
                    return Both(Scalar.Of(1.0));
                case { Op: SubOp }:
                    return Both(Scalar.Of(-1.0));
                case { Op: MulOp }:
                    for (var i = 0; i < 2; i++)
                    {
                        if (Coefficient(sum, binder.Operands[i]) is { } other)
                        {
                            return Terms(sum, binder.Operands[1 - i], waits, factor, [.. coefficients, other]);
                        }
                    }

                    return null;
                default:
                    return null;
            }

            IReadOnlyList<Term>? Both(Scalar second) =>
                Terms(sum, binder.Operands[0], waits, factor, coefficients) is { } left && Terms(sum, binder.Operands[1], waits, factor * second, coefficients) is { } right
                    ? [.. left, .. right]
                    : null;
        }

        /// <summary>What is repeated along the dimensions of a sum and nowhere else; null where a value is more than that.</summary>
        private Value? Coefficient(SumOp sum, Value value) =>
            _binders.TryGetValue(value, out var binder) && binder is { Op: ExpandOp } && binder.Operands[0].Shape == value.Shape.Keeping(sum.Axes) ? binder.Operands[0] : null;

        /// <summary>Writes the terms' sums, equal ones once, and what they come to.</summary>
        private Value Write(Equation equation, SumOp sum, IReadOnlyList<Term> terms)
        {
            return terms
                .GroupBy(t => (t.Coefficients, t.Element), (key, equal) => new Term(equal.Select(t => t.Factor).Aggregate((x, y) => x + y), key.Coefficients, key.Element))
                .Select(Value)
                .Aggregate((x, y) => Apply(new AddOp(), x, y));

            Value Value(Term term)
            {
                Value? value = null;
                if (term.Element is { } element && !_sums.TryGetValue((element, sum.Axes), out value))
                {
                    _sums[(element, sum.Axes)] = value = Apply(sum, Same(element));
                }

                foreach (var coefficient in term.Coefficients.Select(Same))
                {
                    value = value is null ? coefficient : Apply(new MulOp(), value, coefficient);
                }

                return term.Factor.Value == 1 ? value! : Apply(new ScaleOp(term.Factor), value!);
            }

            Value Apply(Op op, params Value[] operands)
            {
                var result = equation.Result with { Index = _next++ };
                _equations.Add(new(op, [.. operands], [result], equation.At));
                return result;
            }
        }
    }
}
