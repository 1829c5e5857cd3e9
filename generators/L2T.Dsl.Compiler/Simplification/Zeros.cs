using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
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

        var zero = new HashSet<Value>(inputs);
        var same = new Dictionary<Value, Value>();
        var equations = new List<Equation>();
        foreach (var original in program.Equations)
        {
            var equation = original with { Operands = original.Operands.Select(Same).ToEquatableArray() };
            bool[] isZero = [.. equation.Operands.Select(zero.Contains)];
            switch (equation.Op)
            {
                case var op when isZero.Any(z => z) && op.IsZeroWhen(isZero):
                    zero.UnionWith(equation.Results);
                    break;
                case AddOp or SubOp when isZero[1]:
                    same[equation.Result] = equation.Operands[0];
                    break;
                case AddOp when isZero[0]:
                    same[equation.Result] = equation.Operands[1];
                    break;
                default:
                    equations.Add(equation);
                    break;
            }
        }

        var outputs = program.Outputs.Select(o => o with { Value = Same(o.Value) }).ToEquatableArray();

        // What still needs a zero finds it as a constant.
        var needed = equations.SelectMany(e => e.Operands).Concat(outputs.Select(o => o.Value)).Where(zero.Contains).Distinct();
        var constants = needed.Select(v => new Equation(new FullOp(v.Shape, 0), [], [v], null));
        return program with
        {
            Inputs = program.Inputs.Where(i => !inputs.Contains(i.Value)).ToEquatableArray(),
            Equations = constants.Concat(equations).ToEquatableArray(),
            Outputs = outputs,
        };

        Value Same(Value value) => same.TryGetValue(value, out var other) ? other : value;
    }
}
