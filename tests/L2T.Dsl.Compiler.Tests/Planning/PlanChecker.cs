using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Planning;

namespace L2T.Dsl.Compiler.Tests.Planning;

/// <summary>
/// Walks a plan as a run would and keeps book of what lies in each buffer: every read must find the value it means, every
/// temporary must be disposed once, after its last use, and no sum into a block may come before a read of a block.
/// </summary>
internal sealed class PlanChecker
{
    private readonly ExecutionPlan _plan;
    private readonly Dictionary<int, List<Value>> _inSlot = [];
    private readonly HashSet<Value> _written;
    private readonly HashSet<Value> _temporaries = [];
    private bool _handingOver;

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
            checker.Walk(step);
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
                foreach (var operand in repeat.Equation.Operands)
                {
                    Read(operand);
                }

                foreach (var result in repeat.Equation.Results)
                {
                    Write(result);
                }

                break;
            case SinkStep sink:
                _handingOver = true;
                foreach (var value in sink.Direct is { } direct ? direct.Operands.AsSpan().ToArray() : [sink.Value])
                {
                    Read(value);
                    Assert.False(sink.Direct is not null && _plan.Places[Root(value)] is BlockPlace, $"{value} is read from a block while outputs are handed over");
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

    private Value Root(Value value) => _plan.Places[value] is ViewPlace view ? Root(view.Of) : value;

    private void Read(Value value)
    {
        var root = Root(value);
        Assert.Contains(root, _written);
        if (SlotOf(root) is { } slot)
        {
            Assert.Contains(root, _inSlot[slot]);
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
                break;
            case StatesPlace { Part: StatesPart.Last } states:
                Assert.Equal(_plan.Slots[states.Slot].Elements, states.States.Count * value.Shape.Elements);
                _inSlot[states.Slot] = [value];
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
