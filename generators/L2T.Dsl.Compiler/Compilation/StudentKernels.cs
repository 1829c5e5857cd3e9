using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Differentiation;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Lowering;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Planning;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Simplification;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Compilation;

/// <summary>
/// The programs of a student's kernels. Gradients are linear in the seed, the cotangent of the objective: -eta makes
/// one a step of descent, at no cost.
/// </summary>
public static class StudentKernels
{
    /// <summary>The output in evaluation mode.</summary>
    public static KernelProgram Forward(ModuleSpec student, IReadOnlyDictionary<string, ModuleSpec> modules)
    {
        var b = new Builder();
        var problems = new ProblemSink();
        var (_, output) = StudentProgram.Lower(b, new Lowerer(b, false, problems), student, modules, problems)
            ?? throw new InvalidOperationException($"{student.Type.Full} was checked before, and now: {string.Join("; ", problems.Problems)}");
        (Value, Sink)[] outputs = [(output, new(SinkKind.Expose, KernelNames.Output, 0))];
        return Close(Build(b, "Forward", outputs), outputs, []);
    }

    /// <summary>Value, output, the gradient with respect to w, and what training does to the buffers.</summary>
    public static KernelProgram Gradient(ObjectiveProgram objective, string name)
    {
        var b = objective.Builder;
        var gradient = Vjp.Write(b, [(objective.Value, SeedOf(b))], objective.Parameters);
        return Gradient(objective, name, gradient, [], []);
    }

    /// <summary>Value, output, and the gradient with respect to w and to the buffers of a student in evaluation mode.</summary>
    public static KernelProgram Metric(ObjectiveProgram objective, string name)
    {
        var b = objective.Builder;
        var gradient = Vjp.Write(b, [(objective.Value, SeedOf(b))], [.. objective.Parameters, .. objective.Buffers]);
        var buffers = gradient.Skip(objective.Parameters.Count).Select((g, i) => (g, new Sink(SinkKind.Add, "into.Buffers", i))).Where(o => o.g is not null);
        return Gradient(objective, name, [.. gradient.Take(objective.Parameters.Count)], [.. buffers!], []);
    }

    /// <summary>
    /// The gradient, and the hyper step that reverses a step along it (paper section 3.3): H v and M v are the tangents
    /// of the gradients with respect to w and Phi when w is pushed along v.
    /// <para>
    /// A step that sets buffers r' = S(w, r) has their adjoint a' to bring back too: (dS/dw)' a' to w, (dS/dr)' a' to r.
    /// Both are tangents of the gradient of L + z' S at z = 0 when z is pushed along a': one pass back serves both.
    /// </para>
    /// </summary>
    public static (KernelProgram Gradient, KernelProgram Hyper) GradientAndHyper(ObjectiveProgram objective, string name)
    {
        var b = objective.Builder;
        var updates = objective.Buffers.Where(b.Updates.ContainsKey).Select(r => (Buffer: r, Next: b.Updates[r], Zero: b.Input(r.Name, InputRole.Cotangent, r.Type))).ToArray();
        Value[] wrt = [.. objective.Parameters, .. objective.Coefficients, .. objective.Buffers];
        var gradients = Vjp.Write(b, [(objective.Value, SeedOf(b)), .. updates.Select(u => (u.Next, u.Zero))], wrt);
        var ofParameters = gradients.Take(objective.Parameters.Count).ToArray();

        var pushed = objective.Parameters.ToDictionary(w => w, w => b.Input(w.Name, InputRole.Tangent, w.Type));
        var adjoints = objective.Buffers.ToDictionary(r => r, r => b.Input(r.Name, InputRole.BufferAdjoint, r.Type));
        foreach (var update in updates)
        {
            pushed[update.Zero] = adjoints[update.Buffer];
        }

        Value[] present = [.. gradients.Where(g => g is not null).Distinct()!];
        var tangents = present.Zip(Jvp.Write(b, pushed, present), (g, t) => (g, t)).ToDictionary(p => p.g, p => p.t);

        var outputs = new List<(Value Value, Sink Sink)>();
        AddTangents(objective.Parameters.Count, 0, "intoW");
        AddTangents(objective.Coefficients.Count, objective.Parameters.Count, "intoPhi");
        for (var i = 0; i < objective.Buffers.Count; i++)
        {
            // A buffer that the step leaves as it is hands its adjoint on, and what reads it adds to that.
            var buffer = objective.Buffers[i];
            var kept = b.Updates.ContainsKey(buffer) ? null : adjoints[buffer];
            var adjoint = b.AddOrNull(kept, TangentOf(objective.Parameters.Count + objective.Coefficients.Count + i));
            outputs.Add((adjoint ?? b.Full(buffer.Shape, 0), new(SinkKind.Write, Homes.BufferAdjoint, i)));
        }

        Value[] zeros = [.. updates.Select(u => u.Zero)];

        // What the gradient kernel computes.
        HashSet<Value> primal = [.. Liveness.Live(b.Equations, [objective.Value, objective.Output, .. ofParameters.OfType<Value>()]).SelectMany(e => e.Results)];
        var hyper = SplitLoops.Rewrite(Build(b, name + "Hyper", outputs), primal.Contains);
        var given = Shared(hyper, primal, zeros);
        return (
            Gradient(objective, name, ofParameters, [], given, zeros),
            Close(hyper, outputs, given, zeros));

        Value? TangentOf(int i) => gradients[i] is { } g ? tangents[g] : null;

        void AddTangents(int count, int from, string block)
        {
            for (var i = 0; i < count; i++)
            {
                if (TangentOf(from + i) is { } tangent)
                {
                    outputs.Add((tangent, new(SinkKind.Add, block, i)));
                }
            }
        }
    }

    /// <summary>What the hyper step reads and need not compute: the gradient kernel computes it, and keeping it costs less.</summary>
    private static IReadOnlyList<Value> Shared(Program program, HashSet<Value> primal, IReadOnlyCollection<Value> zeros)
    {
        // Of a loop, what nothing reads is no result any more.
        program = DeadCode.Remove(Zeros.Rewrite(program, zeros));
        var shared = new HashSet<Value>(program.Equations.Where(e => e.Op.IsDear(e)).SelectMany(e => e.Results).Where(primal.Contains));

        // What only shared values need is not needed once they are there.
        var rest = Liveness.Pruned(program.Equations.Where(e => !e.Results.Any(shared.Contains)).ToEquatableArray(), program.Outputs.Select(o => o.Value));
        var read = new HashSet<Value>(rest.SelectMany(e => e.Operands).Concat(program.Outputs.Select(o => o.Value)));
        return [.. program.Equations.SelectMany(e => e.Results).Where(r => shared.Contains(r) && read.Contains(r))];
    }

    private static KernelProgram Gradient(
        ObjectiveProgram objective,
        string name,
        IReadOnlyList<Value?> gradient,
        IReadOnlyList<(Value Value, Sink Sink)> ofBuffers,
        IReadOnlyList<Value> kept,
        params Value[] zeros)
    {
        var b = objective.Builder;
        var outputs = new List<(Value Value, Sink Sink)>
        {
            (objective.Value, new(SinkKind.Expose, KernelNames.Value, 0)),
            (objective.Output, new(SinkKind.Expose, KernelNames.Output, 0)),
        };
        outputs.AddRange(kept.Select((v, i) => (v, new Sink(SinkKind.Keep, "kept", i))));
        outputs.AddRange(gradient.Select((g, i) => (g, new Sink(SinkKind.Add, "into", i))).Where(o => o.g is not null)!);
        outputs.AddRange(ofBuffers);
        outputs.AddRange(objective.Buffers
            .Select((r, i) => (Buffer: r, Sink: new Sink(SinkKind.Write, Homes.Buffers, i)))
            .Where(u => b.Updates.ContainsKey(u.Buffer))
            .Select(u => (b.Updates[u.Buffer], u.Sink)));
        return Close(Build(b, name, outputs), outputs, [], zeros);
    }

    private static Program Build(Builder b, string name, IEnumerable<(Value Value, Sink Sink)> outputs) =>
        b.Build(name, outputs.Select(o => new ProgramOutput(o.Sink.ToString(), o.Value)));

    /// <summary>Ends a program: what was kept becomes an input, and what nothing needs goes.</summary>
    private static KernelProgram Close(Program program, IReadOnlyList<(Value Value, Sink Sink)> outputs, IReadOnlyList<Value> given, params Value[] zeros)
    {
        program = program with
        {
            Inputs = program.Inputs
                .Concat(given.Select((v, i) => new ProgramInput("kept" + i, InputRole.Kept, v)))
                .ToEquatableArray(),
            Equations = program.Equations.Where(e => !e.Results.Any(given.Contains)).ToEquatableArray(),
        };
        program = Bodies.Rewrite(MergedLoops.Rewrite(DeadCode.Remove(Zeros.Rewrite(program, zeros))), p => RepeatedMasks.Rewrite(ProductSums.Rewrite(LinearSums.Rewrite(p))));

        // The hyper step's tangents stand in the same builder; a kernel that pushes nothing does not take them.
        var used = new HashSet<Value>(program.Equations.SelectMany(e => e.Operands).Concat(program.Outputs.Select(o => o.Value)));
        var pushes = program.Inputs.Where(i => used.Contains(i.Value)).Select(i => i.Role).ToArray();
        program = program with
        {
            Inputs = program.Inputs.Where(i => i.Role is not (InputRole.Tangent or InputRole.BufferAdjoint) || pushes.Contains(i.Role)).ToEquatableArray(),
        };

        Verifier.Check(program, "simplification");
        return new(program, outputs.Select(o => o.Sink).ToEquatableArray());
    }

    private static Value SeedOf(Builder b) => b.Full(Shape.Scalar, Scalar.Named(Symbols.Seed));
}
