using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Loops;
using L2T.Dsl.Compiler.Ops;

namespace L2T.Dsl.Compiler.Planning;

/// <summary>Which memory each value of a program shares, and whether it lies there in row-major order.</summary>
internal sealed class Layout
{
    private readonly Dictionary<Value, Value> _root = [];
    private readonly HashSet<Value> _contiguous = [];

    /// <summary>What lies in another order than row by row: libtorch gives what it computes pointwise from it that order too.</summary>
    private readonly HashSet<Value> _reordered = [];

    /// <param name="program">The program.</param>
    /// <param name="frame">For the body of a loop, what it stands in.</param>
    public Layout(Program program, LoopFrame? frame)
    {
        foreach (var input in program.Inputs)
        {
            _root[input.Value] = input.Value;
            if (frame?.IsContiguous(input.Value) != false)
            {
                _contiguous.Add(input.Value);
            }
            else
            {
                _reordered.Add(input.Value);
            }
        }

        foreach (var equation in program.Equations)
        {
            var form = equation.Form;
            foreach (var result in equation.Results)
            {
                var isView = IsView(equation);
                _root[result] = isView ? _root[equation.Operands[0]] : result;
                if (IsReordered(equation, isView))
                {
                    _reordered.Add(result);
                }
                else if (!isView || form.KeepsLayout || (equation.Op is NarrowOp { Axis: 0 } && IsContiguous(equation.Operands[0])))
                {
                    _contiguous.Add(result);
                }
            }

            if (equation.Op is LoopOp loop)
            {
                foreach (var (result, carry, _) in LoopFrame.PartsOf(loop))
                {
                    _root[equation.Results[result]] = equation.Results[carry];
                }
            }
        }
    }

    private bool IsReordered(Equation equation, bool isView) => equation.Op switch
    {
        LoopOp or MatMulOp or Conv2dOp or ReshapeOp => false,
        PermuteOp => isView,
        _ => equation.Operands.Any(_reordered.Contains),
    };

    /// <summary>Whether an equation only looks at its operand's memory in another way.</summary>
    public bool IsView(Equation equation)
    {
        var form = equation.Form;
        return form.IsView && (!form.KeepsLayout || IsContiguous(equation.Operands[0]));
    }

    /// <summary>The value whose memory a value shares; itself if it has its own.</summary>
    public Value Root(Value value) => _root[value];

    /// <summary>Whether a value's elements lie in row-major order without gaps.</summary>
    public bool IsContiguous(Value value) => _contiguous.Contains(value);
}
