using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Planning;

/// <summary>
/// Orders the equations and gathers pointwise ones into loops. A pointwise equation waits until nothing else can
/// run, so that as many of its kind as possible are ready together and share one pass over memory.
/// </summary>
internal sealed class Schedule
{
    // Rows shorter than a few vectors are better run over as one.
    private const int ShortRow = 64;

    private readonly Layout _layout;
    private readonly HashSet<Value> _computed;
    private readonly List<Equation> _waiting;
    private readonly IReadOnlyDictionary<Value, Equation> _binders;
    private readonly ILookup<Value, Equation> _users;
    private readonly HashSet<Value> _outputs;
    private readonly HashSet<Equation> _fusible;

    private Schedule(KernelProgram kernel, Layout layout, IReadOnlyCollection<Equation> absorbed)
    {
        var program = kernel.Program;
        _layout = layout;
        _users = program.Equations.SelectMany(e => e.Operands.Distinct().Select(o => (o, e))).ToLookup(u => u.o, u => u.e);
        _binders = program.Equations.SelectMany(e => e.Results.Select(r => (r, e))).ToDictionary(b => b.r, b => b.e);
        _outputs = [.. program.Outputs.Select(o => o.Value)];
        _computed = [.. program.Inputs.Select(i => i.Value)];
        _waiting = [.. program.Equations.Where(e => !absorbed.Contains(e))];
        _fusible = [.. program.Equations.Where(CanFuse)];
    }

    /// <summary>An equation by itself, or a group of pointwise ones.</summary>
    public sealed record Item(IReadOnlyList<Equation> Equations, Dim Rows, Dim Columns, IReadOnlyList<Load> Loads, IReadOnlyList<Equation> Sums)
    {
        public bool IsFused => Loads.Count > 0;
    }

    public static IReadOnlyList<Item> Of(KernelProgram kernel, Layout layout, IReadOnlyCollection<Equation> absorbed, bool fuse)
    {
        var schedule = new Schedule(kernel, layout, absorbed);
        var items = new List<Item>();
        while (schedule._waiting.Count > 0)
        {
            items.Add(schedule.Next(fuse));
        }

        return items;
    }

    private Item Next(bool fuse)
    {
        var alone = _waiting.FirstOrDefault(e => IsReady(e) && !(fuse && IsFusible(e)));
        if (alone is not null)
        {
            return Alone(alone);
        }

        var first = _waiting.First(IsReady);
        var ready = Gather(first.Result.Shape, _waiting);
        if (ready.Count == 0)
        {
            // A broadcast in the middle of a shape fits no loop of rows and columns.
            return Alone(first);
        }

        var group = new Group(_layout);
        foreach (var equation in WithoutEarly(ready))
        {
            group.TryAdd(equation, Binder);
            Complete(equation);
        }

        foreach (var sum in _waiting.Where(group.TrySum).ToArray())
        {
            Complete(sum);
        }

        return group.Close(first.Result.Shape);
    }

    /// <summary>The pointwise equations of one shape that can run now, one after the other.</summary>
    private IReadOnlyList<Equation> Gather(Shape shape, IEnumerable<Equation> candidates)
    {
        var group = new Group(_layout);
        var gathered = new List<Equation>();
        var results = new HashSet<Value>();
        foreach (var equation in candidates)
        {
            if (equation.Results.Count == 1
                && equation.Result.Shape == shape
                && equation.Operands.All(o => _computed.Contains(o) || results.Contains(o))
                && IsFusible(equation)
                && group.TryAdd(equation, Binder))
            {
                gathered.Add(equation);
                results.Add(equation.Result);
            }
        }

        return gathered;
    }

    /// <summary>
    /// Leaves out what only later loops read: computed there, it needs no buffer. Unless nothing would be left.
    /// </summary>
    private IReadOnlyList<Equation> WithoutEarly(IReadOnlyList<Equation> ready)
    {
        var kept = new List<Equation>(ready);
        for (var i = kept.Count - 1; i >= 0; i--)
        {
            var result = kept[i].Result;
            if (!_outputs.Contains(result) && _users[result].All(u => !kept.Contains(u) && u.Result.Shape == result.Shape && IsFusible(u)))
            {
                kept.RemoveAt(i);
            }
        }

        return kept.Count > 0 ? kept : ready;
    }

    private Item Alone(Equation equation)
    {
        Complete(equation);
        return new([equation], Dim.Zero, Dim.Zero, [], []);
    }

    private Equation? Binder(Value value) => _binders.TryGetValue(value, out var equation) ? equation : null;

    private void Complete(Equation equation)
    {
        _waiting.Remove(equation);
        _computed.UnionWith(equation.Results);
    }

    private bool IsReady(Equation equation) => equation.Operands.All(_computed.Contains);

    private bool IsFusible(Equation equation) => _fusible.Contains(equation);

    private bool CanFuse(Equation equation) =>
        equation.Form.Lane is not null
        && equation.Result.IsReal
        && equation.Operands.Count > 0
        && equation.Operands.All(o => o.IsReal && (_layout.IsContiguous(o) || Binder(o)?.Op is ExpandOp || IsStretch(_layout, Binder(o))));

    /// <summary>Whether an equation takes a stretch of the rows of something that lies in row-major order.</summary>
    private static bool IsStretch(Layout layout, Equation? equation) => equation?.Op is NarrowOp && layout.IsContiguous(equation.Operands[0]);

    /// <summary>A group that is being gathered.</summary>
    private sealed class Group(Layout layout)
    {
        private readonly List<Equation> _equations = [];
        private readonly HashSet<Value> _results = [];
        private readonly List<Load> _loads = [];
        private readonly List<Equation> _sums = [];

        /// <summary>How many trailing dimensions the inner loop runs over; null while any number will do.</summary>
        private int? _inner;

        public bool IsEmpty => _equations.Count == 0;

        public bool TryAdd(Equation equation, Func<Value, Equation?> binder)
        {
            var loads = new List<Load>();
            var inner = _inner;
            foreach (var operand in equation.Operands.Distinct())
            {
                if (_results.Contains(operand) || _loads.Any(l => l.Value == operand))
                {
                    continue;
                }

                if (Classify(operand, binder(operand), ref inner) is not { } load)
                {
                    return false;
                }

                loads.Add(load);
            }

            _inner = inner;
            _loads.AddRange(loads);
            _equations.Add(equation);
            _results.Add(equation.Result);
            return true;
        }

        public Item Close(Shape shape)
        {
            var inner = _inner ?? shape.Rank;
            var columns = shape.Dims.Skip(shape.Rank - inner).Aggregate(Dim.One, (n, d) => n * d);
            var rows = shape.Dims.Take(shape.Rank - inner).Aggregate(Dim.One, (n, d) => n * d);
            return new(_equations, rows, columns, _loads, _sums);
        }

        /// <summary>Takes in the sum of a result over all rows or along each, if that is what an equation is.</summary>
        public bool TrySum(Equation equation)
        {
            if (!_results.Contains(equation.Operands[0]) || SumSplit.Of(equation) is not { } split)
            {
                return false;
            }

            var shape = equation.Operands[0].Shape;
            var inner = split.Inner;
            var columns = shape.Dims.Skip(shape.Rank - inner).Aggregate(Dim.One, (n, d) => n * d);
            if ((_inner ?? inner) != inner || (_inner is null && columns.Value < ShortRow))
            {
                return false;
            }

            _inner = inner;
            _sums.Add(equation);
            return true;
        }

        /// <summary>How an operand varies over the loop; null if it does not go with the split of the loop so far.</summary>
        private Load? Classify(Value operand, Equation? binder, ref int? inner)
        {
            if (!layout.IsContiguous(operand) && IsStretch(layout, binder))
            {
                return Stretch(operand, binder!, ref inner);
            }

            if (binder?.Op is not ExpandOp)
            {
                return new(operand, operand, LoadPattern.Full);
            }

            var source = binder.Operands[0];
            if (!layout.IsContiguous(source))
            {
                return null;
            }

            var target = operand.Shape;
            var repeated = Enumerable.Range(0, target.Rank)
                .Select(i => i - (target.Rank - source.Shape.Rank))
                .Select(i => i < 0 || source.Shape[i].Value == 1)
                .ToArray();
            if (repeated.All(r => r))
            {
                return new(operand, source, LoadPattern.Single);
            }

            // Repeated in front, one element a column behind: [H] over [N, H]. The other way round: [N, 1] over [N, H].
            // Both: [C, 1] over [N, C, H].
            var leading = repeated.TakeWhile(r => r).Count();
            var trailing = Enumerable.Reverse(repeated).TakeWhile(r => r).Count();
            var middle = target.Dims.Skip(leading).Take(target.Rank - leading - trailing).ToArray();
            var (pattern, split) = (leading, trailing) switch
            {
                ( > 0, > 0) => (LoadPattern.Cycle, trailing),
                ( > 0, _) => (LoadPattern.Row, target.Rank - leading),
                _ => (LoadPattern.Column, trailing),
            };
            if (trailing + leading == 0 || repeated.Skip(leading).Take(middle.Length).Any(r => r) || (inner is { } other && other != split))
            {
                return null;
            }

            inner = split;
            return new(operand, source, pattern) { Period = pattern == LoadPattern.Cycle ? middle.Aggregate(Dim.One, (n, d) => n * d) : null };
        }

        private static Load? Stretch(Value operand, Equation binder, ref int? inner)
        {
            var narrow = (NarrowOp)binder.Op;
            var source = binder.Operands[0];
            var split = source.Shape.Rank - narrow.Axis;
            if ((inner ?? split) != split)
            {
                return null;
            }

            inner = split;
            var behind = source.Shape.Dims.Skip(narrow.Axis + 1).Aggregate(Dim.One, (n, d) => n * d);
            return new(operand, source, LoadPattern.Stretch) { Stride = source.Shape[narrow.Axis] * behind, Offset = narrow.Start * behind };
        }
    }
}
