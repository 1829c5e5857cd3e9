using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Loops;

/// <summary>
/// Writes the body of a loop within a builder's program. Values of the body are its own: what comes from outside comes in
/// by <see cref="Constant"/>, <see cref="Sequence(Value)"/> or <see cref="Carry"/>.
/// </summary>
public sealed class LoopBody : IIterationScope
{
    private readonly Builder _outer;
    private readonly bool _reversed;
    private readonly Dictionary<Value, Value> _outside = [];
    private readonly Dictionary<Value, Value> _known = [];
    private readonly List<(Value Outer, Value Inside)> _constants = [];
    private readonly Dictionary<(Value, Shape), Value> _elements = [];
    private readonly List<(Value Outer, Value Inside)> _sequences = [];
    private readonly List<(Value Outer, Value Inside, Value? Next)> _carries = [];
    private readonly List<Value> _stacks = [];
    private readonly List<Value> _sums = [];
    private readonly Dictionary<Value, Value> _given = [];

    /// <summary>A loop that is written into <paramref name="outer"/>.</summary>
    public LoopBody(Builder outer, Dim length, bool reversed = false)
    {
        _outer = outer;
        Length = length;
        Element = Symbols.Element(DepthOf(outer));
        _reversed = reversed;
        Builder = new(this);

        static int DepthOf(Builder builder) => builder.Loop is { } loop ? 1 + DepthOf(loop.Outer) : 0;
    }

    /// <summary>Takes the equations of the body.</summary>
    public Builder Builder { get; }

    /// <inheritdoc/>
    public Builder Outer => _outer;

    /// <inheritdoc/>
    public Dim Length { get; }

    /// <summary>The name of the number of the element that an iteration sees: sizes within the body may depend on it.</summary>
    public string Element { get; }

    /// <inheritdoc/>
    public Shape Stacked(Shape element) => element.Stacked(Element, Length) ?? throw LoopOp.Uncountable(element);

    /// <summary>An outer value, the same in every iteration. What is constant or repeated outside stays so inside, where rules and loops see it.</summary>
    public Value Constant(Value value)
    {
        if (!_known.TryGetValue(value, out var inside))
        {
            _known[value] = inside = _outer.Binder(value) switch
            {
                { Op: FullOp full } => Builder.Apply(full),
                { Op: ExpandOp expand } repeated => Builder.Expand(Constant(repeated.Operands[0]), expand.Target),
                _ => Add(_constants, value, InputRole.Constant, value.Type),
            };
            _outside[inside] = value;
        }

        return inside;
    }

    /// <summary>The outer value that <see cref="Constant"/> gave a value of the body for; null where it is none.</summary>
    public Value? Outside(Value inside) => _outside.TryGetValue(inside, out var value) ? value : null;

    /// <summary>Element t of an outer value [length, ...].</summary>
    /// <exception cref="ShapeException">Its first dimension is another one.</exception>
    public Value Sequence(Value value) => Sequence(value, new(value.Shape.Dims.Skip(1).ToEquatableArray()));

    /// <inheritdoc/>
    /// <exception cref="ShapeException">There is not one element for each iteration.</exception>
    public Value Sequence(Value value, Shape element)
    {
        if (_elements.TryGetValue((value, element), out var inside))
        {
            return inside;
        }

        if (value.Shape != Stacked(element))
        {
            throw new ShapeException(value.Shape.ToString(), $"[{Length}, ...]", "a loop takes one element an iteration");
        }

        var type = value.Type with { Shape = element };
        return _elements[(value, element)] = _outer.Binder(value) switch
        {
            { Op: FullOp full } => Builder.Full(type.Shape, full.Fill),
            { Op: ExpandOp } repeated when !element.Mentions(Element) => Repeated(repeated.Operands[0], type.Shape),
            _ => Add(_sequences, value, InputRole.Element, type),
        };
    }

    /// <summary>A value that iterations hand on.</summary>
    /// <param name="initial">What the first one finds.</param>
    /// <returns>What each finds, and the number by which <see cref="Next"/> knows it.</returns>
    public (Value Inside, int Carry) Carry(Value initial)
    {
        var inside = Builder.Input("c" + _carries.Count, InputRole.Carry, initial.Type);
        _carries.Add((initial, inside, null));
        return (inside, _carries.Count - 1);
    }

    /// <summary>The type that a carry keeps.</summary>
    public TensorType TypeOf(int carry) => _carries[carry].Inside.Type;

    /// <summary>Says what a carry becomes.</summary>
    /// <exception cref="ShapeException">It is of another type than before.</exception>
    public void Next(int carry, Value next)
    {
        var (initial, inside, _) = _carries[carry];
        if (next.Type != inside.Type)
        {
            throw new ShapeException(next.Type.ToString(), inside.Type.ToString(), "what a loop hands on must keep its type");
        }

        _carries[carry] = (initial, inside, next);
    }

    /// <summary>Gives an element of each iteration.</summary>
    /// <returns>The number of the stack.</returns>
    public int Stack(Value element)
    {
        _stacks.Add(element);
        return _stacks.Count - 1;
    }

    /// <summary>Sums a term of each iteration.</summary>
    /// <returns>The number of the sum.</returns>
    public int Sum(Value term)
    {
        _sums.Add(term);
        return _sums.Count - 1;
    }

    /// <summary>
    /// Writes the loop. Beside the stacks asked for, it gives what derivatives need of each iteration: the carries as it
    /// found them, and what is dear to compute again.
    /// </summary>
    public LoopResults Close()
    {
        // What an iteration hands on as it found it is a constant.
        var given = _carries.ToArray();
        foreach (var still in given.Where(c => c.Next == c.Inside))
        {
            _carries.Remove(still);
            _constants.Add((still.Outer, still.Inside));
        }

        var asked = _carries.Select(c => c.Next ?? throw new InvalidOperationException("A carry has no next value.")).Concat(_stacks).Concat(_sums).ToArray();
        var computed = Builder.Equations.Where(e => !e.Results.Any(_given.ContainsKey)).ToArray();

        // Loops within are not pruned: their derivatives, which this loop's will hold, choose what they read.
        var equations = computed.Where(Liveness.Live(computed, asked).Contains).ToEquatableArray();
        var read = new HashSet<Value>(asked.Concat(equations.SelectMany(e => e.Operands)));
        var constants = _constants.Where(c => read.Contains(c.Inside)).ToArray();
        var sequences = _sequences.Where(s => read.Contains(s.Inside))
            .Concat(_given.Where(g => read.Contains(g.Key)).Select(g => (Outer: g.Value, Inside: g.Key)))
            .ToArray();
        var forDerivatives = _carries.Where(c => !LoopOp.IsGrown(c.Inside, c.Next!, equations, asked)).Select(c => c.Inside)
            .Concat(equations.Where(e => e.Op.IsDear(e)).SelectMany(e => e.Results))
            .Where(v => v.IsReal && !_stacks.Contains(v))
            .ToArray();

        var inputs = constants.Select((c, i) => new ProgramInput("k" + i, InputRole.Constant, c.Inside))
            .Concat(_carries.Select((c, i) => new ProgramInput("c" + i, InputRole.Carry, c.Inside)))
            .Concat(sequences.Select((s, i) => new ProgramInput("x" + i, InputRole.Element, s.Inside)));
        var outputs = _carries.Select((c, i) => new ProgramOutput("c" + i, c.Next!))
            .Concat(_stacks.Concat(forDerivatives).Select((v, i) => new ProgramOutput("y" + i, v)))
            .Concat(_sums.Select((v, i) => new ProgramOutput("s" + i, v)));
        var body = new Program("body", inputs.ToEquatableArray(), equations, outputs.ToEquatableArray()).Renumbered();
        var loop = new LoopOp(body, constants.Length, _carries.Count, _stacks.Count + forDerivatives.Length, Length, _reversed, Element);
        var results = _outer.ApplyAll(loop, [.. constants.Select(c => c.Outer), .. _carries.Select(c => c.Outer), .. sequences.Select(s => s.Outer)]);
        var carries = new Queue<Value>(results.Take(loop.Carries));
        return new(
            [.. given.Select(c => c.Next == c.Inside ? c.Outer : carries.Dequeue())], [.. results.Skip(loop.Carries).Take(_stacks.Count)], [.. results.Skip(loop.FirstSum)]);
    }

    /// <summary>Says that a value of the body need not be computed: it is element t of an outer value.</summary>
    internal void Give(Value inside, Value stack) => _given[inside] = stack;

    private Value Repeated(Value source, Shape element)
    {
        // The repeated value may have the loop's dimension, or the loop repeats it as well.
        var isElement = source.Shape.Rank == element.Rank + 1 && source.Shape[0].Equals(Length) && Length.Value != 1;
        if (isElement)
        {
            return Builder.Expand(Sequence(source), element);
        }

        var constant = Constant(source);
        return Builder.Expand(source.Shape.Rank > element.Rank ? Builder.Reshape(constant, new(source.Shape.Dims.Skip(1).ToEquatableArray())) : constant, element);
    }

    private Value Add(List<(Value, Value)> list, Value value, InputRole role, TensorType type)
    {
        var inside = Builder.Input($"{role}{list.Count}", role, type);
        list.Add((value, inside));
        return inside;
    }
}

/// <summary>What a loop gives.</summary>
/// <param name="Carries">The last carries, in the order of <see cref="LoopBody.Carry"/>.</param>
/// <param name="Stacks">The stacks, in the order of <see cref="LoopBody.Stack"/>.</param>
/// <param name="Sums">The sums, in the order of <see cref="LoopBody.Sum"/>.</param>
public sealed record LoopResults(IReadOnlyList<Value> Carries, IReadOnlyList<Value> Stacks, IReadOnlyList<Value> Sums);
