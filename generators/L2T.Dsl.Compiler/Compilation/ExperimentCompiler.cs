using System.Runtime.ExceptionServices;
using L2T.Dsl.Compiler.Emit;
using L2T.Dsl.Compiler.Lowering;
using L2T.Dsl.Compiler.Planning;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Compilation;

/// <summary>Compiles an experiment: checks that its parts fit together, and writes its kernels and what binds them.</summary>
internal static class ExperimentCompiler
{
    /// <summary>Checks and writes.</summary>
    /// <param name="unit">The experiment; each of its modules has compiled without errors by itself.</param>
    /// <param name="fuse">Whether pointwise ops become loops over host memory; else libtorch calls, as a GPU needs.</param>
    public static CompiledUnit Compile(ExperimentUnit unit, bool fuse)
    {
        var modules = unit.Modules.ToDictionary(m => m.Type.Full);

        var problems = new ProblemSink();
        var experiment = unit.Experiment;
        var student = modules[experiment.Student.Full];
        var taught = Objective(unit.Teacher.LossForm, experiment.Teacher, training: true, experiment.Mixture);
        var metric = Objective(experiment.Metric.Full, experiment.Metric, training: false);
        var baselines = experiment.Baselines.Select(b => (Reference: b, Program: Objective(b.Full, b, training: true))).ToArray();
        if (taught is null || metric is null || baselines.Any(b => b.Program is null))
        {
            return new([], problems.Problems);
        }

        var coefficients = ModuleInstance.Layout(taught.Objective.Spec, taught.Objective.Scalars, modules);
        if (coefficients.Count == 0)
        {
            problems.Report(Rules.BadValue, new(experiment.Type.Full, experiment.Teacher.Node), "LossForm", taught.Objective.Spec.Type.Name, "it has no coefficients that a teacher could set");
        }

        foreach (var twice in baselines.GroupBy(b => modules[b.Reference.Full].Type.Name).Where(g => g.Count() > 1))
        {
            problems.Report(Rules.BadValue, new(experiment.Type.Full, twice.Last().Reference.Node), "Baselines", twice.Key, "losses are told apart by their names, and this one stands twice");
        }

        CheckTargets(experiment, taught, [(experiment.Metric, metric), .. baselines.Select(b => (b.Reference, b.Program!))], problems);
        CheckFeatures(unit, taught, problems);
        if (TeacherKernels.Write(unit.Teacher, coefficients, sizesKnown: true, modules, problems) is not { } teacher || problems.HasErrors)
        {
            return new([], problems.Problems);
        }

        if (ExperimentWriter.HidesStudent(experiment, student))
        {
            // The code is written all the same, or C# would have more to say than this.
            problems.Report(Rules.HiddenStudent, new(experiment.Type.Full, experiment.Student.Node), experiment.Type.Name, student.Type.Name);
        }

        Func<IReadOnlyList<KernelClass>>[] kernels =
        [
            () =>
            {
                var (gradient, hyper) = StudentKernels.GradientAndHyper(taught, "Loss");
                return
                [
                    new(ExperimentWriter.LossKernel, "The taught loss: its value, the student's output, and seed * dL/dw added to a block.", KernelShape.Gradient, gradient),
                    new("HyperKernel", "The reverse step: seed * H v and seed * M v added to two blocks, by forward over reverse.", KernelShape.Hyper, hyper),
                ];
            },
            () => [new("MetricKernel", "The relaxed metric on the student in evaluation mode, and seed * dM/dw added to a block.", KernelShape.Metric, StudentKernels.Metric(metric, "Metric"))],
            () => [new("ForwardKernel", "The student's output in evaluation mode.", KernelShape.Forward, StudentKernels.Forward(student, modules))],
            () => [new("TeacherForwardKernel", "The teacher: Phi_t for s_t.", KernelShape.TeacherForward, teacher.Forward)],
            () => [new("TeacherBackwardKernel", "The way back through the teacher: J^T dPhi_t added to a block.", KernelShape.TeacherBackward, teacher.Backward)],
            .. baselines.Where(b => KernelOf(b.Reference) != ExperimentWriter.LossKernel).Select(b => (Func<IReadOnlyList<KernelClass>>)(() =>
            {
                var name = modules[b.Reference.Full].Type.Name;
                return [new(KernelOf(b.Reference), $"The fixed loss {name}: its value, the student's output, and seed * dL/dw added to a block.", KernelShape.Gradient, StudentKernels.Gradient(b.Program!, name))];
            })),
        ];
        var main = ExperimentWriter.Experiment(
            experiment,
            student,
            unit.Teacher,
            coefficients,
            taught.Output.Shape,
            taught.Target.IsReal ? taught.Target.Shape : null,
            taught.Builder.Equations.All(e => e.Op.HasKnownFlops),
            ModuleDigest.OfTeaching(unit),
            [.. baselines.Select(b => (modules[b.Reference.Full].Type.Name, KernelOf(b.Reference), ModuleDigest.Of(modules[b.Reference.Full], modules), ModuleInstance.Layout(b.Program!.Objective.Spec, b.Program.Objective.Scalars, modules)))]);
        return new([new(ExperimentWriter.FileName(experiment), main), .. InParallel(kernels).SelectMany(f => f)], problems.Problems);

        // The taught loss with its coefficients as they start is a fixed loss too, where it is mixed with nothing.
        string KernelOf(TypeReference baseline) => baseline.Full == unit.Teacher.LossForm && experiment.Mixture is null ? ExperimentWriter.LossKernel : $"Fixed{modules[baseline.Full].Type.Name}Kernel";

        IReadOnlyList<IReadOnlyList<GeneratedFile>> InParallel(Func<IReadOnlyList<KernelClass>>[] all)
        {
            var written = new IReadOnlyList<GeneratedFile>[all.Length];
            try
            {
                // Each is made from a program of its own.
                Parallel.For(0, all.Length, i => written[i] = [.. all[i]().Select(File)]);
            }
            catch (AggregateException e)
            {
                ExceptionDispatchInfo.Capture(e.InnerExceptions[0]).Throw();
            }

            return written;
        }

        GeneratedFile File(KernelClass kernel) => new(
            $"{experiment.Type.Full}.{kernel.Name}.g.cs",
            ExperimentWriter.Kernel(experiment.Type, kernel.Name, kernel.Summary, kernel.Shape, Planner.Plan(kernel.Program, fuse), student.Type.Global));

        ObjectiveProgram? Objective(string type, TypeReference reference, bool training, Mixture? mixture = null) =>
            ObjectiveProgram.Lower(student, modules[type], modules, training, new(experiment.Type.Full, reference.Node), problems, mixture);
    }

    /// <summary>An experiment has one kind of target; where that is real numbers, a student is judged by their squared distance from its output.</summary>
    private static void CheckTargets(ExperimentSpec experiment, ObjectiveProgram taught, IReadOnlyList<(TypeReference Reference, ObjectiveProgram Program)> others, ProblemSink problems)
    {
        if (taught.Target.IsReal && !taught.Target.Shape.Equals(taught.Output.Shape))
        {
            Report(experiment.Teacher, taught, $"'{taught.Student.Spec.Type.Name}' gives {taught.Output.Type}; real-valued targets have the shape of the output");
        }

        foreach (var (reference, program) in others.Where(o => !o.Program.Target.Type.Equals(taught.Target.Type)))
        {
            Report(reference, program, $"the taught loss '{taught.Objective.Spec.Type.Name}' takes {taught.Target.Type}; an experiment's losses and its metric are given the same ones");
        }

        void Report(TypeReference reference, ObjectiveProgram program, string fault) =>
            problems.Report(Rules.TargetMismatch, new(experiment.Type.Full, reference.Node), program.Objective.Spec.Type.Name, program.Target.Type.ToString(), fault);
    }

    /// <summary>
    /// A feature that hands on a statistic of classes needs classes; one by class must have one number for each that the student tells apart.
    /// </summary>
    private static void CheckFeatures(ExperimentUnit unit, ObjectiveProgram taught, ProblemSink problems)
    {
        const string PerClass = "PerClass";
        string[] ofClasses = ["TrainAccuracy", "DevAccuracy", "DevPrecisionPerClass"];
        if (taught.Target.IsReal)
        {
            foreach (var feature in unit.Teacher.Features.Where(f => ofClasses.Contains(f.Source)))
            {
                problems.Report(Rules.BadValue, new(unit.Teacher.Type.Full, feature.Node), feature.Method, feature.Source!, "the targets are real numbers, so no answer is right or wrong; take TrainError or DevError, mean squared errors");
            }

            return;
        }

        var classes = taught.Output.Shape[-1].Value;
        foreach (var feature in unit.Teacher.Features.Where(f => f.Source?.EndsWith(PerClass, StringComparison.Ordinal) == true && classes is not null && f.Size != classes))
        {
            problems.Report(
                Rules.FeatureSize,
                new(unit.Teacher.Type.Full, feature.Node),
                feature.Method,
                feature.Size.ToString(System.Globalization.CultureInfo.InvariantCulture),
                $"'{unit.Experiment.Student.Full}' has {classes} classes, and {feature.Source} has one number for each");
        }
    }

    private sealed record KernelClass(string Name, string Summary, KernelShape Shape, KernelProgram Program);
}
