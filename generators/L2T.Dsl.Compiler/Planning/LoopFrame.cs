using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Loops;

namespace L2T.Dsl.Compiler.Planning;

/// <summary>
/// The body of a loop as a kernel of its own: where what comes in lies, and where what goes out is to lie. A carry's
/// states lie in one buffer, so that an iteration reads one and writes the next where the derivative's loop will find it:
/// a stack of what was found or handed on is a view of them.
/// </summary>
internal sealed class LoopFrame
{
    private readonly LoopOp _loop;
    private readonly Dictionary<Value, Place> _places = [];
    private readonly HashSet<Value> _strided = [];

    /// <param name="equation">The loop.</param>
    /// <param name="isPersistent">Whether an operand is there from one run to the next.</param>
    /// <param name="isContiguous">Whether an operand lies in row-major order.</param>
    /// <param name="isOver">Whether each iteration may write a carry's next state over the one found.</param>
    public LoopFrame(Equation equation, Func<Value, bool> isPersistent, Func<Value, bool> isContiguous, Func<int, bool> isOver)
    {
        _loop = (LoopOp)equation.Op;
        States = Enumerable.Range(0, _loop.Carries).Select(i => new CarryStates(_loop.Length, _loop.Reversed, PartsOf(_loop).Any(p => p.Carry == i) ? null : isOver(i) ? 1 : 2)).ToEquatableArray();
        for (var i = 0; i < _loop.Body.Inputs.Count; i++)
        {
            var (input, operand) = (_loop.Body.Inputs[i], equation.Operands[i]);
            var isCarry = i >= _loop.Constants && i < _loop.FirstSequence;
            _places[input.Value] = isCarry ? new ElementPlace(input.Name, States[i - _loop.Constants], StatesPart.Found, true)
                : i < _loop.Constants ? new GivenPlace(input.Name, isPersistent(operand))
                : new ElementPlace(input.Name, null, StatesPart.Found, isPersistent(operand));
            if (!isCarry && !isContiguous(operand))
            {
                _strided.Add(input.Value);
            }
        }

        // Stacks that are views of states are there already.
        var views = new HashSet<int>(PartsOf(_loop).Select(p => p.Result));
        var outputs = Enumerable.Range(0, _loop.Body.Outputs.Count).Where(i => !views.Contains(i)).ToArray();
        Kernel = new(
            _loop.Body with { Outputs = outputs.Select(i => _loop.Body.Outputs[i]).ToEquatableArray() },
            outputs.Select(i => new Sink(i < _loop.Carries ? SinkKind.Next : i < _loop.FirstSum ? SinkKind.Element : SinkKind.Sum, _loop.Body.Outputs[i].Name, i)).ToEquatableArray());
    }

    /// <summary>The states of each carry.</summary>
    public EquatableArray<CarryStates> States { get; }

    /// <summary>The body with what becomes of its outputs.</summary>
    public KernelProgram Kernel { get; }

    /// <summary>Where an input of the body lies.</summary>
    public Place PlaceOf(Value input) => _places[input];

    /// <summary>Whether an input lies in row-major order.</summary>
    public bool IsContiguous(Value input) => !_strided.Contains(input);

    /// <summary>Where an output of the body is to lie; null for what is summed.</summary>
    public ElementPlace? PlaceOf(Sink sink) => PlaceOf(sink, States);

    /// <summary>Where an output of a body is to lie, by the states of the carries; null for what is summed.</summary>
    public static ElementPlace? PlaceOf(Sink sink, EquatableArray<CarryStates> states) => sink.Kind switch
    {
        SinkKind.Next => new(sink.Target, states[sink.Slot], StatesPart.Next, true),
        SinkKind.Element => new(sink.Target, null, StatesPart.Found, true),
        _ => null,
    };

    /// <summary>The results of a loop that are views of a carry's states.</summary>
    public static IEnumerable<(int Result, int Carry, StatesPart Part)> PartsOf(LoopOp loop)
    {
        var outputs = loop.Body.Outputs;
        for (var i = loop.Carries; i < loop.FirstSum; i++)
        {
            for (var carry = 0; carry < loop.Carries; carry++)
            {
                if (outputs[i].Value == loop.Body.Inputs[loop.Constants + carry].Value)
                {
                    yield return (i, carry, StatesPart.Found);
                    break;
                }

                if (outputs[i].Value == outputs[carry].Value)
                {
                    yield return (i, carry, StatesPart.Next);
                    break;
                }
            }
        }
    }
}
