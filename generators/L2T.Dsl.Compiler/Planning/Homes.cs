using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Loops;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Planning;

/// <summary>
/// Gives each value a home: walks the schedule, hands out buffers, ends their lives at the last use of the value or
/// of any view of it, and lets a result move into an operand's buffer where the operand dies with the op. Which buffers
/// share memory is decided when the kernel is made and sizes are numbers (Kernel.Buffers).
/// </summary>
internal sealed class Homes
{
    // Steps. What is read for longer is better off in the workspace: the heap falls to pieces of what lives for different times.
    private const int Soon = 4;

    private readonly KernelProgram _kernel;
    private readonly Layout _layout;
    private readonly IReadOnlyList<Schedule.Item> _items;
    private readonly IReadOnlyList<(Value Value, Sink Sink)> _sinks;
    private readonly IReadOnlyDictionary<Value, Equation> _absorbed;
    private readonly IReadOnlyList<(Schedule.Item? Item, int Sink)> _order;

    private readonly bool _fuse;
    private readonly LoopFrame? _frame;
    private readonly Dictionary<Value, Place> _places = [];
    private readonly Dictionary<Value, int> _lastUse = [];
    private readonly List<BufferSlot> _slots = [];
    private readonly HashSet<Value> _permanent;
    private readonly HashSet<Value> _released = [];
    private readonly SortedDictionary<int, Value> _kept = [];
    private readonly List<PlanStep> _steps = [];
    private int _loops;
    private int _repeats;
    private int _time;

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
        _order = Order();
        PlaceInputs();
        FindLastUses();
    }

    public ExecutionPlan Plan()
    {
        for (var i = 0; i < _order.Count; i++)
        {
            if (_order[i].Item is not { } item)
            {
                HandOver(_order[i].Sink, i);
            }
            else if (item.IsFused)
            {
                _steps.Add(Fused(item, i));
            }
            else if (item.Equations[0] is { Op: LoopOp } loop)
            {
                _steps.Add(Repeat(loop, i));
            }
            else if (_layout.IsView(item.Equations[0]) && !_lastUse.ContainsKey(item.Equations[0].Result))
            {
                // A broadcast that only loops read is read where its source lies, and never made.
                continue;
            }
            else
            {
                _steps.Add(Call(item.Equations[0], i));
            }

            foreach (var result in (_order[i].Item?.New ?? []).Concat(_order[i].Item?.Sums ?? []).SelectMany(e => e.Results).Where(_places.ContainsKey))
            {
                Occupy(result);
            }

            _time++;
        }

        foreach (var value in _permanent)
        {
            Occupy(value);
        }

        return new(_kernel, _steps.ToEquatableArray(), _places, _slots.ToEquatableArray(), _kept.Values.ToEquatableArray());
    }

    /// <summary>
    /// What is added to something is added as soon as it can be, so that it need not live on; all else is handed over at the end. Blocks may be one
    /// another: a slot changes when no step reads that slot of any block any more.
    /// </summary>
    private IReadOnlyList<(Schedule.Item? Item, int Sink)> Order()
    {
        var computed = new Dictionary<Value, int>();
        var read = new Dictionary<int, int>();
        var slots = new Dictionary<Value, int>();
        foreach (var inputs in _kernel.Program.Inputs.GroupBy(i => i.Role).Where(g => _frame is null && g.Key is not (InputRole.Data or InputRole.Kept)))
        {
            foreach (var (input, slot) in inputs.Select((input, slot) => (input, slot)))
            {
                slots[input.Value] = slot;
            }
        }

        for (var i = 0; i < _items.Count; i++)
        {
            foreach (var result in _items[i].New.Concat(_items[i].Sums).SelectMany(e => e.Results))
            {
                computed[result] = i;
            }

            Read(ReadBy(_items[i]), i);
        }

        for (var i = 0; i < _sinks.Count; i++)
        {
            Read(ReadBy(i), _items.Count - 1);
        }

        var behind = _sinks
            .Select((s, i) => (Sink: i, At: s.Sink.Kind switch
            {
                SinkKind.Sum => Computed(i),
                SinkKind.Add => Math.Max(Computed(i), read.TryGetValue(s.Sink.Slot, out var last) ? last : -1),
                _ => _items.Count - 1,
            }))
            .ToLookup(s => s.At, s => ((Schedule.Item?)null, s.Sink));
        return [.. behind[-1], .. _items.SelectMany((item, i) => behind[i].Prepend((item, -1)))];

        int Computed(int sink) => ReadBy(sink).Select(v => computed.TryGetValue(v, out var at) ? at : -1).Max();

        void Read(IEnumerable<Value> values, int at)
        {
            foreach (var value in values)
            {
                if (slots.TryGetValue(_layout.Root(value), out var slot))
                {
                    read[slot] = at;
                }
            }
        }
    }

    private static IEnumerable<Value> ReadBy(Schedule.Item item) => item.IsFused ? item.Loads.Select(l => l.Source) : item.Equations[0].Operands;

    private IEnumerable<Value> ReadBy(int sink) => _absorbed.TryGetValue(_sinks[sink].Value, out var direct) ? direct.Operands : [_sinks[sink].Value];

    private void HandOver(int number, int at)
    {
        var (value, sink) = _sinks[number];
        if (sink.Kind == SinkKind.Keep)
        {
            _kept[sink.Slot] = value;
        }

        _steps.Add(new SinkStep(value, sink, _absorbed.TryGetValue(value, out var direct) ? direct : null, Release(ReadBy(number), at)));
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
                InputRole.Data or InputRole.Kept => new ArgumentPlace(input.Name),
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
        for (var i = 0; i < _order.Count; i++)
        {
            foreach (var value in _order[i].Item is { } item ? ReadBy(item) : ReadBy(_order[i].Sink))
            {
                _lastUse[value] = i;
                _lastUse[_layout.Root(value)] = i;
            }
        }
    }

    private CallStep Call(Equation equation, int at)
    {
        var form = equation.Form;
        var result = equation.Result;
        if (IsOver(equation))
        {
            _places[result] = Destination(result, false)!;
            return new(equation, CallForm.InPlace, Release(equation.Operands, at));
        }

        if (_layout.IsView(equation))
        {
            var of = equation.Operands[0];
            var persistent = _places[of].IsPersistent;
            _places[result] = new ViewPlace(of, persistent);
            return new(equation, persistent ? CallForm.Prepared : CallForm.Fresh, Release(persistent ? [] : [of], at));
        }

        // Buffers hold reals. Of what does not lie row by row, libtorch may make something that does not either.
        var stays = form.IntoCopies
            && Destination(result, false) is null
            && equation.Operands.All(_layout.IsContiguous)
            && LastUseOfMemory(result, at) - at <= Soon;
        if (form.Into is not null && result.IsReal && !stays)
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
        LoopFrame Frame(Func<int, bool> isOver) => new(equation, o => _places[o].IsPersistent, _layout.IsContiguous, isOver);
        var frame = Frame(_ => false);
        var body = Planner.Plan(frame.Kernel, _fuse, frame);
        var over = frame.States.Select((s, i) => s.Turns is not null && WritesOver(body, loop, i)).ToArray();
        if (over.Contains(true))
        {
            frame = Frame(i => over[i]);
            body = Planner.Plan(frame.Kernel, _fuse, frame);
        }

        var states = new StatesPlace[loop.Carries];
        for (var i = 0; i < states.Length; i++)
        {
            var last = equation.Results[i];
            _places[last] = states[i] = new(Take(frame.States[i].Count * last.Shape.Elements), frame.States[i], StatesPart.Last);
        }

        foreach (var (result, carry, part) in LoopFrame.PartsOf(loop))
        {
            _places[equation.Results[result]] = states[carry] with { Part = part };
        }

        foreach (var result in equation.Results.Where(r => !_places.ContainsKey(r)))
        {
            _places[result] = Buffer(result, isLasting: true);
        }

        // The first states are copied before the loop runs.
        var read = equation.Operands.Where((_, i) => i < loop.Constants || i >= loop.FirstSequence).Select(_layout.Root).ToArray();
        var disposed = Release(equation.Operands.Where(o => !read.Contains(_layout.Root(o))), at).ToList();
        var firstSlot = _slots.Count;
        _time++;
        _slots.AddRange(body.Slots.Select(s => new BufferSlot(loop.Largest(s.Elements), _time + s.First, _time + s.Last)));
        _time += body.Slots.Select(s => s.Last + 1).DefaultIfEmpty(0).Max();
        disposed.AddRange(Release(equation.Operands.Where(o => read.Contains(_layout.Root(o))), at));
        return new(_repeats++, equation, body, firstSlot, states.ToEquatableArray(), disposed.ToEquatableArray());
    }

    /// <summary>
    /// Whether an iteration's next state of a carry may lie where the one found does: nothing reads that one behind the step that writes the next, and
    /// this step reads it at the index that it writes, if at all.
    /// </summary>
    private static bool WritesOver(ExecutionPlan body, LoopOp loop, int carry)
    {
        var (found, next) = (loop.Body.Inputs[loop.Constants + carry].Value, loop.Body.Outputs[carry].Value);
        bool IsFound(Value value) => body.Places[value] is ViewPlace view ? IsFound(view.Of) : value == found;
        var isDirect = body.Places[next] is ElementPlace { Part: StatesPart.Next } place && place.Of == loop.Body.Outputs[carry].Name;
        var steps = body.Steps.ToArray();
        var written = Array.FindIndex(steps, step => step switch
        {
            SinkStep sink => sink.Sink.Kind == SinkKind.Next && sink.Sink.Slot == carry,
            FusedStep fused => isDirect && (fused.Stores.Contains(next) || fused.Sums.Any(s => s.Result == next)),
            CallStep call => isDirect && call.Equation.Result == next,
            _ => false,
        });
        var read = Array.FindLastIndex(steps, step => Read(step).Any(IsFound));
        return read < written || (read == written && steps[read] switch
        {
            SinkStep => true,
            FusedStep { Sums.Count: 0 } same => same.Loads.Where(l => IsFound(l.Source)).All(l => l.Pattern == LoadPattern.Full),
            CallStep { Equation: { Op: AddAtOp } add } => add.Operands[0] == found && !IsFound(add.Operands[1]),
            _ => false,
        });

        static IEnumerable<Value> Read(PlanStep step) => step switch
        {
            CallStep call => call.Equation.Operands,
            FusedStep fused => fused.Loads.Select(l => l.Source),
            RepeatStep repeat => repeat.Equation.Operands,
            SinkStep sink => sink.Direct?.Operands ?? [sink.Value],
            _ => [],
        };
    }

    /// <summary>Whether an equation adds to what a loop carries, whose next state lies where the one found does.</summary>
    private bool IsOver(Equation equation) =>
        equation.Op is AddAtOp
        && Destination(equation.Result, false) is ElementPlace { States.Turns: 1 } next
        && _places[equation.Operands[0]] is ElementPlace { Part: StatesPart.Found } found
        && found.Of == next.Of;

    private FusedStep Fused(Schedule.Item item, int at)
    {
        var stores = item.New.Select(e => e.Result).Where(r => _lastUse.TryGetValue(r, out var last) && last > at).ToArray();

        foreach (var sum in item.Sums)
        {
            _places[sum.Result] = Buffer(sum.Result);
        }

        // Read at an index before anything is written there: a result may take the buffer of an operand that dies.
        var full = item.Loads.Where(l => l.Pattern == LoadPattern.Full).Select(l => l.Source).ToArray();
        var elsewhere = item.Loads.Where(l => l.Pattern != LoadPattern.Full).Select(l => _layout.Root(l.Source)).ToArray();
        var free = full.Select(_layout.Root).Distinct().Where(r => _lastUse[r] == at && !_permanent.Contains(r) && !elsewhere.Contains(r)).ToList();
        var disposed = Release(full, at).ToList();
        foreach (var store in stores)
        {
            var destination = Destination(store, false);
            var taken = destination is null ? free.FirstOrDefault(f => _places[f] is BufferPlace buffer && _slots[buffer.Slot].Elements.Equals(store.Shape.Elements)) : null;
            if (taken is not null)
            {
                free.Remove(taken);
            }

            _places[store] = destination ?? (taken is null ? new BufferPlace(Take(store.Shape.Elements)) : _places[taken]);
        }

        disposed.AddRange(Release(item.Loads.Where(l => l.Pattern != LoadPattern.Full).Select(l => l.Source), at));
        return new(
            _loops++,
            item.Rows,
            item.Columns,
            item.Equations.ToEquatableArray(),
            item.Loads.ToEquatableArray(),
            stores.ToEquatableArray(),
            item.Sums.ToEquatableArray(),
            disposed.ToEquatableArray());
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

    /// <summary>When a value is read last, or a sum that is added to it in its place; now where nothing reads it.</summary>
    private int LastUseOfMemory(Value value, int at) =>
        !_lastUse.TryGetValue(value, out var last) ? at
        : _order[last].Item is { Equations: [{ Op: AddProductOp } sum] } && sum.Operands[0] == value && _lastUse.TryGetValue(sum.Result, out var end) ? end
        : last;

    /// <summary>Where a value is written: where it is to go, or a buffer.</summary>
    /// <param name="value">The value.</param>
    /// <param name="isLasting">Whether it must be the same memory in each iteration of a loop around.</param>
    private Place Buffer(Value value, bool isLasting = false) => Destination(value, isLasting) ?? new BufferPlace(Take(value.Shape.Elements));

    private Place? Destination(Value value, bool isLasting)
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

        return null;
    }

    /// <summary>A new buffer of this size.</summary>
    private int Take(Dim elements)
    {
        _slots.Add(new(elements, _time, _time));
        return _slots.Count - 1;
    }

    /// <summary>Ends the lives that end here: temporaries are to be disposed.</summary>
    private EquatableArray<Value> Release(IEnumerable<Value> operands, int at)
    {
        var disposed = new List<Value>();
        foreach (var operand in operands.Distinct().ToArray())
        {
            Occupy(operand);
            if (_places[operand] is ViewPlace { Persistent: false } && _lastUse[operand] == at && _released.Add(operand))
            {
                disposed.Add(operand);
            }

            var root = _layout.Root(operand);
            if (_lastUse[root] == at && _released.Add(root) && _places[root] is TemporaryPlace)
            {
                disposed.Add(root);
            }
        }

        return disposed.ToEquatableArray();
    }

    /// <summary>Says that a value's buffer is in use now.</summary>
    private void Occupy(Value value)
    {
        var taken = _places[_layout.Root(value)] switch
        {
            BufferPlace buffer => buffer.Slot,
            StatesPlace states => states.Slot,
            _ => -1,
        };
        if (taken >= 0)
        {
            _slots[taken] = _slots[taken] with { Last = _time };
        }
    }
}
