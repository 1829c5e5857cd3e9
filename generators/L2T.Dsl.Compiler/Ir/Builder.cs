using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ir;

/// <summary>
/// Writes a program, equation by equation. An equation that stands already (same op, same operands) is not written
/// again: its results are given back, so primal, cotangent and tangent code share what they have in common.
/// The convenience methods, one an op, are extensions beside the ops.
/// </summary>
public sealed class Builder
{
    private readonly List<ProgramInput> _inputs = [];
    private readonly List<Equation> _equations = [];
    private readonly Dictionary<(Op, EquatableArray<Value>), Equation> _known = [];
    private readonly Dictionary<Value, Equation> _binder = [];
    private readonly Dictionary<Value, Value> _updates = [];
    private readonly List<Value> _buffers = [];
    private readonly Dictionary<Value, (Value Buffer, Func<Value, Value> Part, Func<Value, Value, Value> Replaced)> _parts = [];
    private readonly HashSet<Value> _own = [];
    private readonly Builder? _outer;
    private int _next;
    private int _sites;

    /// <summary>A builder for a new program.</summary>
    public Builder()
    {
    }

    /// <summary>A builder for a loop's body within another builder's program; no value of it is taken for one of the other's.</summary>
    public Builder(IIterationScope loop)
    {
        Loop = loop;
        _outer = loop.Outer;
        At = _outer.At;
    }

    /// <summary>A builder that goes on where a program ends, its inputs and equations taken over.</summary>
    public Builder(Program start)
    {
        _inputs.AddRange(start.Inputs);
        _own.UnionWith(start.Inputs.Select(i => i.Value));
        _buffers.AddRange(start.Inputs.Where(i => i.Role == InputRole.Buffer).Select(i => i.Value));
        foreach (var equation in start.Equations)
        {
            Add(equation);
        }

        _next = start.Inputs.Select(i => i.Value.Index).Concat(start.Equations.SelectMany(e => e.Results).Select(r => r.Index)).DefaultIfEmpty(-1).Max() + 1;
    }

    /// <summary>The place of the user's source that new equations come from.</summary>
    public SourceAnchor? At { get; set; }

    /// <summary>The loop whose body this is; null in a program of its own.</summary>
    public IIterationScope? Loop { get; }

    /// <summary>The inputs so far.</summary>
    public IReadOnlyList<ProgramInput> Inputs => _inputs;

    /// <summary>The equations so far.</summary>
    public IReadOnlyList<Equation> Equations => _equations;

    /// <summary>What buffers are to be set to when the program has run, by the input that each was.</summary>
    public IReadOnlyDictionary<Value, Value> Updates => _updates;

    /// <summary>A number for a place that draws random numbers, which no other place has.</summary>
    public int NextSite() => _outer?.NextSite() ?? ++_sites;

    /// <summary>Sets a buffer, as a body does that changes a tensor in place.</summary>
    /// <param name="buffer">The buffer as it was before, an input or what it was last set to.</param>
    /// <param name="next">What it is from here on.</param>
    /// <returns>Whether <paramref name="buffer"/> is a buffer.</returns>
    public bool TryUpdate(Value buffer, Value next)
    {
        if (_buffers.FirstOrDefault(i => Latest(i) == buffer) is { } input)
        {
            _updates[input] = next;
            return true;
        }

        foreach (var part in _parts.Where(p => Latest(p.Key) == buffer).Select(p => p.Value))
        {
            var whole = Latest(part.Buffer);
            return TryUpdate(whole, part.Replaced(whole, next));
        }

        return false;
    }

    /// <summary>Says that an input of a body is a buffer, which the body may set.</summary>
    public void MarkBuffer(Value input) => _buffers.Add(input);

    /// <summary>A part of a tensor that may be a buffer: setting it sets its place in the buffer.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="part">Takes the part out.</param>
    /// <param name="replaced">The tensor with another part in its place.</param>
    public Value PartOf(Value tensor, Func<Value, Value> part, Func<Value, Value, Value> replaced)
    {
        var value = part(tensor);
        if (IsBuffer(tensor))
        {
            _parts[value] = (tensor, part, replaced);
        }

        return value;
    }

    /// <summary>Whether a value is a buffer as the program found it, or a part of one.</summary>
    public bool IsBuffer(Value input) => _buffers.Contains(input) || _parts.ContainsKey(input);

    /// <summary>What a tensor of a module stands for here: a buffer may have been set since the program began.</summary>
    public Value Latest(Value input) =>
        _updates.TryGetValue(input, out var value) ? value
        : _parts.TryGetValue(input, out var part) && Latest(part.Buffer) is var whole && whole != part.Buffer ? part.Part(whole)
        : input;

    /// <summary>Whether a value is an input or a result of this program, not of one around it.</summary>
    public bool Owns(Value value) => _own.Contains(value);

    /// <summary>Adds an input.</summary>
    public Value Input(string name, InputRole role, TensorType type)
    {
        var value = new Value(NextIndex(), type, name);
        _inputs.Add(new(name, role, value));
        _own.Add(value);
        if (role == InputRole.Buffer)
        {
            _buffers.Add(value);
        }

        return value;
    }

    /// <summary>The equation that binds a value; null for inputs.</summary>
    public Equation? Binder(Value value) => _binder.TryGetValue(value, out var equation) ? equation : null;

    /// <summary>Writes the equation of an op with one result.</summary>
    /// <exception cref="ShapeException">The operands do not fit.</exception>
    public Value Apply(Op op, params Value[] operands) => ApplyAll(op, operands)[0];

    /// <summary>Writes the equation of an op.</summary>
    /// <exception cref="ShapeException">The operands do not fit.</exception>
    public EquatableArray<Value> ApplyAll(Op op, params Value[] operands)
    {
        EquatableArray<Value> key = [.. operands];
        if (_known.TryGetValue((op, key), out var equation))
        {
            return equation.Results;
        }

        var types = op.Infer(operands.Select(o => o.Type).ToEquatableArray());
        equation = new(op, key, types.Select(type => new Value(NextIndex(), type, "")).ToEquatableArray(), At);
        Add(equation);
        return equation.Results;
    }

    /// <summary>The program written so far, with these outputs.</summary>
    public Program Build(string name, IEnumerable<ProgramOutput> outputs) =>
        new(name, _inputs.ToEquatableArray(), _equations.ToEquatableArray(), outputs.ToEquatableArray());

    private int NextIndex() => _outer?.NextIndex() ?? _next++;

    private void Add(Equation equation)
    {
        _equations.Add(equation);
        _known[(equation.Op, equation.Operands)] = equation;
        foreach (var result in equation.Results)
        {
            _binder[result] = equation;
            _own.Add(result);
        }
    }
}
