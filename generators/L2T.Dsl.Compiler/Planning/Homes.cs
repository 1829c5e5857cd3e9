using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Loops;

namespace L2T.Dsl.Compiler.Planning;

/// <summary>
/// Gives each value a home: walks the schedule, hands out buffers, takes them back at the last use of the value or
/// of any view of it, and lets a result move into an operand's buffer where the operand dies with the op.
/// Buffers of one symbolic size form one pool; sizes that are not known to be equal never share.
/// </summary>
internal sealed class Homes
{
    private readonly KernelProgram _kernel;
    private readonly Layout _layout;
    private readonly IReadOnlyList<Schedule.Item> _items;
    private readonly IReadOnlyList<(Value Value, Sink Sink)> _sinks;
    private readonly IReadOnlyDictionary<Value, Equation> _absorbed;

    private readonly bool _fuse;
    private readonly LoopFrame? _frame;
    private readonly Dictionary<Value, Place> _places = [];
    private readonly Dictionary<Value, int> _lastUse = [];
    private readonly List<BufferSlot> _slots = [];
    private readonly Dictionary<BufferSlot, Stack<int>> _free = [];
    private readonly HashSet<Value> _permanent;
    private readonly HashSet<Value> _released = [];
    private readonly SortedDictionary<int, Value> _kept = [];
    private readonly List<PlanStep> _steps = [];
    private int _loops;
    private int _repeats;

    public Homes(
        KernelProgram kernel,
        Layout layout,
        IReadOnlyList<Schedule.Item> items,
        IReadOnlyList<(Value Value, Sink Sink)> sinks,
        IReadOnlyDictionary<Value, Equation> absorbed,
        bool fuse,
        LoopFrame? frame)
    {
        _kernel = kernel;
        _layout = layout;
        _items = items;
        _sinks = sinks;
        _absorbed = absorbed;
        _fuse = fuse;
        _frame = frame;
        _permanent = [.. sinks.Where(s => s.Sink.Kind is SinkKind.Expose or SinkKind.Keep or SinkKind.Next or SinkKind.Element).Select(s => layout.Root(s.Value))];
        PlaceInputs();
        FindLastUses();
    }

    public ExecutionPlan Plan()
    {
        for (var i = 0; i < _items.Count; i++)
        {
            // A broadcast that only loops read is read where its source lies, and never made.
            if (_items[i].IsFused)
            {
                _steps.Add(Fused(_items[i], i));
            }
            else if (_items[i].Equations[0] is { Op: LoopOp } loop)
            {
                _steps.Add(Repeat(loop, i));
            }
            else if (!_layout.IsView(_items[i].Equations[0]) || _lastUse.ContainsKey(_items[i].Equations[0].Result))
            {
                _steps.Add(Call(_items[i].Equations[0], i));
            }
        }

        for (var i = 0; i < _sinks.Count; i++)
        {
            var (value, sink) = _sinks[i];
            if (sink.Kind == SinkKind.Keep)
            {
                _kept[sink.Slot] = value;
            }

            var direct = _absorbed.TryGetValue(value, out var equation) ? equation : null;
            _steps.Add(new SinkStep(value, sink, direct, Release(direct is null ? [value] : direct.Operands, _items.Count + i)));
        }

        return new(_kernel, _steps.ToEquatableArray(), _places, _slots.ToEquatableArray(), _kept.Values.ToEquatableArray());
    }

    private void PlaceInputs()
    {
        var slots = new Dictionary<InputRole, int>();
        foreach (var input in _kernel.Program.Inputs)
        {
            if (_frame is not null)
            {
                _places[input.Value] = _frame.PlaceOf(input.Value);
                continue;
            }

            slots.TryGetValue(input.Role, out var slot);
            slots[input.Role] = slot + 1;
            _places[input.Value] = input.Role switch
            {
                InputRole.Data => new ArgumentPlace(input.Name),
                InputRole.Kept => new KeptPlace(slot),
                _ => new BlockPlace(BlockOf(input.Role), slot),
            };
            if (input.Role == InputRole.Kept)
            {
                _kept[slot] = input.Value;
            }
        }
    }

    /// <summary>The block of the student's buffers.</summary>
    public const string Buffers = "w.Buffers";

    /// <summary>The block of their adjoints.</summary>
    public const string BufferAdjoint = "intoW.Buffers";

    /// <summary>The name of the block that inputs of a role live in.</summary>
    public static string BlockOf(InputRole role) => role switch
    {
        InputRole.Parameter => "w",
        InputRole.Coefficient => "phi",
        InputRole.Tangent => "tangent",
        InputRole.Cotangent => "cotangent",
        InputRole.Buffer => Buffers,
        InputRole.BufferAdjoint => BufferAdjoint,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "inputs of this role live in no block"),
    };

    private void FindLastUses()
    {
        for (var i = 0; i < _items.Count; i++)
        {
            foreach (var operand in _items[i].IsFused ? _items[i].Loads.Select(l => l.Source) : _items[i].Equations[0].Operands)
            {
                Use(operand, i);
            }
        }

        for (var i = 0; i < _sinks.Count; i++)
        {
            foreach (var value in _absorbed.TryGetValue(_sinks[i].Value, out var direct) ? direct.Operands : [_sinks[i].Value])
            {
                Use(value, _items.Count + i);
            }
        }

        void Use(Value value, int at)
        {
            _lastUse[value] = at;
            _lastUse[_layout.Root(value)] = at;
        }
    }

    private CallStep Call(Equation equation, int at)
    {
        var form = equation.Form;
        var result = equation.Result;
        if (_layout.IsView(equation))
        {
            var of = equation.Operands[0];
            var persistent = _places[of].IsPersistent;
            _places[result] = new ViewPlace(of, persistent);
            return new(equation, persistent ? CallForm.Prepared : CallForm.Fresh, Release(persistent ? [] : [of], at));
        }

        // Buffers hold reals.
        if (form.Into is not null && result.IsReal)
        {
            _places[result] = Buffer(result);
            return new(equation, CallForm.Into, Release(equation.Operands, at));
        }

        var over = form.InPlace is not null && CanOverwrite(equation, 0, at) ? 0
            : form.InPlaceRight is not null && CanOverwrite(equation, 1, at) ? 1
            : -1;
        if (over >= 0)
        {
            var taken = equation.Operands[over];
            _places[result] = _places[taken];
            var disposed = Release(equation.Operands.Where(o => o != taken), at);
            return new(equation, over == 0 ? CallForm.InPlace : CallForm.InPlaceRight, disposed);
        }

        _places[result] = new TemporaryPlace();
        return new(equation, CallForm.Fresh, Release(equation.Operands, at));
    }

    private RepeatStep Repeat(Equation equation, int at)
    {
        var loop = (LoopOp)equation.Op;
        var frame = new LoopFrame(equation, o => _places[o].IsPersistent, _layout.IsContiguous);
        var body = Planner.Plan(frame.Kernel, _fuse, frame);
        var states = new StatesPlace[loop.Carries];
        for (var i = 0; i < states.Length; i++)
        {
            var last = equation.Results[i];
            var slot = Take(new(frame.States[i].Count * last.Shape.Elements, last.Type.Element), _permanent.Contains(last));
            _places[last] = states[i] = new(slot, frame.States[i], StatesPart.Last);
        }

        foreach (var (result, carry, part) in LoopFrame.PartsOf(loop))
        {
            _places[equation.Results[result]] = states[carry] with { Part = part };
        }

        foreach (var result in equation.Results.Where(r => !_places.ContainsKey(r)))
        {
            _places[result] = Buffer(result, isLasting: true);
        }

        var disposed = Release(equation.Operands, at);

        // Carries that only the loop itself reads.
        foreach (var result in equation.Results.Where(r => _layout.Root(r) == r && !_lastUse.ContainsKey(r)))
        {
            Free(result);
        }

        return new(_repeats++, equation, body, states.ToEquatableArray(), disposed);
    }

    private FusedStep Fused(Schedule.Item item, int at)
    {
        var stores = item.Equations.Select(e => e.Result).Where(r => _lastUse.TryGetValue(r, out var last) && last > at).ToArray();

        foreach (var sum in item.Sums)
        {
            _places[sum.Result] = Buffer(sum.Result);
        }

        // Read at an index before anything is written there: a result may take the buffer of an operand that dies.
        var disposed = Release(item.Loads.Where(l => l.Pattern == LoadPattern.Full).Select(l => l.Source), at).ToList();
        foreach (var store in stores)
        {
            _places[store] = Buffer(store);
        }

        disposed.AddRange(Release(item.Loads.Where(l => l.Pattern != LoadPattern.Full).Select(l => l.Source), at));
        return new(_loops++, item.Rows, item.Columns, item.Equations.ToEquatableArray(), item.Loads.ToEquatableArray(), stores.ToEquatableArray(), item.Sums.ToEquatableArray(), disposed.ToEquatableArray());
    }

    private bool CanOverwrite(Equation equation, int position, int at)
    {
        var operand = equation.Operands[position];
        return operand == _layout.Root(operand)
            && _places[operand] is BufferPlace or TemporaryPlace
            && operand.Type == equation.Result.Type
            && _lastUse[operand] == at
            && !_permanent.Contains(operand)
            && !_permanent.Contains(equation.Result)
            && equation.Operands.All(o => o == operand || _layout.Root(o) != operand);
    }

    /// <summary>Where a value is written: where it is to go, or a buffer.</summary>
    /// <param name="value">The value.</param>
    /// <param name="isLasting">Whether it must be the same memory in each iteration of a loop around.</param>
    private Place Buffer(Value value, bool isLasting = false)
    {
        var keep = _sinks.FirstOrDefault(s => s.Sink.Kind == SinkKind.Keep && s.Value == value);
        if (keep.Value is not null)
        {
            return new KeptPlace(keep.Sink.Slot);
        }

        foreach (var (output, sink) in _sinks)
        {
            if (output == value && !isLasting && _frame?.PlaceOf(sink) is { } element)
            {
                return element;
            }
        }

        return new BufferPlace(Take(new(value.Shape.Elements, value.Type.Element), _permanent.Contains(value)));
    }

    /// <summary>A buffer of this size: one that is free, or a new one.</summary>
    private int Take(BufferSlot slot, bool isPermanent)
    {
        if (!isPermanent && _free.TryGetValue(slot, out var free) && free.Count > 0)
        {
            return free.Pop();
        }

        _slots.Add(slot);
        return _slots.Count - 1;
    }

    /// <summary>Ends the lives that end here: buffers go back to their pool, temporaries are to be disposed.</summary>
    private EquatableArray<Value> Release(IEnumerable<Value> operands, int at)
    {
        var disposed = new List<Value>();
        foreach (var operand in operands.Distinct().ToArray())
        {
            if (_places[operand] is ViewPlace { Persistent: false } && _lastUse[operand] == at)
            {
                disposed.Add(operand);
            }

            var root = _layout.Root(operand);
            if (_lastUse[root] != at || !_released.Add(root))
            {
                continue;
            }

            if (_places[root] is TemporaryPlace)
            {
                disposed.Add(root);
            }

            Free(root);
        }

        return disposed.ToEquatableArray();
    }

    /// <summary>Gives a value's buffer back to its pool.</summary>
    private void Free(Value root)
    {
        var taken = _places[root] switch
        {
            BufferPlace buffer => buffer.Slot,
            StatesPlace states => states.Slot,
            _ => (int?)null,
        };
        if (taken is not { } number || _permanent.Contains(root))
        {
            return;
        }

        var slot = _slots[number];
        if (!_free.TryGetValue(slot, out var free))
        {
            _free[slot] = free = new Stack<int>();
        }

        free.Push(number);
    }
}
