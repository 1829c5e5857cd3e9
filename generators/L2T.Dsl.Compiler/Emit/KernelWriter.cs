using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Planning;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Emit;

/// <summary>Writes a planned kernel as a C# class: fields, a constructor that makes every buffer and view, a run.</summary>
internal sealed class KernelWriter : PlanWriter
{
    private readonly KernelShape _shape;

    private KernelWriter(CodeWriter code, KernelShape shape, ExecutionPlan plan, string studentType)
        : base(code, plan, studentType, shape.TakesBatch, null) => _shape = shape;

    private bool ReadsKept => _shape.Arguments.Contains(KernelShape.Kept);

    protected override string Kernel => "this";

    protected override string? Around => null;

    /// <summary>Writes the class.</summary>
    /// <param name="code">Where to.</param>
    /// <param name="name">The class's name.</param>
    /// <param name="summary">What the kernel does, in a sentence.</param>
    /// <param name="shape">What it looks like from outside.</param>
    /// <param name="plan">What it does.</param>
    /// <param name="studentType">The type that knows the constructor parameters that sizes are written in.</param>
    public static void Write(CodeWriter code, string name, string summary, KernelShape shape, ExecutionPlan plan, string studentType) =>
        new KernelWriter(code, shape, plan, studentType).WriteClass(name, summary);

    protected override void PrepareFrame()
    {
        if (Plan.Slots.Count > 0)
        {
            // Each with its size, when it is first written and when it is used for the last time.
            Construct("var buffers = Buffers(");
            foreach (var slot in Plan.Slots.Take(Plan.Slots.Count - 1))
            {
                Construct($"    ({Text(slot.Elements)}, {slot.First}, {slot.Last}),");
            }

            var last = Plan.Slots[Plan.Slots.Count - 1];
            Construct($"    ({Text(last.Elements)}, {last.First}, {last.Last}));");
        }

        if (_shape.Keeps || ReadsKept)
        {
            Field("long[] keptStarts", $"keptStarts = Starts({string.Join(", ", Plan.Kept.Select(v => Text(v.Shape.Elements)))});");
        }

        if (_shape.Keeps)
        {
            Field($"{Tensor} kept", "kept = Buffer(keptStarts[^1]);");
        }

        if (ReadsKept)
        {
            // Where it lies is known in a run only.
            foreach (var (value, i) in Plan.Kept.Select((v, i) => (v, i)))
            {
                Run($"using var {Name(value)} = PartOf({KernelShape.Kept}, keptStarts[{i}], [{Sizes(value.Shape)}]); // {value.Shape}");
            }
        }
    }

    protected override void PrepareElement(string name, ElementPlace element, Value value) => throw NoLoop();

    protected override void WriteElement(Value value, Sink sink) => throw NoLoop();

    private static InvalidOperationException NoLoop() => new("A kernel is in no loop that has elements.");

    private void WriteClass(string name, string summary)
    {
        Prepare();
        Code.Lines("// ", Plan.Kernel.Program.ToString());
        Code.Line($"/// <summary>{summary}</summary>");
        using (Code.Block($"internal sealed class {name} : {BaseOf(name)}"))
        {
            WriteFields();
            Code.Line();
            using (Code.Block($"public {name}({ConstructorParameters()})\n    : base({_shape.Blocks[0]})".Replace("\n", "\n    ")))
            {
                WriteConstruction();
            }

            WriteProperties();
            if (_shape.TakesBatch)
            {
                WriteFlops();
            }

            WriteRun();
            WriteLoops();
        }
    }

    /// <summary>The base class, in full where the kernel has its name.</summary>
    private string BaseOf(string name) => name == _shape.Base ? "global::L2T.Dsl.Tensors." + _shape.Base : _shape.Base;

    private string ConstructorParameters()
    {
        var blocks = _shape.Blocks.Select(b => "TensorBlock " + b);
        var batch = _shape.TakesBatch ? ["long batch"] : Array.Empty<string>();
        return string.Join(", ", blocks.Concat(batch).Concat([$"{StudentType} student"]));
    }

    private void WriteProperties()
    {
        foreach (var exposed in Exposed.Where(e => e.Key != _shape.Returns))
        {
            Code.Line();
            Code.Line($"public override {Tensor} {exposed.Key} => {exposed.Value};");
        }

        if (_shape.Keeps)
        {
            Code.Line();
            Code.Line($"public override {Tensor} Kept => kept;");
        }
    }

    private void WriteFlops()
    {
        var flops = Plan.Kernel.Flops;
        Code.Line();
        Code.Line("/// <summary>The floating-point operations of a run.</summary>");
        using (Code.Block($"public static long Flops(long batch, {StudentType} student)"))
        {
            foreach (var symbol in flops.Symbols.OrderBy(s => s, StringComparer.Ordinal))
            {
                Code.Line($"var {Text(Dim.Symbol(symbol))} = {SizeOf(symbol)};");
            }

            Code.Line($"return {Text(flops)};");
        }
    }

    private void WriteRun()
    {
        var parameters = _shape.Arguments.Select(a => $"{Tensor} {a}").Concat(_shape.TakesSeed ? ["double seed"] : []);
        var arguments = _shape.Arguments.Concat(_shape.TakesSeed ? ["seed"] : []);
        var returns = _shape.Returns is null ? "void" : Tensor;
        var signature = string.Join(", ", parameters);
        Code.Line();
        using (Code.Block($"public override {returns} Run({signature})"))
        {
            foreach (var input in Plan.Kernel.Program.Inputs.Where(i => i.Role == InputRole.Data))
            {
                var isReal = input.Value.IsReal ? "true" : "false";
                Code.Line($"Require({string.Join(", ", new[] { input.Name, $"\"{input.Name}\"", isReal }.Concat(input.Value.Shape.Dims.Select(Text)))});");
            }

            if (ReadsKept)
            {
                Code.Line($"Require({KernelShape.Kept}, \"{KernelShape.Kept}\", true, keptStarts[^1]);");
            }

            using (Code.Block("try"))
            {
                if (!IsGeneric)
                {
                    WriteRunBody();
                }
                else
                {
                    using (Code.Block("if (IsDouble)"))
                    {
                        Code.Line($"RunAs<double>({string.Join(", ", arguments)});");
                    }

                    using (Code.Block("else"))
                    {
                        Code.Line($"RunAs<float>({string.Join(", ", arguments)});");
                    }
                }
            }

            using (Code.Block("catch (Exception e) when (IsForeign(e))"))
            {
                Code.Line("throw Fault(e);");
            }

            if (_shape.Returns is { } returned)
            {
                Code.Line($"return {Exposed[returned]};");
            }
        }

        if (IsGeneric)
        {
            Code.Line();
            Code.Line($"private void RunAs<T>({signature})");
            using (Code.Block($"    {LoopWriter.RealConstraint}"))
            {
                WriteRunBody();
            }
        }
    }
}
