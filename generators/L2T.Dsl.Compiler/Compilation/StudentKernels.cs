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
    private const int LongSum = 32;

    /// <summary>The output in evaluation mode.</summary>
    public static KernelProgram Forward(ModuleSpec student, IReadOnlyDictionary<string, ModuleSpec> modules)
    {
        var b = new Builder();
        var problems = new ProblemSink();
        var (_, output) = StudentProgram.Lower(b, new Lowerer(b, false, problems), student, modules, problems)
            ?? throw new InvalidOperationException($"{student.Type.Full} was checked before, and now: {string.Join("; ", problems.Problems)}");
        return Close(b, "Forward", [(output, new(SinkKind.Expose, KernelNames.Output, 0))], []);
    }

    /// <summary>Value, output and the gradient with respect to w.</summary>
    public static KernelProgram Gradient(ObjectiveProgram objective, string name)
    {
        var b = objective.Builder;
        var gradient = Vjp.Write(b, [(objective.Value, SeedOf(b))], objective.Parameters);
        return Gradient(objective, name, gradient, []);
    }

    /// <summary>
    /// The gradient, and the hyper step that reverses a step along it (paper section 3.3): H v and M v are the tangents
    /// of the gradients with respect to w and Phi when w is pushed along v.
    /// </summary>
    public static (KernelProgram Gradient, KernelProgram Hyper) GradientAndHyper(ObjectiveProgram objective, string name)
    {
        var b = objective.Builder;
        Value[] wrt = [.. objective.Parameters, .. objective.Coefficients];
        var gradients = Vjp.Write(b, [(objective.Value, SeedOf(b))], wrt);
        var forGradient = Live(b, [objective.Value, objective.Output, .. gradients.Take(objective.Parameters.Count)]);

        var pushed = objective.Parameters.ToDictionary(w => w, w => b.Input(w.Name, InputRole.Tangent, w.Type));
        Value[] present = [.. gradients.Where(g => g is not null).Distinct()!];
        var tangents = present.Zip(Jvp.Write(b, pushed, present), (g, t) => (g, t)).ToDictionary(p => p.g, p => p.t);

        var outputs = new List<(Value Value, Sink Sink)>();
        for (var i = 0; i < wrt.Length; i++)
        {
            if (gradients[i] is { } g && tangents[g] is { } tangent)
            {
                var slot = i < objective.Parameters.Count ? i : i - objective.Parameters.Count;
                outputs.Add((tangent, new(SinkKind.Add, i < objective.Parameters.Count ? "intoW" : "intoPhi", slot)));
            }
        }

        var forHyper = Live(b, outputs.Select(o => o.Value));
        Equation[] kept = [.. b.Equations.Where(e => forGradient.Contains(e) && forHyper.Contains(e) && IsDear(e))];
        return (
            Gradient(objective, name, [.. gradients.Take(objective.Parameters.Count)], [.. kept.Select(e => e.Result)]),
            Close(b, name + "Hyper", outputs, kept));
    }

    private static KernelProgram Gradient(ObjectiveProgram objective, string name, IReadOnlyList<Value?> gradient, IReadOnlyList<Value> kept)
    {
        var outputs = new List<(Value Value, Sink Sink)>
        {
            (objective.Value, new(SinkKind.Expose, KernelNames.Value, 0)),
            (objective.Output, new(SinkKind.Expose, KernelNames.Output, 0)),
        };
        outputs.AddRange(kept.Select((v, i) => (v, new Sink(SinkKind.Keep, "kept", i))));
        outputs.AddRange(gradient.Select((g, i) => (g, new Sink(SinkKind.Add, "into", i))).Where(o => o.g is not null)!);
        return Close(objective.Builder, name, outputs, []);
    }

    /// <summary>Ends a program: what was kept becomes an input, and what nothing needs goes.</summary>
    private static KernelProgram Close(Builder b, string name, IReadOnlyList<(Value Value, Sink Sink)> outputs, IReadOnlyList<Equation> given)
    {
        var program = b.Build(name, outputs.Select(o => new ProgramOutput(o.Sink.ToString(), o.Value)));
        program = program with
        {
            Inputs = program.Inputs
                .Concat(given.Select((e, i) => new ProgramInput("kept" + i, InputRole.Kept, e.Result)))
                .ToEquatableArray(),
            Equations = program.Equations.Where(e => !given.Contains(e)).ToEquatableArray(),
        };
        program = RepeatedMasks.Rewrite(ProductSums.Rewrite(DeadCode.Remove(program)));

        // The hyper step's tangents stand in the same builder; a kernel that pushes nothing does not take them.
        var used = new HashSet<Value>(program.Equations.SelectMany(e => e.Operands));
        if (!program.Inputs.Any(i => i.Role == InputRole.Tangent && used.Contains(i.Value)))
        {
            program = program with { Inputs = program.Inputs.Where(i => i.Role != InputRole.Tangent).ToEquatableArray() };
        }

        Verifier.Check(program, "simplification");
        return new(program, outputs.Select(o => o.Sink).ToEquatableArray());
    }

    private static Value SeedOf(Builder b) => b.Full(Shape.Scalar, Scalar.Named(Symbols.Seed));

    private static HashSet<Equation> Live(Builder b, IEnumerable<Value?> values) => Liveness.Live(b.Equations, values.Where(v => v is not null)!);

    /// <summary>
    /// Whether keeping a result from the step costs less than computing it again in the hyper step: a product that sums
    /// over many elements for each one it gives. A size known only at run time is taken for a large one.
    /// </summary>
    private static bool IsDear(Equation equation) =>
        equation.Op is MatMulOp product && (product.Contracted(equation.Operands[0].Shape).Value is not { } length || length >= LongSum);
}
