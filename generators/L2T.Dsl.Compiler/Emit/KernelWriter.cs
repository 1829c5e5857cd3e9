using System.Globalization;
using System.Text.RegularExpressions;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Planning;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Emit;

/// <summary>Writes a planned kernel as a C# class: fields, a constructor that makes every buffer and view, a run.</summary>
internal sealed class KernelWriter
{
    private const string Seed = Symbols.Seed;
    private const string Tensor = "Tensor";

    private readonly CodeWriter _code;
    private readonly KernelShape _shape;
    private readonly ExecutionPlan _plan;
    private readonly IReadOnlyDictionary<Value, string> _names;
    private readonly IReadOnlyDictionary<string, string> _symbols;
    private readonly IReadOnlyDictionary<string, Dim> _dims;
    private readonly IReadOnlyDictionary<string, Scalar> _scalars;
    private readonly HashSet<string> _sizes;
    private readonly string _studentType;

    // The parts of the class are found while the run is written, and written before it.
    private readonly List<string> _fields = [];
    private readonly List<string> _construction = [];
    private readonly List<string> _run = [];
    private readonly HashSet<string> _declared = [];
    private readonly List<FusedStep> _loops = [];
    private readonly Dictionary<string, string> _exposed = [];
    private readonly Dictionary<Scalar, string> _numberNames = [];
    private readonly Dictionary<Dim, string> _texts = [];

    private KernelWriter(CodeWriter code, KernelShape shape, ExecutionPlan plan, string studentType)
    {
        _code = code;
        _shape = shape;
        _plan = plan;
        _studentType = studentType;
        _names = NameValues(plan);
        _sizes = [.. SizesOf(plan), Symbols.Batch];
        _symbols = SymbolsOf(plan).ToDictionary(s => s, s => s == Seed ? Seed : "_" + s);
        _dims = _symbols.ToDictionary(s => s.Key, s => Dim.Symbol(s.Value));
        _scalars = _symbols.ToDictionary(s => s.Key, s => Scalar.Named(s.Value));
    }

    /// <summary>Writes the class.</summary>
    /// <param name="code">Where to.</param>
    /// <param name="name">The class's name.</param>
    /// <param name="summary">What the kernel does, in a sentence.</param>
    /// <param name="shape">What it looks like from outside.</param>
    /// <param name="plan">What it does.</param>
    /// <param name="studentType">The type that knows the constructor parameters that sizes are written in.</param>
    public static void Write(CodeWriter code, string name, string summary, KernelShape shape, ExecutionPlan plan, string studentType) =>
        new KernelWriter(code, shape, plan, studentType).WriteClass(name, summary);

    private static IReadOnlyDictionary<Value, string> NameValues(ExecutionPlan plan)
    {
        var names = new Dictionary<Value, string>();
        var used = new HashSet<string>();
        foreach (var input in plan.Kernel.Program.Inputs)
        {
            names[input.Value] = plan.Places[input.Value] switch
            {
                ArgumentPlace argument => argument.Name,
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
            .Concat(plan.Kernel.Program.Equations.SelectMany(e => e.Form.Scalars).SelectMany(s => s.Symbols))
            .Distinct()
            .OrderBy(s => s, StringComparer.Ordinal);

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

    private void WriteClass(string name, string summary)
    {
        PrepareSymbols();
        PrepareBuffers();
        foreach (var step in _plan.Steps)
        {
            WriteStep(step);
        }

        _code.Lines("// ", _plan.Kernel.Program.ToString());
        _code.Line($"/// <summary>{summary}</summary>");
        using (_code.Block($"internal sealed class {name} : {BaseOf(name)}"))
        {
            foreach (var field in _fields)
            {
                _code.Line($"private readonly {field};");
            }

            _code.Line();
            using (_code.Block($"public {name}({ConstructorParameters()})\n    : base({_shape.Blocks[0]})".Replace("\n", "\n    ")))
            {
                foreach (var line in _construction)
                {
                    _code.Line(line);
                }
            }

            WriteProperties();
            WriteRun();
            foreach (var loop in _loops)
            {
                _code.Line();
                LoopWriter.Write(_code, loop);
            }
        }
    }

    /// <summary>The base class, in full where the kernel has its name.</summary>
    private string BaseOf(string name) => name == _shape.Base ? "global::L2T.Dsl.Tensors." + _shape.Base : _shape.Base;

    private string ConstructorParameters()
    {
        var blocks = _shape.Blocks.Select(b => "TensorBlock " + b);
        var batch = _shape.TakesBatch ? ["long batch"] : Array.Empty<string>();
        return string.Join(", ", blocks.Concat(batch).Concat([$"{_studentType} student"]));
    }

    private void PrepareSymbols()
    {
        foreach (var symbol in _symbols.Where(s => s.Key != Seed))
        {
            // A number that is no size may have a fraction.
            var type = _sizes.Contains(symbol.Key) ? "long" : "double";
            _fields.Add($"{type} {symbol.Value}");
            _construction.Add(symbol.Key == Symbols.Batch
                ? $"{symbol.Value} = batch;"
                : $"{symbol.Value} = ({type})((ITensorModule)student).Scalar(\"{symbol.Key}\");");
        }
    }

    private void PrepareBuffers()
    {
        if (_plan.Slots.Count > 0)
        {
            _construction.Add($"var buffers = Buffers({string.Join(", ", _plan.Slots.Select(s => Text(s.Elements)))});");
        }

        if (_shape.HasKept)
        {
            _fields.Add($"{Tensor} kept");
            _construction.Add($"(kept, var keptParts) = Region({string.Join(", ", _plan.Kept.Select(v => Text(v.Shape.Elements)))});");
        }
    }

    /// <summary>The name of a value, its field or variable made ready.</summary>
    private string Name(Value value)
    {
        var name = _names[value];
        switch (_plan.Places[value])
        {
            case BlockPlace block:
                Prepare(name, $"{block.Block}[{block.Slot}]", value);
                break;
            case BufferPlace buffer:
                Prepare(name, $"Own(buffers[{buffer.Slot}].view([{Sizes(value.Shape)}]))", value);
                break;
            case KeptPlace kept:
                Prepare(name, $"Own(keptParts[{kept.Position}].view([{Sizes(value.Shape)}]))", value);
                break;
        }

        return name;
    }

    private void Prepare(string name, string expression, Value value)
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
        if (_plan.Places[value].IsPersistent)
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
                _run.Add(_plan.Places[result] is TemporaryPlace ? $"var {_names[result]} = {statement};" : statement + ";");
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
                if (_plan.Places[value] is BufferPlace)
                {
                    _exposed[sink.Target] = Name(value);
                }
                else
                {
                    var field = char.ToLowerInvariant(sink.Target[0]) + sink.Target.Substring(1);
                    Prepare(field, $"Own(Buffers({Text(value.Shape.Elements)})[0].view([{Sizes(value.Shape)}]))", value);
                    _run.Add($"{field}.copy_({Name(value)});");
                    _exposed[sink.Target] = field;
                }

                break;
            case SinkKind.Keep:
                break;
            default:
                var target = BlockField(sink.Target, sink.Slot.ToString(CultureInfo.InvariantCulture));
                Prepare(target, $"{sink.Target}[{sink.Slot}]", value);
                _run.Add(sink.Kind == SinkKind.Write
                    ? $"{target}.copy_({Name(value)});"
                    : step.Direct is { } direct
                        ? Fill(direct.Form.Accumulate!, direct, target) + ";"
                        // add_ alone makes a scalar that may be finalized while libtorch reads it.
                        : $"{target}.add_({Name(value)}, Products.One);");
                break;
        }
    }

    private void WriteProperties()
    {
        foreach (var exposed in _exposed.Where(e => e.Key != _shape.Returns))
        {
            _code.Line();
            _code.Line($"public override {Tensor} {exposed.Key} => {exposed.Value};");
        }

        if (_shape.HasKept)
        {
            _code.Line();
            _code.Line($"public override {Tensor} Kept => kept;");
        }
    }

    private void WriteRun()
    {
        var parameters = _shape.Arguments.Select(a => $"{Tensor} {a}").Concat(_shape.TakesSeed ? ["double seed"] : []);
        var arguments = _shape.Arguments.Concat(_shape.TakesSeed ? ["seed"] : []);
        var returns = _shape.Returns is null ? "void" : Tensor;
        var signature = string.Join(", ", parameters);
        _code.Line();
        using (_code.Block($"public override {returns} Run({signature})"))
        {
            foreach (var input in _plan.Kernel.Program.Inputs.Where(i => i.Role == InputRole.Data))
            {
                var isReal = input.Value.IsReal ? "true" : "false";
                _code.Line($"Require({string.Join(", ", new[] { input.Name, $"\"{input.Name}\"", isReal }.Concat(input.Value.Shape.Dims.Select(Text)))});");
            }

            using (_code.Block("try"))
            {
                if (_loops.Count == 0)
                {
                    WriteRunBody();
                }
                else
                {
                    using (_code.Block("if (IsDouble)"))
                    {
                        _code.Line($"RunAs<double>({string.Join(", ", arguments)});");
                    }

                    using (_code.Block("else"))
                    {
                        _code.Line($"RunAs<float>({string.Join(", ", arguments)});");
                    }
                }
            }

            using (_code.Block("catch (Exception e) when (IsForeign(e))"))
            {
                _code.Line("throw Fault(e);");
            }

            if (_shape.Returns is { } returned)
            {
                _code.Line($"return {_exposed[returned]};");
            }
        }

        if (_loops.Count > 0)
        {
            _code.Line();
            _code.Line($"private void RunAs<T>({signature})");
            using (_code.Block($"    {LoopWriter.RealConstraint}"))
            {
                WriteRunBody();
            }
        }
    }

    private void WriteRunBody()
    {
        foreach (var line in _run)
        {
            _code.Line(line);
        }
    }

    private IEnumerable<string> LoopArguments(FusedStep loop)
    {
        yield return Text(loop.Rows);
        yield return Text(loop.Columns);
        foreach (var period in LoopWriter.Periods(loop))
        {
            yield return Text(period);
        }

        foreach (var number in LoopWriter.Numbers(loop))
        {
            yield return Text(number);
        }

        foreach (var value in loop.Loads.Select(l => l.Source).Concat(loop.Stores))
        {
            yield return $"new({Address(value)})";
        }
    }

    private string Address(Value value)
    {
        var name = Name(value);
        if (!_plan.Places[value].IsPersistent)
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

    private string Sizes(Shape shape) => string.Join(", ", shape.Dims.Select(Text));

    private string Text(Dim dim)
    {
        if (!_texts.TryGetValue(dim, out var text))
        {
            _texts[dim] = text = dim.Substitute(_dims).ToString();
        }

        return text;
    }

    private string Text(Scalar number) => number.Substitute(_scalars).ToString()!;
}
