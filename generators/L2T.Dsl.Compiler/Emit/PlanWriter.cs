using System.Globalization;
using System.Text.RegularExpressions;
using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Planning;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Emit;

/// <summary>
/// Writes a plan as the inside of a C# class: what is made with the object, and what a run does. What the class looks like
/// from outside is said by <see cref="KernelWriter"/> and <see cref="RepeatWriter"/>.
/// </summary>
internal abstract class PlanWriter
{
    protected const string Seed = Symbols.Seed;
    protected const string Tensor = "Tensor";

    /// <summary>The number of the element that an iteration sees.</summary>
    protected const string Iteration = "t";

    private readonly IReadOnlyDictionary<Value, string> _names;
    private readonly IReadOnlyDictionary<string, string> _symbols;
    private readonly IReadOnlyDictionary<string, Dim> _dims;
    private readonly IReadOnlyDictionary<string, Scalar> _scalars;
    private readonly HashSet<string> _sizes;

    // The parts of the class are found while the run is written, and written before it.
    private readonly List<string> _fields = [];
    private readonly List<string> _construction = [];
    private readonly List<string> _run = [];
    private readonly HashSet<string> _declared = [];
    private readonly List<FusedStep> _loops = [];
    private readonly List<RepeatWriter> _repeats = [];
    private readonly Dictionary<string, string> _exposed = [];
    private readonly Dictionary<Scalar, string> _numberNames = [];
    private readonly Dictionary<Dim, string> _texts = [];

    /// <param name="code">Where to.</param>
    /// <param name="plan">What a run does.</param>
    /// <param name="studentType">The type that knows the constructor parameters that sizes are written in.</param>
    /// <param name="takesBatch">Whether the class is made for a batch size.</param>
    /// <param name="element">What a loop calls the number of the element that an iteration sees, where the class is one iteration of it; else null.</param>
    /// <param name="more">Sizes that the class needs beside those of its program.</param>
    protected PlanWriter(CodeWriter code, ExecutionPlan plan, string studentType, bool takesBatch, string? element, params Dim[] more)
    {
        Code = code;
        Plan = plan;
        StudentType = studentType;
        TakesBatch = takesBatch;
        Element = element;
        _names = NameValues(plan);
        _sizes = [.. SizesOf(plan), .. more.SelectMany(d => d.Symbols), Symbols.Batch];
        _symbols = SymbolsOf(plan).Concat(more.SelectMany(d => d.Symbols)).Distinct().OrderBy(s => s, StringComparer.Ordinal)
            .ToDictionary(s => s, s => s == Seed ? Seed : s == Element ? Iteration : "_" + s);
        _dims = _symbols.ToDictionary(s => s.Key, s => Dim.Symbol(s.Value));
        _scalars = _symbols.ToDictionary(s => s.Key, s => Scalar.Named(s.Value));
    }

    protected CodeWriter Code { get; }

    protected ExecutionPlan Plan { get; }

    protected string StudentType { get; }

    /// <summary>Whether the class is made for a batch size.</summary>
    protected bool TakesBatch { get; }

    /// <summary>What a loop calls the number of the element that an iteration sees, where the class is one iteration of it; else null.</summary>
    protected string? Element { get; }

    /// <summary>What inner classes are given as the kernel.</summary>
    protected abstract string Kernel { get; }

    /// <summary>The name of the loop's class that loops stand in; null in the kernel itself.</summary>
    protected abstract string? Around { get; }

    /// <summary>What a run exposes, by property.</summary>
    protected IReadOnlyDictionary<string, string> Exposed => _exposed;

    /// <summary>Whether a run is written for an element type.</summary>
    protected bool IsGeneric => _loops.Count + _repeats.Count > 0;

    /// <summary>Whether a run needs the seed.</summary>
    protected bool ReadsSeed => _symbols.ContainsKey(Seed);

    private static IReadOnlyDictionary<Value, string> NameValues(ExecutionPlan plan)
    {
        var names = new Dictionary<Value, string>();
        var used = new HashSet<string>();
        foreach (var input in plan.Kernel.Program.Inputs)
        {
            names[input.Value] = plan.Places[input.Value] switch
            {
                ArgumentPlace argument => argument.Name,
                GivenPlace given => given.Name,
                BlockPlace block => Unique(BlockField(block.Block, input.Value.Name), block.Slot),
                _ => "t" + input.Value.Index,
            };
        }

        foreach (var result in plan.Kernel.Program.Equations.SelectMany(e => e.Results))
        {
            names[result] = "t" + result.Index;
        }

        return names;

        // Paths such as _h.Weight and h.Weight read alike as names; the slot tells them apart.
        string Unique(string name, int slot) => used.Add(name) ? name : name + "_" + slot.ToString(CultureInfo.InvariantCulture);
    }

    private static string BlockField(string block, string path) => block.Replace('.', '_') + "_" + Regex.Replace(path, @"\W+", "_").Trim('_');

    private static IEnumerable<string> SymbolsOf(ExecutionPlan plan) =>
        SizesOf(plan)
            .Concat(plan.Kernel.Program.Equations.SelectMany(e => e.Form.Scalars).SelectMany(s => s.Symbols));

    private static IEnumerable<string> SizesOf(ExecutionPlan plan)
    {
        var program = plan.Kernel.Program;
        var values = program.Inputs.Select(i => i.Value).Concat(program.Equations.SelectMany(e => e.Results));
        return values.SelectMany(v => v.Shape.Dims)
            .Concat(program.Equations.SelectMany(e => e.Form.Dims))
            .Distinct()
            .SelectMany(d => d.Symbols)
            .Distinct();
    }

    /// <summary>Finds out all parts of the class.</summary>
    protected void Prepare()
    {
        PrepareSymbols();
        PrepareFrame();
        foreach (var step in Plan.Steps)
        {
            WriteStep(step);
        }
    }

    /// <summary>Makes ready what the class is given from outside.</summary>
    protected abstract void PrepareFrame();

    /// <summary>Makes ready an element of what lies outside; only in the body of a loop.</summary>
    protected abstract void PrepareElement(string name, ElementPlace element, Value value);

    /// <summary>Hands over an element; only in the body of a loop.</summary>
    protected abstract void WriteElement(Value value, Sink sink);

    /// <summary>The tensor that an output is added to or written over.</summary>
    protected virtual string Target(Sink sink, Value value)
    {
        var target = BlockField(sink.Target, sink.Slot.ToString(CultureInfo.InvariantCulture));
        Prepare(target, $"{sink.Target}[{sink.Slot}]", value);
        return target;
    }

    protected void WriteFields()
    {
        foreach (var field in _fields)
        {
            Code.Line($"private readonly {field};");
        }
    }

    protected void WriteConstruction()
    {
        foreach (var line in _construction)
        {
            Code.Line(line);
        }
    }

    protected void WriteRunBody()
    {
        foreach (var line in _run)
        {
            Code.Line(line);
        }
    }

    /// <summary>Writes the loops, each behind an empty line.</summary>
    protected void WriteLoops()
    {
        foreach (var loop in _loops)
        {
            Code.Line();
            LoopWriter.Write(Code, loop);
        }

        foreach (var repeat in _repeats)
        {
            Code.Line();
            repeat.WriteClass();
        }
    }

    protected void Field(string declaration, string construction)
    {
        _fields.Add(declaration);
        _construction.Add(construction);
    }

    protected void Construct(string line) => _construction.Add(line);

    protected void Run(string line) => _run.Add(line);

    /// <summary>Whether a name is new.</summary>
    protected bool Declare(string name) => _declared.Add(name);

    private void PrepareSymbols()
    {
        foreach (var symbol in _symbols.Where(s => s.Key != Seed))
        {
            // A number that is no size may have a fraction.
            var type = _sizes.Contains(symbol.Key) ? "long" : "double";
            _fields.Add($"{type} {symbol.Value}");
            _construction.Add(symbol.Key == Element
                ? $"this.{symbol.Value} = {symbol.Value};"
                : $"{symbol.Value} = {(type == "long" ? SizeOf(symbol.Key) : NumberOf(symbol.Key))};");
        }
    }

    /// <summary>The size that has this name.</summary>
    protected static string SizeOf(string symbol) => symbol == Symbols.Batch ? "batch" : "(long)" + NumberOf(symbol);

    private static string NumberOf(string symbol) => $"((ITensorModule)student).Scalar(\"{symbol}\")";

    /// <summary>The name of a value, its field or variable made ready.</summary>
    protected string Name(Value value)
    {
        var name = _names[value];
        switch (Plan.Places[value])
        {
            case BlockPlace block:
                Prepare(name, $"{block.Block}[{block.Slot}]", value);
                break;
            case BufferPlace buffer:
                Prepare(name, IsRagged(value) ? $"Part(buffers[{buffer.Slot}], 0, [{Sizes(value.Shape)}])" : $"Own(buffers[{buffer.Slot}].view([{Sizes(value.Shape)}]))", value);
                break;
            case StatesPlace states:
                Prepare(name, StateView(states, value, states.Part), value);
                break;
            case ElementPlace element:
                PrepareElement(name, element, value);
                break;
            case KeptPlace kept:
                Prepare(name, KeptPart(kept.Position, value), value);
                break;
        }

        return name;
    }

    private string KeptPart(int position, Value value) => $"Own(PartOf(kept, keptStarts[{position}], [{Sizes(value.Shape)}]))";

    /// <summary>Whether a value's size depends on the iteration.</summary>
    protected bool IsRagged(Value value) => Element is { } element && value.Shape.Mentions(element);

    protected void Prepare(string name, string expression, Value value)
    {
        if (_declared.Add(name))
        {
            _fields.Add($"{Tensor} {name}");
            _construction.Add($"{name} = {expression}; // {value.Shape}");
        }
    }

    private string Transposed(Value value)
    {
        var name = Name(value);
        // Two underscores: no path of a member ends in them.
        var transposed = name + "__T";
        if (Plan.Places[value].IsPersistent)
        {
            if (_declared.Add(transposed))
            {
                _fields.Add($"{Tensor} {transposed}");
                _construction.Add($"{transposed} = Own({name}.transpose(-2, -1));");
            }
        }
        else if (_declared.Add(transposed))
        {
            _run.Add($"using var {transposed} = {name}.transpose(-2, -1);");
        }

        return transposed;
    }

    private void WriteStep(PlanStep step)
    {
        switch (step)
        {
            case CallStep call:
                WriteCall(call);
                break;
            case FusedStep loop:
                _loops.Add(loop);
                _run.Add($"Loop{loop.Number}<T>({string.Join(", ", LoopArguments(loop))});");
                break;
            case RepeatStep repeat:
                WriteRepeat(repeat);
                break;
            case SinkStep sink:
                WriteSink(sink);
                break;
        }

        foreach (var value in step.Disposed)
        {
            _run.Add($"{_names[value]}.Dispose();");
        }
    }

    private void WriteCall(CallStep call)
    {
        var form = call.Equation.Form;
        var result = call.Equation.Result;
        switch (call.Form)
        {
            case CallForm.Prepared:
                var view = Fill(form.Fresh, call.Equation);
                Prepare(_names[result], $"Own({view})", result);
                break;
            case CallForm.Into:
                Name(result);
                _run.Add(Fill(form.Into!, call.Equation) + ";");
                break;
            case CallForm.InPlace or CallForm.InPlaceRight:
                var statement = Fill(call.Form == CallForm.InPlace ? form.InPlace! : form.InPlaceRight!, call.Equation);
                _run.Add(Plan.Places[result] is TemporaryPlace ? $"var {_names[result]} = {statement};" : statement + ";");
                break;
            default:
                _run.Add($"var {_names[result]} = {Fill(form.Fresh, call.Equation)};");
                break;
        }
    }

    private void WriteSink(SinkStep step)
    {
        var (value, sink) = (step.Value, step.Sink);
        switch (sink.Kind)
        {
            case SinkKind.Expose:
                // Read through the property; what is no buffer of the kernel's own is copied into one.
                if (Plan.Places[value] is BufferPlace)
                {
                    _exposed[sink.Target] = Name(value);
                }
                else
                {
                    var field = char.ToLowerInvariant(sink.Target[0]) + sink.Target.Substring(1);
                    Prepare(field, $"Own(Buffer({Text(value.Shape.Elements)}).view([{Sizes(value.Shape)}]))", value);
                    _run.Add($"{field}.copy_({Name(value)});");
                    _exposed[sink.Target] = field;
                }

                break;
            case SinkKind.Keep:
                // A value with a home of its own is copied into the region.
                if (Plan.Places[value] is not KeptPlace)
                {
                    var part = $"kept{sink.Slot}";
                    Prepare(part, KeptPart(sink.Slot, value), value);
                    _run.Add($"{part}.copy_({Name(value)});");
                }

                break;
            case SinkKind.Next or SinkKind.Element:
                WriteElement(value, sink);
                break;
            default:
                var target = Target(sink, value);
                _run.Add(sink.Kind == SinkKind.Write
                    ? $"{target}.copy_({Name(value)});"
                    : step.Direct is { } direct
                        ? Fill(direct.Form.Accumulate!, direct, target) + ";"
                        // add_ alone makes a scalar that may be finalized while libtorch reads it.
                        : $"{target}.add_({Name(value)}, Products.One);");
                break;
        }
    }

    private void WriteRepeat(RepeatStep step)
    {
        var repeat = new RepeatWriter(Code, step, Around, StudentType, TakesBatch);
        var loop = step.Loop;
        var name = repeat.FieldName;
        var given = new List<string>();
        var arguments = new List<string>();
        for (var i = 0; i < step.Equation.Operands.Count; i++)
        {
            if (i >= loop.Constants && i < loop.FirstSequence)
            {
                continue;
            }

            var operand = step.Equation.Operands[i];
            (Plan.Places[operand].IsPersistent ? given : arguments).Add(Name(operand));
        }

        for (var i = 0; i < loop.Carries; i++)
        {
            var states = step.States[i];
            var result = step.Equation.Results[i];
            var first = $"{_names[result]}__first";
            var all = $"{_names[result]}__states";
            Prepare(first, StateView(states, result, StatesPart.First), result);
            _construction.Add($"var {all} = Own(buffers[{states.Slot}].view([{Text(states.States.Count)}, {Sizes(result.Shape)}]));");
            given.Add(all);
            _run.Add($"{first}.copy_({Name(step.Equation.Operands[loop.Constants + i])});");
        }

        foreach (var sink in step.Body.Kernel.Sinks)
        {
            if (sink.Kind is SinkKind.Element or SinkKind.Sum)
            {
                var result = Name(step.Equation.Results[sink.Slot]);
                given.Add(result);
                if (sink.Kind == SinkKind.Sum)
                {
                    _run.Add($"{result}.fill_(Products.Zero);");
                }
            }
        }

        var fixedArguments = new[] { Kernel }.Concat(TakesBatch ? ["batch"] : Array.Empty<string>()).Append("student");
        if (step.Body.Slots.Count > 0)
        {
            fixedArguments = fixedArguments.Append($"buffers[{step.FirstSlot}..{step.FirstSlot + step.Body.Slots.Count}]");
        }

        var run = $"Run<T>({string.Join(", ", (repeat.ReadsSeed ? [Seed] : Array.Empty<string>()).Concat(arguments))});";
        if (loop.IsRagged)
        {
            _fields.Add($"{repeat.ClassName}[] {name}");
            _construction.Add($"{name} = new {repeat.ClassName}[{Text(loop.Length)}];");
            _construction.Add($"for (var i = 0L; i < {name}.Length; i++)");
            _construction.Add("{");
            _construction.Add($"    {name}[i] = new {repeat.ClassName}({string.Join(", ", fixedArguments.Concat(given).Append("i"))});");
            _construction.Add("}");
            _run.Add(loop.Reversed ? $"for (var i = {name}.Length - 1; i >= 0; i--)" : $"for (var i = 0; i < {name}.Length; i++)");
            _run.Add("{");
            _run.Add($"    {name}[i].{run}");
            _run.Add("}");
        }
        else
        {
            _fields.Add($"{repeat.ClassName} {name}");
            _construction.Add($"{name} = new {repeat.ClassName}({string.Join(", ", fixedArguments.Concat(given))});");
            _run.Add($"{name}.{run}");
        }

        _repeats.Add(repeat);
    }

    /// <summary>A view of some of a carry's states.</summary>
    private string StateView(StatesPlace place, Value value, StatesPart part)
    {
        var states = place.States;
        var length = states.Length;
        var element = part is StatesPart.First or StatesPart.Last ? value.Shape : new Shape(value.Shape.Dims.Skip(1).ToEquatableArray());
        var view = $"buffers[{place.Slot}].view([{string.Join(", ", new[] { Text(states.Count) }.Concat(element.Dims.Select(Text)))}])";
        return part switch
        {
            StatesPart.Found or StatesPart.Next => $"Own({view}.narrow(0, {((part == StatesPart.Next) == states.Reversed ? "0" : "1")}, {Text(length)}))",
            _ when states.Turns == 1 || (part == StatesPart.First) != states.Reversed => $"Own({view}[0])",
            _ when states.Turns is null => $"Own({view}[{Text(length)}])",
            _ => $"Own({view}[({Text(length)}) % {states.Turns}])",
        };
    }

    private IEnumerable<string> LoopArguments(FusedStep loop)
    {
        yield return Text(loop.Rows);
        yield return Text(loop.Columns);
        foreach (var period in LoopWriter.Periods(loop))
        {
            yield return Text(period);
        }

        foreach (var stride in LoopWriter.Strides(loop))
        {
            yield return Text(stride);
        }

        foreach (var number in LoopWriter.Numbers(loop))
        {
            yield return Text(number);
        }

        foreach (var load in loop.Loads)
        {
            yield return load.Offset is null or { Value: 0 } ? $"new({Address(load.Source)})" : $"new Strip<T>({Address(load.Source)}).Skip({Text(load.Offset)})";
        }

        foreach (var value in loop.Stores.Concat(loop.Sums.Select(s => s.Result)))
        {
            yield return $"new({Address(value)})";
        }
    }

    private string Address(Value value)
    {
        var name = Name(value);
        if (!Plan.Places[value].IsPersistent)
        {
            return $"HostMemory.Address({name})";
        }

        var address = name + "__at";
        if (_declared.Add(address))
        {
            _fields.Add($"nint {address}");
            _construction.Add($"{address} = HostMemory.Address({name});");
        }

        return address;
    }

    private string Fill(string template, Equation equation, string? target = null)
    {
        var form = equation.Form;
        return Template.Fill(template, hole => hole.Kind switch
        {
            HoleKind.Operand => Name(equation.Operands[hole.Index]),
            HoleKind.TransposedOperand => Transposed(equation.Operands[hole.Index]),
            HoleKind.Number => Number(form.Scalars[hole.Index]),
            HoleKind.Size => Text(form.Dims[hole.Index]),
            HoleKind.Shape => Sizes(equation.Result.Shape),
            HoleKind.Result => Name(equation.Result),
            _ => target ?? throw new InvalidOperationException($"{equation.Op} adds to a target where there is none."),
        });
    }

    /// <summary>A number as a libtorch scalar: made once if it is the same in every run.</summary>
    private string Number(Scalar number)
    {
        if (_numberNames.TryGetValue(number, out var known))
        {
            return known;
        }

        var name = "number" + _numberNames.Count;
        _numberNames[number] = name;
        if (number.Symbols.Contains(Seed))
        {
            _run.Add($"using Scalar {name} = {Text(number)};");
        }
        else
        {
            _fields.Add($"Scalar {name}");
            _construction.Add($"{name} = Own({Text(number)});");
        }

        return name;
    }

    protected string Sizes(Shape shape) => string.Join(", ", shape.Dims.Select(Text));

    protected string Text(Dim dim)
    {
        if (!_texts.TryGetValue(dim, out var text))
        {
            _texts[dim] = text = dim.Substitute(_dims).ToString();
        }

        return text;
    }

    private string Text(Scalar number) => number.Substitute(_scalars).ToString()!;
}
