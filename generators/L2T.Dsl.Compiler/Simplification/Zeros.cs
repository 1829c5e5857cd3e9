using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Loops;
using L2T.Dsl.Compiler.Ops;

namespace L2T.Dsl.Compiler.Simplification;

/// <summary>Takes inputs that are always zero out of a program, and with them what is zero because they are.</summary>
public static class Zeros
{
    /// <summary>The program without these inputs.</summary>
    public static Program Rewrite(Program program, IReadOnlyCollection<Value> inputs)
    {
        if (inputs.Count == 0)
        {
            return program;
        }

        var walk = new Walk(program, inputs);
        return Without(program, walk, _ => true);
    }

    /// <summary>The program with the equations that a walk left, without the inputs that it took for zero, with these outputs.</summary>
    private static Program Without(Program program, Walk walk, Func<int, bool> keeps)
    {
        var outputs = program.Outputs.Where((_, i) => keeps(i)).Select(o => o with { Value = walk.Same(o.Value) }).ToEquatableArray();

        // What still needs a zero finds it as a constant.
        var needed = walk.Equations.SelectMany(e => e.Operands).Concat(outputs.Select(o => o.Value)).Where(walk.IsZero).Distinct();
        var constants = needed.Select(v => new Equation(new FullOp(v.Shape, 0), [], [v], null));
        return program with
        {
            Inputs = program.Inputs.Where(i => !walk.IsZero(i.Value)).ToEquatableArray(),
            Equations = constants.Concat(walk.Equations).ToEquatableArray(),
            Outputs = outputs,
        };
    }

    /// <summary>One pass through the equations: which values are zero, and which are others.</summary>
    private sealed class Walk
    {
        private readonly HashSet<Value> _zero;
        private readonly Dictionary<Value, Value> _same = [];
        private readonly List<Equation> _equations = [];

        public Walk(Program program, IEnumerable<Value> zero)
        {
            _zero = [.. zero];
            foreach (var original in program.Equations)
            {
                var equation = original with { Operands = original.Operands.Select(Same).ToEquatableArray() };
                bool[] isZero = [.. equation.Operands.Select(_zero.Contains)];
                switch (equation.Op)
                {
                    case var op when isZero.Any(z => z) && op.IsZeroWhen(isZero):
                        _zero.UnionWith(equation.Results);
                        break;
                    case AddOp or SubOp or AddAtOp when isZero[1]:
                        _same[equation.Result] = equation.Operands[0];
                        break;
                    case AddOp when isZero[0]:
                        _same[equation.Result] = equation.Operands[1];
                        break;
                    case LoopOp loop when isZero.Any(z => z):
                        Repeat(equation, loop, isZero);
                        break;
                    default:
                        _equations.Add(equation);
                        break;
                }
            }
        }

        public IReadOnlyList<Equation> Equations => _equations;

        public bool IsZero(Value value) => _zero.Contains(value);

        public Value Same(Value value) => _same.TryGetValue(value, out var other) ? other : value;

        /// <summary>A carry is zero if it begins so and every iteration that finds it so leaves it so.</summary>
        private void Repeat(Equation equation, LoopOp loop, bool[] isZero)
        {
            var zero = isZero.ToArray();
            Walk walk;
            do
            {
                walk = new(loop.Body, loop.Body.Inputs.Where((_, i) => zero[i]).Select(i => i.Value));
            }
            while (Unmark());

            var kept = Enumerable.Range(0, equation.Results.Count)
                .Where(i => i < loop.Carries ? !zero[loop.Constants + i] : !walk.IsZero(walk.Same(loop.Body.Outputs[i].Value)))
                .ToArray();
            _zero.UnionWith(equation.Results.Where((_, i) => !kept.Contains(i)));
            if (kept.Length == 0)
            {
                return;
            }

            var operands = Enumerable.Range(0, zero.Length).Where(i => !zero[i]).ToArray();
            _equations.Add(equation with
            {
                Op = new LoopOp(
                    Without(loop.Body, walk, kept.Contains),
                    operands.Count(i => i < loop.Constants),
                    kept.Count(i => i < loop.Carries),
                    kept.Count(i => i >= loop.Carries && i < loop.FirstSum),
                    loop.Length,
                    loop.Reversed,
                    loop.Element),
                Operands = operands.Select(i => equation.Operands[i]).ToEquatableArray(),
                Results = kept.Select(i => equation.Results[i]).ToEquatableArray(),
            });

            bool Unmark()
            {
                var unmarked = false;
                for (var i = 0; i < loop.Carries; i++)
                {
                    if (zero[loop.Constants + i] && !walk.IsZero(walk.Same(loop.Body.Outputs[i].Value)))
                    {
                        zero[loop.Constants + i] = false;
                        unmarked = true;
                    }
                }

                return unmarked;
            }
        }
    }
}
