using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Planning;

/// <summary>How a sum is taken of what comes by in a loop over rows and columns.</summary>
/// <param name="Inner">How many trailing dimensions are the columns.</param>
/// <param name="AlongRows">Whether each row is summed to one number; else the rows are added up.</param>
/// <param name="Period">After how many rows their numbers are added to the first ones again; null where each row has one of its own.</param>
public sealed record SumSplit(int Inner, bool AlongRows, Dim? Period)
{
    /// <summary>
    /// The split of a sum over the first dimensions ([N, H] to [1, H]), the last ones ([N, H] to [N, 1]), or both
    /// ([N, C, H] to [1, C, 1]); null for any other equation.
    /// </summary>
    public static SumSplit? Of(Equation equation)
    {
        if (equation.Op is not SumOp { Axes: var axes })
        {
            return null;
        }

        var shape = equation.Operands[0].Shape;
        var leading = Enumerable.Range(0, shape.Rank).TakeWhile(axes.Contains).Count();
        var trailing = Enumerable.Range(0, shape.Rank).Reverse().TakeWhile(axes.Contains).Count();
        if (axes.Count == 0 || axes.Count == shape.Rank || leading + trailing != axes.Count)
        {
            return null;
        }

        return trailing == 0
            ? new(shape.Rank - leading, false, null)
            : new(trailing, true, leading == 0 ? null : shape.Dims.Skip(leading).Take(shape.Rank - axes.Count).Aggregate(Dim.One, (n, d) => n * d));
    }
}
