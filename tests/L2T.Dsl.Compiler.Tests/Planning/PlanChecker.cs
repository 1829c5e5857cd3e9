using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Planning;

namespace L2T.Dsl.Compiler.Tests.Planning;

/// <summary>
/// Walks a plan as a run would and keeps book of what lies in each buffer: every read must find the value it means while the buffer is in
/// use, every temporary must be disposed once, after its last use, and no slot of a block may be read after something was added to it, since
/// blocks may be one another.
/// </summary>
internal sealed class PlanChecker
{
    private readonly ExecutionPlan _plan;
    private readonly Dictionary<int, List<Value>> _inSlot = [];
    private readonly HashSet<Value> _written;
    private readonly HashSet<Value> _temporaries = [];
    private readonly HashSet<int> _changed = [];
    private bool _handingOver;
    private int _time;
    private int _end;

    private PlanChecker(ExecutionPlan plan)
    {
        _plan = plan;
        _written = [.. plan.Kernel.Program.Inputs.Select(i => i.Value)];
    }

    public static void Check(ExecutionPlan plan)
    {
        var checker = new PlanChecker(plan);
        foreach (var step in plan.Steps)
        {
            checker._end = checker._time;
            checker.Walk(step);
            checker._time = checker._end + 1;
            foreach (var value in step.Disposed)
            {
                Assert.True(checker._temporaries.Remove(value), $"{value} is disposed, but is no live temporary");
            }
        }

        Assert.Empty(checker._temporaries);
    }

    private void Walk(PlanStep step)
    {
        switch (step)
        {
            case CallStep call:
                Assert.False(_handingOver, "an op runs after the first output was handed over");
                foreach (var operand in call.Equation.Operands)
                {
                    Read(operand);
                }

                if (call.Form is CallForm.InPlace or CallForm.InPlaceRight)
                {
                    var over = call.Equation.Operands[call.Form == CallForm.InPlace ? 0 : 1];
                    Assert.Equal(_plan.Places[over], _plan.Places[call.Equation.Result]);
                    _temporaries.Remove(over);
                }

                Write(call.Equation.Result);
                break;
            case FusedStep loop:
                Assert.False(_handingOver, "a loop runs after the first output was handed over");
                foreach (var load in loop.Loads)
                {
                    Read(load.Source);
                }

                var inside = new HashSet<Value>(loop.Loads.Select(l => l.Value));
                foreach (var equation in loop.Equations)
                {
                    Assert.All(equation.Operands, o => Assert.Contains(o, inside));
                    inside.Add(equation.Result);
                }

                foreach (var store in loop.Stores)
                {
                    Assert.Contains(store, inside);
                    Write(store);
                }

                foreach (var sum in loop.Sums)
                {
                    Assert.Contains(sum.Operands[0], inside);
                    Write(sum.Result);
                    Assert.DoesNotContain(_plan.Places[sum.Result], loop.Loads.Select(l => _plan.Places[Root(l.Source)]).Concat(loop.Stores.Select(s => _plan.Places[s])));
                }

                // A buffer that a result takes over is read at the same index only where it is read in full.
                foreach (var load in loop.Loads.Where(l => l.Pattern != LoadPattern.Full))
                {
                    Assert.DoesNotContain(_plan.Places[Root(load.Source)], loop.Stores.Select(s => _plan.Places[s]).Where(p => p is BufferPlace));
                }

                break;
            case RepeatStep repeat:
                Assert.False(_handingOver, "a loop runs after the first output was handed over");
                Check(repeat.Body);
                var within = _plan.Slots.Skip(repeat.FirstSlot).Take(repeat.Body.Slots.Count).ToArray();
                Assert.Equal(repeat.Body.Slots, within.Select(s => s with { First = s.First - _time - 1, Last = s.Last - _time - 1 }));

                // Carries are copied before the body runs; all else is there for each iteration.
                foreach (var operand in repeat.Equation.Operands.Skip(repeat.Loop.Constants).Take(repeat.Loop.Carries))
                {
                    Read(operand);
                }

                foreach (var result in repeat.Equation.Results)
                {
                    Write(result);
                }

                _end = _time + 1 + repeat.Body.Slots.Select(s => s.Last + 1).DefaultIfEmpty(0).Max();
                foreach (var operand in repeat.Equation.Operands.Where((_, i) => i < repeat.Loop.Constants || i >= repeat.Loop.FirstSequence))
                {
                    Read(operand);
                }

                foreach (var result in repeat.Equation.Results)
                {
                    Write(result);
                }

                break;
            case SinkStep sink:
                // What is summed is summed on the way, all else is handed over at the end.
                _handingOver |= sink.Sink.Kind is not (SinkKind.Add or SinkKind.Sum);
                foreach (var value in sink.Direct is { } direct ? direct.Operands.AsSpan().ToArray() : [sink.Value])
                {
                    Read(value);
                    Assert.False(sink.Sink.Kind is SinkKind.Expose && SlotOf(Root(value)) is { } slot && _plan.Slots[slot].Last < _plan.Slots.Max(s => s.Last), $"{value} is exposed, and may be overwritten");
                    Assert.False(sink.Direct is not null && _plan.Places[Root(value)] is BlockPlace, $"{value} is read from a block while it is added to another");
                }

                if (sink.Sink.Kind is SinkKind.Add)
                {
                    _changed.Add(sink.Sink.Slot);
                }

                break;
        }
    }

    private int? SlotOf(Value root) => _plan.Places[root] switch
    {
        BufferPlace buffer => buffer.Slot,
        StatesPlace states => states.Slot,
        _ => null,
    };

    private void RequireInUse(int slot)
    {
        Assert.InRange(_time, _plan.Slots[slot].First, _plan.Slots[slot].Last);
        Assert.InRange(_end, _plan.Slots[slot].First, _plan.Slots[slot].Last);
    }

    private Value Root(Value value) => _plan.Places[value] is ViewPlace view ? Root(view.Of) : value;

    private void Read(Value value)
    {
        var root = Root(value);
        Assert.Contains(root, _written);
        Assert.False(_plan.Places[root] is BlockPlace block && _changed.Contains(block.Slot), $"{value} is read when something was added to its slot");
        if (SlotOf(root) is { } slot)
        {
            Assert.Contains(root, _inSlot[slot]);
            RequireInUse(slot);
        }

        if (_plan.Places[root] is TemporaryPlace)
        {
            Assert.Contains(root, _temporaries);
        }
    }

    private void Write(Value value)
    {
        _written.Add(value);
        switch (_plan.Places[value])
        {
            case BufferPlace buffer:
                Assert.Equal(_plan.Slots[buffer.Slot].Elements, value.Shape.Elements);
                _inSlot[buffer.Slot] = [value];
                RequireInUse(buffer.Slot);
                break;
            case StatesPlace { Part: StatesPart.Last } states:
                Assert.Equal(_plan.Slots[states.Slot].Elements, states.States.Count * value.Shape.Elements);
                _inSlot[states.Slot] = [value];
                RequireInUse(states.Slot);
                break;
            case StatesPlace states:
                // Stacks of what a carry was are views of its states, which come first.
                _inSlot[states.Slot].Add(value);
                break;
            case TemporaryPlace:
            case ViewPlace { Persistent: false }:
                _temporaries.Add(value);
                break;
        }
    }
}
