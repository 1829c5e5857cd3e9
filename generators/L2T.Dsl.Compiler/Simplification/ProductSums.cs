using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;

namespace L2T.Dsl.Compiler.Simplification;

/// <summary>
/// Lets the second product of a sum of two, or the second convolution, be added to the first in place: both would be held
/// as long as the sum is. Sums with anything else are left to the fused loops, where they cost nothing.
/// </summary>
public static class ProductSums
{
    /// <summary>The program with such sums rewritten.</summary>
    public static Program Rewrite(Program program)
    {
        var uses = program.Equations.SelectMany(e => e.Operands).Concat(program.Outputs.Select(o => o.Value)).ToLookup(v => v);
        var binders = program.Equations.ToDictionary(e => e.Results[0]);
        var outputs = new HashSet<Value>(program.Outputs.Select(o => o.Value));
        var equations = program.Equations.Select(equation =>
        {
            // What leaves the kernel is handed over product by product.
            if (equation.Op is not AddOp || outputs.Contains(equation.Results[0]) || OnlyProduct(equation.Operands[0]) is null || OnlyProduct(equation.Operands[1]) is not { } second)
            {
                return equation;
            }

            return equation with
            {
                Op = new AddProductOp((PrimitiveOp)second.Op),
                Operands = [equation.Operands[0], second.Operands[0], second.Operands[1]],
            };
        });
        return DeadCode.Remove(program with { Equations = equations.ToEquatableArray() });

        Equation? OnlyProduct(Value value) =>
            uses[value].Count() == 1 && binders.TryGetValue(value, out var binder) && binder.Op is MatMulOp or Conv2dOp or ConvInputGradientOp ? binder : null;
    }
}
