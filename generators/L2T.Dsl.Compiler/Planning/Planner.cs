using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Planning;

/// <summary>Decides order, loops, homes and lifetimes of a kernel's values; the emitter only writes it down.</summary>
public static class Planner
{
    /// <summary>Plans a kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="fuse">Whether pointwise ops are gathered into loops over host memory; else each is a libtorch call.</param>
    public static ExecutionPlan Plan(KernelProgram kernel, bool fuse) => Plan(kernel, fuse, null);

    /// <summary>Plans a kernel, or the body of a loop in its frame.</summary>
    internal static ExecutionPlan Plan(KernelProgram kernel, bool fuse, LoopFrame? frame)
    {
        var layout = new Layout(kernel.Program, frame);
        var uses = Uses(kernel.Program);
        var binders = kernel.Program.Equations.SelectMany(e => e.Results.Select(r => (r, e))).ToDictionary(b => b.r, b => b.e);
        var (sinks, dissolved) = SplitSinks(kernel, uses, binders);
        var absorbed = Absorbable(kernel, sinks, layout, uses, binders);
        var items = Schedule.Of(kernel, layout, [.. absorbed.Values, .. dissolved], fuse);
        return new Homes(kernel, layout, items, sinks, absorbed, fuse, frame).Plan();
    }

    /// <summary>One entry for each value handed over; a sum that goes nowhere else is handed over part by part.</summary>
    private static (IReadOnlyList<(Value Value, Sink Sink)> Sinks, IReadOnlyList<Equation> Dissolved) SplitSinks(
        KernelProgram kernel,
        IReadOnlyDictionary<Value, int> uses,
        IReadOnlyDictionary<Value, Equation> binders)
    {
        var program = kernel.Program;
        var split = new List<(Value, Sink)>();
        var dissolved = new List<Equation>();
        for (var i = 0; i < program.Outputs.Count; i++)
        {
            Split(program.Outputs[i].Value, kernel.Sinks[i]);
        }

        return (split, dissolved);

        void Split(Value value, Sink sink)
        {
            if (IsSum(sink) && uses[value] == 1 && binders.TryGetValue(value, out var binder) && binder.Op is Ops.AddOp)
            {
                dissolved.Add(binder);
                Split(binder.Operands[0], sink);
                Split(binder.Operands[1], sink);
            }
            else
            {
                split.Add((value, sink));
            }
        }
    }

    /// <summary>
    /// The outputs that their op adds to the block itself, so that they never exist. Not where an operand is a block
    /// of the kernel: blocks may be one another, and the sum would be read while it is being written.
    /// </summary>
    private static Dictionary<Value, Equation> Absorbable(
        KernelProgram kernel,
        IReadOnlyList<(Value Value, Sink Sink)> sinks,
        Layout layout,
        IReadOnlyDictionary<Value, int> uses,
        IReadOnlyDictionary<Value, Equation> binders)
    {
        var blocks = new HashSet<Value>(kernel.Program.Inputs.Where(i => i.Role is not (InputRole.Data or InputRole.Kept or InputRole.Constant or InputRole.Carry or InputRole.Element)).Select(i => i.Value));
        return sinks
            .Where(s => IsSum(s.Sink) && uses[s.Value] == 1 && binders.ContainsKey(s.Value))
            .Select(s => binders[s.Value])
            .Where(e => e.Form.Accumulate is not null && !e.Operands.Any(o => blocks.Contains(layout.Root(o))))
            .ToDictionary(e => e.Result);
    }

    private static bool IsSum(Sink sink) => sink.Kind is SinkKind.Add or SinkKind.Sum;

    private static Dictionary<Value, int> Uses(Program program) =>
        program.Equations.SelectMany(e => e.Operands)
            .Concat(program.Outputs.Select(o => o.Value))
            .Concat(program.Equations.SelectMany(e => e.Results))
            .Concat(program.Inputs.Select(i => i.Value))
            .GroupBy(v => v)
            .ToDictionary(g => g.Key, g => g.Count() - 1);
}
