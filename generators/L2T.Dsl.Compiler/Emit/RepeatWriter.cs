using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Planning;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Emit;

/// <summary>
/// Writes a loop with carried state as a class within its kernel: it is given, once, what lasts from run to run, and makes
/// views of all elements of it; what does not is given to each run. Where sizes depend on the iteration, an object of the class is one iteration, and
/// has views of its own elements alone.
/// </summary>
internal sealed class RepeatWriter : PlanWriter
{
    private readonly RepeatStep _step;
    private readonly List<string> _parameters = [];
    private readonly List<string> _arguments = [];

    /// <param name="code">Where to.</param>
    /// <param name="step">The loop.</param>
    /// <param name="within">The name of the class of the loop around it; null in the kernel itself.</param>
    /// <param name="studentType">The type that knows the constructor parameters that sizes are written in.</param>
    /// <param name="takesBatch">Whether the kernel is made for a batch size.</param>
    public RepeatWriter(CodeWriter code, RepeatStep step, string? within, string studentType, bool takesBatch)
        : base(code, step.Body, studentType, takesBatch, step.Loop.IsRagged ? step.Loop.Element : null, step.Loop.IsRagged ? [] : [step.Loop.Length])
    {
        _step = step;
        ClassName = within is null ? $"Repeat{step.Number}" : $"{within}_{step.Number}";
        Prepare();
    }

    /// <summary>The name of the class.</summary>
    public string ClassName { get; }

    /// <summary>The name of the field that holds its object.</summary>
    public string FieldName => "repeat" + _step.Number;

    /// <summary>Whether a run takes the seed.</summary>
    public new bool ReadsSeed => base.ReadsSeed;

    protected override string Kernel => "kernel";

    protected override string? Around => ClassName;

    /// <summary>Writes the class.</summary>
    public void WriteClass()
    {
        var length = Text(_step.Loop.Length);
        var seed = ReadsSeed ? ["double " + Seed] : Array.Empty<string>();
        var runParameters = seed.Concat(_arguments.Select(a => $"{Tensor} {a}")).ToArray();
        var runArguments = (ReadsSeed ? [Seed] : Array.Empty<string>()).Concat(_arguments).ToArray();
        Code.Lines("// ", $"{_step.Loop.Name} of {_step.Loop.Length} iterations{(Element is null ? "" : $", {Element} the number of each")}: {Plan.Kernel.Program}");
        using (Code.Block($"private sealed class {ClassName} : KernelLoop"))
        {
            WriteFields();
            Code.Line();
            var fixedParameters = new[] { "Kernel kernel" }
                .Concat(TakesBatch ? ["long batch"] : Array.Empty<string>())
                .Append($"{StudentType} student")
                .Concat(Plan.Slots.Count > 0 ? [$"{Tensor}[] buffers"] : Array.Empty<string>())
                .Concat(_parameters.Select(p => $"{Tensor} {p}"))
                .Concat(Element is null ? [] : new[] { "long " + Iteration });
            Code.Line($"public {ClassName}({string.Join(", ", fixedParameters)})");
            using (Code.Block("    : base(kernel)"))
            {
                WriteConstruction();
            }

            Code.Line();
            Code.Line($"public void Run<T>({string.Join(", ", runParameters)})");
            using (Code.Block("    " + LoopWriter.RealConstraint))
            {
                if (Element is not null)
                {
                    WriteRunBody();
                }
                else
                {
                    WriteIterations(length, runArguments);
                }
            }

            if (Element is null)
            {
                Code.Line();
                Code.Line($"private void Step<T>({string.Join(", ", new[] { "long " + Iteration }.Concat(runParameters))})");
                using (Code.Block("    " + LoopWriter.RealConstraint))
                {
                    WriteRunBody();
                }
            }

            WriteLoops();
        }
    }

    private void WriteIterations(string length, IEnumerable<string> arguments)
    {
        using (Code.Block(_step.Loop.Reversed ? $"for (var {Iteration} = {length} - 1L; {Iteration} >= 0; {Iteration}--)" : $"for (var {Iteration} = 0L; {Iteration} < {length}; {Iteration}++)"))
        {
            Code.Line($"Step<T>({string.Join(", ", new[] { Iteration }.Concat(arguments))});");
        }
    }

    protected override void PrepareFrame()
    {
        foreach (var input in Plan.Kernel.Program.Inputs)
        {
            switch (Plan.Places[input.Value])
            {
                case GivenPlace { Persistent: true } given:
                    Give(given.Name, $"{Tensor} {given.Name}", given.Name);
                    Declare(given.Name);
                    break;
                case GivenPlace given:
                    _arguments.Add(given.Name);
                    break;
                case ElementPlace { States: null, Prepared: true } element:
                    GiveElements(element.Of);
                    break;
                case ElementPlace { States: null } element:
                    _arguments.Add(element.Of);
                    break;
            }
        }

        foreach (var output in _step.Loop.Body.Outputs.Take(_step.Loop.Carries))
        {
            GiveElements(output.Name);
        }

        foreach (var sink in Plan.Kernel.Sinks)
        {
            if (sink.Kind == SinkKind.Element)
            {
                GiveElements(sink.Target);
            }
            else if (sink.Kind == SinkKind.Sum)
            {
                Give(sink.Target, $"{Tensor} {sink.Target}", sink.Target);
            }
        }
    }

    protected override void PrepareElement(string name, ElementPlace element, Value value)
    {
        if (Element is not null && element.Prepared)
        {
            Prepare(name, IsRagged(value) ? $"Part({Stretch(element, value)})" : $"Own({At(element)})", value);
        }
        else if (Declare(name))
        {
            Run(element.Prepared ? $"var {name} = {At(element)};" : $"using var {name} = {(IsRagged(value) ? $"PartOf({Stretch(element, value)})" : $"{element.Of}.select(0, {Iteration})")};");
        }
    }

    protected override void WriteElement(Value value, Sink sink)
    {
        var element = LoopFrame.PlaceOf(sink, _step.States.Select(s => s.States).ToEquatableArray())!;
        if (Plan.Places[value] == element)
        {
            return;
        }

        var target = At(element);
        if (Element is not null)
        {
            target = sink.Target + "__at";
            PrepareElement(target, element, value);
        }

        Run($"{target}.copy_({Name(value)});");
    }

    /// <summary>Where an element lies among those of other sizes: the tensor, its first number there, its shape.</summary>
    private string Stretch(ElementPlace element, Value value) =>
        $"{element.Of}, {Text(value.Shape.Elements.Sum(Element!, Dim.Symbol(Element!))!)}, [{Sizes(value.Shape)}]";

    protected override string Target(Sink sink, Value value) => sink.Target;

    /// <summary>An element by the iteration: the states of a carry lie one behind the other, and a loop from the end goes through them from the end.</summary>
    private static string At(ElementPlace element)
    {
        var index = element.States is { } states && (element.Part == StatesPart.Next) != states.Reversed ? $"{Iteration} + 1" : Iteration;
        return element.States?.Turns switch
        {
            null => $"{element.Of}[{index}]",
            1 => $"{element.Of}[0]",
            var turns => $"{element.Of}[{(index == Iteration ? index : $"({index})")} % {turns}]",
        };
    }

    private void GiveElements(string name)
    {
        if (Element is null)
        {
            Give(name, $"{Tensor}[] {name}", $"Elements({name})");
        }
        else
        {
            _parameters.Add(name);
        }
    }

    private void Give(string name, string field, string construction)
    {
        _parameters.Add(name);
        Field(field, $"this.{name} = {construction};");
    }
}
