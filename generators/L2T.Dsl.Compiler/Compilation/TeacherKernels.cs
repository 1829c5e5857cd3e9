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

/// <summary>The programs of a teacher: theta, s_t -> Phi_t, and back from dPhi_t to dtheta.</summary>
public static class TeacherKernels
{
    /// <summary>Writes and differentiates a teacher.</summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="coefficients">The loss form's coefficients.</param>
    /// <param name="sizesKnown">Whether their sizes are known; else the names in them may stand for any, as for a teacher by itself.</param>
    /// <param name="modules">All modules by type name.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <returns>Forward and backward; null where a problem was reported.</returns>
    public static (KernelProgram Forward, KernelProgram Backward)? Write(
        TeacherSpec teacher,
        IReadOnlyList<TensorEntry> coefficients,
        bool sizesKnown,
        IReadOnlyDictionary<string, ModuleSpec> modules,
        ProblemSink problems)
    {
        var b = new Builder();
        Dim features = teacher.Features.Sum(f => f.Size);
        var outputs = teacher.Body is null
            ? AttentionOverSlots(b, teacher, coefficients, features)
            : OwnBody(b, teacher, coefficients, sizesKnown, features, modules, problems);
        if (outputs is null)
        {
            return null;
        }

        var forward = Close(b, "Teacher", outputs.Select((o, i) => (o, new Sink(SinkKind.Write, "phi", i))));
        var seeds = outputs.Select((o, i) => (o, b.Input(coefficients[i].Path, InputRole.Cotangent, o.Type))).ToArray();
        Value[] theta = [.. b.Inputs.Where(i => i.Role == InputRole.Parameter).Select(i => i.Value)];
        var gradient = Vjp.Write(b, seeds, theta);
        for (var i = 0; i < theta.Length; i++)
        {
            if (gradient[i] is null)
            {
                var layout = ModuleInstance.Layout(teacher.Body!, new Dictionary<string, Scalar>(), modules);
                problems.Report(Rules.NoGradient, layout[i].At, teacher.Type.Name, layout[i].Path, Barriers.Explain(forward.Program, theta[i], outputs[0]));
            }
        }

        var backward = Close(b, "TeacherBackward", gradient
            .Select((g, i) => (g, new Sink(SinkKind.Add, "into", i)))
            .Where(o => o.g is not null)!);
        return (forward, backward);
    }

    /// <summary>
    /// The paper's teacher (section 3.2): alpha = softmax(V s), Phi = sum over slots k of alpha_k Phi_k, for every
    /// coefficient of the loss form.
    /// </summary>
    private static IReadOnlyList<Value> AttentionOverSlots(Builder b, TeacherSpec teacher, IReadOnlyList<TensorEntry> coefficients, Dim features)
    {
        var query = b.Input(TeacherSpec.Attention, InputRole.Parameter, TensorType.Real(teacher.Slots, features));
        Value[] memory = [.. coefficients.Select(c => b.Input(TeacherSpec.MemoryOf(c.Path), InputRole.Parameter, TensorType.Real(teacher.Slots, c.Shape.Elements)))];
        var state = b.Input(KernelNames.State, InputRole.Data, TensorType.Real(features));
        var alpha = b.Softmax(b.MatMul(b.Reshape(state, Shape.Of(1, features)), query, false, true), 1);
        return [.. memory.Select((m, i) => b.Reshape(b.MatMul(alpha, m, false, false), coefficients[i].Shape))];
    }

    private static IReadOnlyList<Value>? OwnBody(
        Builder b,
        TeacherSpec teacher,
        IReadOnlyList<TensorEntry> coefficients,
        bool sizesKnown,
        Dim features,
        IReadOnlyDictionary<string, ModuleSpec> modules,
        ProblemSink problems)
    {
        var body = teacher.Body!;
        if (body.Scalars.FirstOrDefault(s => s.Default is null) is { } undetermined)
        {
            problems.Report(Rules.Undetermined, new(body.Type.Full, undetermined.Node), undetermined.Name, body.Type.Name, "give it a default value");
            return null;
        }

        var scalars = body.Scalars.ToDictionary(s => s.Name, s => Scalar.Of(s.Default!.Value));
        var instance = ModuleInstance.Create(b, InputRole.Parameter, body, scalars, modules);
        var state = b.Input(KernelNames.State, InputRole.Data, TensorType.Real(features));
        if (new Lowerer(b, true, problems).CallEntryForTuple(instance, state) is not { } outputs)
        {
            return null;
        }

        var buffers = ModuleInstance.Buffers(body, scalars, modules);
        if (buffers.Count > 0)
        {
            problems.Report(Rules.Unreadable, buffers[0].At, $"The [Buffer] '{buffers[0].Path}' of a teacher", "only students, and blocks in them, have tensors that training sets");
            return null;
        }

        if (b.Equations.FirstOrDefault(e => e.Op is DropoutMaskOp or MultinomialOp) is { } mask)
        {
            problems.Report(Rules.Unreadable, mask.At ?? new(body.Type.Full, body.Entry.Node), "What is drawn at random in a teacher", "it sees one state at a time, and its gradient is that of one training; leave it out");
            return null;
        }

        var sizes = new Dictionary<string, Dim>();
        var fits = outputs.Count == coefficients.Count && outputs.Zip(coefficients, (output, c) => sizesKnown ? output.Shape == c.Shape : Lowerer.Unify(c.Shape, output.Shape, sizes)).All(f => f);
        if (!fits)
        {
            problems.Report(
                Rules.TeacherWidth,
                new(body.Type.Full, body.Entry.Node),
                teacher.Type.Name,
                string.Join(", ", outputs.Select(o => o.Shape)),
                teacher.LossForm,
                string.Join(", ", coefficients.Select(c => $"{c.Path} {c.Shape}")));
            return null;
        }

        return outputs;
    }

    private static KernelProgram Close(Builder b, string name, IEnumerable<(Value Value, Sink Sink)> outputs)
    {
        var list = outputs.ToArray();
        var program = DeadCode.Remove(b.Build(name, list.Select(o => new ProgramOutput(o.Sink.ToString(), o.Value))));
        Verifier.Check(program, "differentiation");
        return new(program, list.Select(o => o.Sink).ToEquatableArray());
    }
}
