using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Planning;

/// <summary>
/// Orders the equations and gathers pointwise ones into loops. A pointwise equation waits until nothing else can
/// run, so that as many of its kind as possible are ready together and share one pass over memory. What an earlier loop
/// computed a later one computes again where that takes no more reading than reading it would, so that it need not be kept.
/// </summary>
internal sealed class Schedule
{
    // Rows shorter than a few vectors are better run over as one.
    private const int ShortRow = 64;

    // More arithmetic than this for one read costs more than the read.
    private const int LongestAgain = 16;

    private readonly Layout _layout;
    private readonly HashSet<Value> _computed;
    private readonly Dictionary<Value, int> _distance = [];
    private readonly List<Equation> _waiting;
    private readonly HashSet<Equation> _isWaiting;
    private readonly IReadOnlyDictionary<Value, Equation> _binders;
    private readonly IReadOnlyDictionary<Equation, int> _positions;
    private readonly ILookup<Value, Equation> _users;
    private readonly ILookup<Value, Equation> _rootUsers;
    private readonly HashSet<Value> _outputs;
    private readonly HashSet<Value> _held;
    private readonly HashSet<Equation> _fusible;

    private Schedule(KernelProgram kernel, Layout layout, IReadOnlyCollection<Equation> absorbed)
    {
        var program = kernel.Program;
        _layout = layout;
        _users = program.Equations.SelectMany(e => e.Operands.Distinct().Select(o => (o, e))).ToLookup(u => u.o, u => u.e);
        _binders = program.Equations.SelectMany(e => e.Results.Select(r => (r, e))).ToDictionary(b => b.r, b => b.e);
        _positions = program.Equations.Select((e, i) => (e, i)).ToDictionary(p => p.e, p => p.i);
        _outputs = [.. program.Outputs.Select(o => o.Value)];
        _computed = [.. program.Inputs.Select(i => i.Value)];
        _waiting = [.. program.Equations.Where(e => !absorbed.Contains(e))];
        _isWaiting = [.. _waiting];
        _fusible = [.. program.Equations.Where(CanFuse)];
        _rootUsers = program.Equations.Where(e => !layout.IsView(e)).SelectMany(e => e.Operands.Select(layout.Root).Distinct().Select(o => (o, e))).ToLookup(u => u.o, u => u.e);
        _held = [.. program.Inputs.Select(i => i.Value), .. _outputs.Select(layout.Root), .. absorbed.SelectMany(e => e.Operands).Select(layout.Root)];
    }

    /// <summary>An equation by itself, or a group of pointwise ones.</summary>
    /// <param name="Equations">What is run, in order; the first of them may have been run before.</param>
    /// <param name="Again">How many have.</param>
    public sealed record Item(IReadOnlyList<Equation> Equations, int Again, Dim Rows, Dim Columns, IReadOnlyList<Load> Loads, IReadOnlyList<Equation> Sums)
    {
        public bool IsFused => Loads.Count > 0;

        /// <summary>What was not run before.</summary>
        public IEnumerable<Equation> New => Equations.Skip(Again);
    }

    public static IReadOnlyList<Item> Of(KernelProgram kernel, Layout layout, IReadOnlyCollection<Equation> absorbed, bool fuse)
    {
        var schedule = new Schedule(kernel, layout, absorbed);
        var items = new List<Item>();
        while (schedule._waiting.Count > 0)
        {
            items.Add(schedule.Next(fuse));
        }

        return WithoutUnread(items, kernel.Program.Outputs.Select(o => o.Value).Concat(absorbed.SelectMany(e => e.Operands)), layout);
    }

    /// <summary>Leaves out of loops what nobody reads any more, since those who would have compute it again.</summary>
    private static IReadOnlyList<Item> WithoutUnread(IReadOnlyList<Item> items, IEnumerable<Value> outputs, Layout layout)
    {
        var read = new HashSet<Value>(outputs);
        var left = new List<Item>();
        for (var i = items.Count - 1; i >= 0; i--)
        {
            var item = items[i];
            if (item.IsFused)
            {
                Equation[] sums = [.. item.Sums.Where(s => read.Contains(s.Result))];
                var inside = new HashSet<Value>(sums.SelectMany(s => s.Operands));
                var equations = new Stack<Equation>();
                var again = 0;
                for (var j = item.Equations.Count - 1; j >= 0; j--)
                {
                    var equation = item.Equations[j];
                    if (inside.Contains(equation.Result) || (j >= item.Again && read.Contains(equation.Result)))
                    {
                        equations.Push(equation);
                        inside.UnionWith(equation.Operands);
                        again += j < item.Again ? 1 : 0;
                    }
                }

                if (equations.Count == 0)
                {
                    continue;
                }

                item = item with { Equations = [.. equations], Again = again, Sums = sums, Loads = [.. item.Loads.Where(l => inside.Contains(l.Value))] };
                read.UnionWith(item.Loads.Select(l => l.Source));
            }
            else if (!layout.IsView(item.Equations[0]) || item.Equations[0].Results.Any(read.Contains))
            {
                read.UnionWith(item.Equations[0].Operands);
            }

            left.Add(item);
        }

        left.Reverse();
        return left;
    }

    private Item Next(bool fuse)
    {
        _distance.Clear();
        var alone = _waiting.FirstOrDefault(e => IsReady(e) && !(fuse && IsFusible(e)) && !IsEarly(e));
        if (alone is not null)
        {
            return Alone(alone);
        }

        var first = _waiting.FirstOrDefault(e => IsReady(e) && !IsEarly(e)) ?? _waiting.First(IsReady);
        if (!(fuse && IsFusible(first)))
        {
            return Alone(first);
        }

        // What a loop over another shape makes ready may join one whose results can all wait.
        var due = _waiting.Where(e => IsReady(e) && !IsEarly(e))
            .Select(e => e.Result.Shape)
            .Distinct()
            .Select(shape => (Shape: shape, Equations: WithoutEarly(Gather(shape, _waiting))))
            .FirstOrDefault(g => g.Equations.Count > 0);
        var shape = due.Shape ?? first.Result.Shape;
        var ready = due.Equations ?? Due(Gather(shape, _waiting), first);
        if (ready.Count == 0)
        {
            // A broadcast in the middle of a shape fits no loop of rows and columns.
            return Alone(first);
        }

        var group = new Group(_layout);
        foreach (var equation in ready)
        {
            group.TryAdd(equation, Binder);
            Complete(equation);
        }

        // First those that something here waits for; of what only leaves the kernel, a pass of its own is not in the way.
        foreach (var sum in _waiting.OrderBy(e => _users[e.Results[0]].Any(u => !_layout.IsView(u) || _users[u.Results[0]].Any()) ? 0 : 1).Where(group.TrySum).ToArray())
        {
            Complete(sum);
        }

        ComputeAgain(group);
        return group.Close(shape);
    }

    /// <summary>Lets a group compute what it would read of earlier loops' results, where it then reads no more than before.</summary>
    private void ComputeAgain(Group group)
    {
        var chains = group.FullLoads.Select(v => (Value: v, Chain: ChainOf(v, group))).Where(c => c.Chain is not null).ToDictionary(c => c.Value, c => c.Chain!);
        if (chains.Count > 0 && !group.TryReplace(chains, Binder, Position))
        {
            foreach (var chain in chains)
            {
                group.TryReplace(new Dictionary<Value, IReadOnlyList<Equation>> { [chain.Key] = chain.Value }, Binder, Position);
            }
        }
    }

    /// <summary>The cheap equations, in order, that give a value from what is in memory anyway; null if there is no such way.</summary>
    private IReadOnlyList<Equation>? ChainOf(Value value, Group group)
    {
        var chain = new List<Equation>();
        return Extend(value) && chain.Count <= LongestAgain ? chain : null;

        bool Extend(Value v)
        {
            if (IsInMemory(v) || Binder(v) is not { } binder || binder.Form.IsLaneDear || !IsFusible(binder) || binder.Result.Shape != value.Shape || chain.Count > LongestAgain)
            {
                return false;
            }

            foreach (var operand in binder.Operands)
            {
                var isThere = Binder(operand)?.Op is ExpandOp || IsInMemory(operand) || IsHeld(operand) || group.Loads(operand) || chain.Any(e => e.Result == operand);
                if (!isThere && !Extend(operand))
                {
                    return false;
                }
            }

            if (!chain.Contains(binder))
            {
                chain.Add(binder);
            }

            return true;
        }
    }

    /// <summary>Whether a value is in memory as long as something reads it: what no loop computed, or what is read later too.</summary>
    private bool IsHeld(Value value) =>
        _computed.Contains(value) && ((Binder(value) is { } binder && !IsFusible(binder)) || _rootUsers[_layout.Root(value)].Any(_isWaiting.Contains));

    /// <summary>Whether a value is kept for something else than loops over its shape, which could compute it again.</summary>
    private bool IsInMemory(Value value)
    {
        var root = _layout.Root(value);
        return _held.Contains(root) || _rootUsers[root].Any(u => _isWaiting.Contains(u) && !(IsFusible(u) && u.Result.Shape == root.Shape));
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

    /// <summary>Leaves out what only later loops read, which compute it without a buffer, and what comes too early.</summary>
    private IReadOnlyList<Equation> WithoutEarly(IReadOnlyList<Equation> ready) =>
        Without(ready, e => IsEarly(e) || _users[e.Result].All(u => u.Result.Shape == e.Result.Shape && IsFusible(u)));

    /// <summary>Leaves out what comes too early, unless nothing would be left.</summary>
    private IReadOnlyList<Equation> Due(IReadOnlyList<Equation> ready, Equation first) =>
        ready.Count == 0 ? ready : Without(ready, IsEarly) is { Count: > 0 } kept ? kept : [first];

    private List<Equation> Without(IReadOnlyList<Equation> ready, Func<Equation, bool> canWait)
    {
        var kept = new List<Equation>(ready);
        for (var i = kept.Count - 1; i >= 0; i--)
        {
            if (!_outputs.Contains(kept[i].Result) && !_users[kept[i].Result].Any(kept.Contains) && canWait(kept[i]))
            {
                kept.RemoveAt(i);
            }
        }

        return kept;
    }

    /// <summary>
    /// Whether to run an equation now would only take memory for longer: what it reads stays for others, and what reads its results must wait for
    /// more than one long op.
    /// </summary>
    private bool IsEarly(Equation equation)
    {
        if (_layout.IsView(equation))
        {
            return false;
        }

        foreach (var root in equation.Operands.Select(_layout.Root))
        {
            if (!_held.Contains(root) && !_rootUsers[root].Any(u => u != equation && _isWaiting.Contains(u)))
            {
                return false;
            }
        }

        return !equation.Results.SelectMany(r => _rootUsers[_layout.Root(r)]).Any(u => u != equation && u.Operands.All(o => equation.Results.Contains(_layout.Root(o)) || Distance(o) <= 1));
    }

    /// <summary>How many long ops lie between what is there and a value, at least; 2 stands for more.</summary>
    private int Distance(Value value)
    {
        if (_computed.Contains(value))
        {
            return 0;
        }

        if (!_distance.TryGetValue(value, out var distance))
        {
            var binder = _binders[value];
            var own = binder.Form.Lane is not null || binder.Op is SumOp || _layout.IsView(binder) ? 0 : 1;
            foreach (var operand in binder.Operands.TakeWhile(_ => distance + own < 2))
            {
                distance = Math.Max(distance, Distance(operand));
            }

            distance = Math.Min(2, distance + own);
            _distance[value] = distance;
        }

        return distance;
    }

    private Item Alone(Equation equation)
    {
        Complete(equation);
        return new([equation], 0, Dim.Zero, Dim.Zero, [], []);
    }

    private int Position(Equation equation) => _positions[equation];

    private Equation? Binder(Value value) => _binders.TryGetValue(value, out var equation) ? equation : null;

    private void Complete(Equation equation)
    {
        _waiting.Remove(equation);
        _isWaiting.Remove(equation);
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
        private readonly List<Equation> _again = [];

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
            return new([.. _again, .. _equations], _again.Count, rows, columns, _loads, _sums);
        }

        /// <summary>What is read as it was computed.</summary>
        public IReadOnlyList<Value> FullLoads => [.. _loads.Where(l => l.Pattern == LoadPattern.Full).Select(l => l.Value)];

        public bool Loads(Value value) => _loads.Any(l => l.Value == value);

        /// <summary>Puts computing values in place of reading them, unless that takes more reading or does not go with the split of the loop.</summary>
        public bool TryReplace(IReadOnlyDictionary<Value, IReadOnlyList<Equation>> chains, Func<Value, Equation?> binder, Func<Equation, int> position)
        {
            var again = _again.Concat(chains.Values.SelectMany(c => c)).Distinct().OrderBy(position).ToList();
            var results = new HashSet<Value>(again.Select(e => e.Result));
            var loads = _loads.Where(l => !results.Contains(l.Value)).ToList();
            var inner = _inner;
            foreach (var operand in again.SelectMany(e => e.Operands).Distinct())
            {
                if (results.Contains(operand) || loads.Any(l => l.Value == operand))
                {
                    continue;
                }

                if (Classify(operand, binder(operand), ref inner) is not { } load)
                {
                    return false;
                }

                loads.Add(load);
            }

            if (loads.Count(IsWhole) > _loads.Count(IsWhole))
            {
                return false;
            }

            _inner = inner;
            _again.Clear();
            _again.AddRange(again);
            _loads.Clear();
            _loads.AddRange(loads);
            return true;

            static bool IsWhole(Load load) => load.Pattern is LoadPattern.Full or LoadPattern.Stretch;
        }

        /// <summary>Takes in the sum of a result over all rows or along each, if that is what an equation is.</summary>
        public bool TrySum(Equation equation)
        {
            if (equation.Operands.Count != 1 || !_results.Contains(equation.Operands[0]) || SumSplit.Of(equation) is not { } split)
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

            // Threads can share a loop whose sums go the same way.
            if (_sums.Count > 0 && SumSplit.Of(_sums[0]) != split)
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
