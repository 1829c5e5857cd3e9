using L2T.Dsl.Compiler.Differentiation;
using L2T.Dsl.Compiler.Emit;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Lowering;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Compilation;

/// <summary>Compiles a module by itself: checks its shapes and that derivatives reach its tensors, and writes its storage.</summary>
internal static class ModuleCompiler
{
    /// <summary>Checks and writes.</summary>
    public static CompiledUnit Compile(ModuleUnit unit)
    {
        var problems = new ProblemSink();
        Check(unit.Module, unit.Blocks.Append(unit.Module).ToDictionary(m => m.Type.Full), problems);

        // The storage is written in any case: without it, every use of a tensor property would be an error of its own.
        var code = SourceFile.Begin(unit.Module.Type);
        ModuleWriter.Write(code, unit.Module);
        return new([new(unit.Module.Type.Full + ".g.cs", code.ToString())], problems.Problems);
    }

    /// <summary>
    /// The constructor parameters that a module is checked with. Holders of a block say its truth values by constants, and bodies branch on them:
    /// they are tried at their defaults, true where there is none, and then one at a time the other way.
    /// </summary>
    private static IEnumerable<IReadOnlyDictionary<string, Scalar>> Variants(ModuleSpec module)
    {
        var byName = StudentProgram.ScalarsByName(module);
        ScalarParameterSpec[] truths = module.Kind == ModuleKind.Block ? [.. module.Scalars.Where(s => s.Kind == ScalarKind.Boolean)] : [];
        return Enumerable.Range(-1, truths.Length + 1).Select(other => (IReadOnlyDictionary<string, Scalar>)byName.ToDictionary(
            p => p.Key,
            p => Array.FindIndex(truths, t => t.Name == p.Key) is var i and >= 0 ? Scalar.Of((truths[i].Default ?? 1) != 0 ^ i == other ? 1.0 : 0.0) : p.Value));
    }

    /// <summary>Notes what is wrong with a module, whoever uses it.</summary>
    /// <returns>Whether derivatives can be taken through it.</returns>
    private static bool Check(ModuleSpec module, IReadOnlyDictionary<string, ModuleSpec> modules, ProblemSink problems)
    {
        // Without methods, what could not be read is reported already.
        if (module.Kind == ModuleKind.Teacher || module.Methods.Count == 0 || module.Entry.Parameters.Any(p => p.Type is null))
        {
            return true;
        }

        if (module.Scalars.FirstOrDefault(p => p.Name is Symbols.Batch or Symbols.Seed) is { } reserved)
        {
            problems.Report(Rules.BadValue, new(module.Type.Full, reserved.Node), "Parameter", reserved.Name, "the name is taken: 'N' counts the examples of a batch, 'seed' is what gradients are multiplied by; rename the parameter");
            return false;
        }

        if (module.Kind is ModuleKind.LossForm or ModuleKind.Metric && ModuleInstance.Buffers(module, StudentProgram.ScalarsByName(module), modules) is [var buffer, ..])
        {
            problems.Report(Rules.Unreadable, buffer.At, $"The [Buffer] '{buffer.Path}' of a loss form or metric", "only students, and blocks in them, have tensors that training sets");
            return false;
        }

        if (module.Kind == ModuleKind.LossForm && ModuleInstance.Layout(module, StudentProgram.ScalarsByName(module), modules).FirstOrDefault(e => e.IsRagged) is { } ragged)
        {
            problems.Report(Rules.Unreadable, ragged.At, $"'{ragged.Path}' of a loss form, whose size depends on its place in an array,", "only students and teachers have such arrays; make the blocks alike");
            return false;
        }

        return Variants(module).All(scalars => CheckIn(scalars, training: true, out var readsTraining) && (!readsTraining || CheckIn(scalars, training: false, out _)));

        bool CheckIn(IReadOnlyDictionary<string, Scalar> scalars, bool training, out bool readsTraining)
        {
            var b = new Builder();
            var lowerer = new Lowerer(b, training, problems);
            var role = module.Kind == ModuleKind.LossForm ? InputRole.Coefficient : InputRole.Parameter;
            var layout = ModuleInstance.Layout(module, scalars, modules);
            readsTraining = false;
            if (!ModuleInstance.CheckSizes(layout, problems))
            {
                return false;
            }

            var instance = ModuleInstance.Create(b, role, module, scalars, modules);
            Value[] arguments = [.. module.Entry.Parameters.Select(p => b.Input(p.Name, InputRole.Data, p.Type!))];
            var results = lowerer.CallEntryForTuple(instance, arguments);
            readsTraining = lowerer.ReadsTraining;
            if (results is not [var output, ..])
            {
                return false;
            }

            Value[] tensors = [.. b.Inputs.Where(i => i.Role == role).Select(i => i.Value)];
            var primal = b.Build(module.Type.Name, []);
            if (module.Kind is ModuleKind.LossForm or ModuleKind.Metric)
            {
                if (output.Shape.Rank != 0 || !output.IsReal)
                {
                    problems.Report(Rules.WrongResultShape, new(module.Type.Full, module.Entry.Node), module.Entry.Name, TensorType.Real(Shape.Scalar).ToString(), output.Type.ToString());
                    return false;
                }

                return module.Kind == ModuleKind.Metric || CheckCoefficients(b, primal, output, arguments[0], tensors, layout);
            }

            return CheckParameters(b, primal, results, tensors, layout);
        }

        bool CheckParameters(Builder b, Program primal, IReadOnlyList<Value> outputs, Value[] tensors, IReadOnlyList<TensorEntry> layout)
        {
            var seeds = outputs.Where(o => o.IsReal).Select((o, i) => (o, b.Input("cotangent" + i, InputRole.Cotangent, o.Type))).ToArray();
            var gradient = seeds.Length > 0 ? Vjp.Write(b, seeds, tensors) : new Value?[tensors.Length];
            // A block that is not used at all is one fault, not one for each of its tensors.
            foreach (var missing in Enumerable.Range(0, tensors.Length).Where(i => gradient[i] is null).GroupBy(i => (layout[i].At, Reason: Barriers.Explain(primal, tensors[i], outputs[0]))))
            {
                problems.Report(Rules.NoGradient, missing.Key.At, module.Type.Name, string.Join("', '", missing.Select(i => layout[i].Path)), missing.Key.Reason);
            }

            return gradient.All(g => g is not null);
        }

        // A teacher learns a coefficient through M = d2L/dPhi dw: it must matter to the gradient, not just to the loss.
        bool CheckCoefficients(Builder b, Program primal, Value loss, Value studentOutput, Value[] tensors, IReadOnlyList<TensorEntry> layout)
        {
            if (tensors.Length == 0)
            {
                return true;
            }

            var gradient = Vjp.Write(b, [(loss, b.Full(Shape.Scalar, 1))], tensors);
            var pushed = b.Input("tangent", InputRole.Tangent, studentOutput.Type);
            Value[] present = [.. gradient.Where(g => g is not null).Distinct()!];
            var mixed = present.Zip(Jvp.Write(b, new Dictionary<Value, Value> { [studentOutput] = pushed }, present), (g, t) => (g, t)).ToDictionary(p => p.g, p => p.t);
            var fine = true;
            for (var i = 0; i < tensors.Length; i++)
            {
                if (gradient[i] is not { } g || mixed[g] is null)
                {
                    var reason = gradient[i] is null ? Barriers.Explain(primal, tensors[i], loss) : "it adds to the loss, whatever the student's output is";
                    problems.Report(Rules.UnusedCoefficient, layout[i].At, layout[i].Path, module.Type.Name, reason);
                    fine = false;
                }
            }

            return fine;
        }
    }
}
