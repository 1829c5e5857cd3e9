using System.Collections.Concurrent;
using System.Reflection;
using L2T.Dsl.Compiler.Compilation;
using L2T.Dsl.Compiler.Emit;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Loops;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Planning;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Compiler.Specs.Text;
using L2T.Dsl.Losses;
using L2T.Dsl.Metrics;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>
/// The kernels of every student with every loss form and metric, made from the programs that the generator left in the
/// assemblies: one library of kernels for each student of the table; of others, one for each objective that is asked for.
/// </summary>
internal static class PairKernels
{
    private static readonly Dictionary<string, ModuleSpec> Modules =
        new[] { typeof(Kernel).Assembly, typeof(PairKernels).Assembly }
            .SelectMany(assembly => assembly.GetCustomAttributes<ModuleProgramAttribute>())
            .ToDictionary(program => program.Module, program => Parse(program.Program));

    private static readonly ConcurrentDictionary<(Type Student, Type? Objective), KernelLibrary> Libraries = [];

    private static readonly Lazy<HashSet<Type>> Tabled = new(() => [.. Students!.Values.Select(make => make().GetType())]);

    /// <summary>Makes the students; all tell 4 classes apart, and say in numbers how large an example is.</summary>
    public static Dictionary<string, Func<ITensorModule>> Students { get; } = new()
    {
        ["regression"] = () => new SoftmaxRegression(),
        ["perceptron"] = () => new Perceptron(5),
        ["wide perceptron"] = () => new Perceptron(40),
        ["deep"] = () => new DeepNetwork(),
        ["skip"] = () => new SkipNetwork(),
        ["tied"] = () => new TiedNetwork(),
        ["convolution"] = () => new ImageNetwork(),
        ["grouped convolution"] = () => new GroupedNetwork(),
        ["attention"] = () => new AttentionNetwork(4),
        ["without biases"] = () => new UnbiasedNetwork(),
        ["residual stack"] = () => new ResidualStack(4),
        ["recurrent"] = () => new RecurrentNetwork(3),
        ["layered"] = () => new LayeredNetwork(2),
        ["dense"] = () => new DenseNetwork(),
        ["fallback"] = () => new FallbackNetwork(),
    };

    /// <summary>Makes the loss forms.</summary>
    public static Dictionary<string, Func<ITensorModule>> Losses { get; } = new()
    {
        [nameof(CrossEntropy)] = () => new CrossEntropy(),
        [nameof(SmoothZeroOne)] = () => new SmoothZeroOne(),
        [nameof(LargeMarginSoftmax)] = () => new LargeMarginSoftmax(),
        [nameof(LabelSmoothing)] = () => new LabelSmoothing(),
        [nameof(Focal)] = () => new Focal(),
        [nameof(BilinearLoss)] = () => new BilinearLoss(4),
        [nameof(MixedLoss)] = () => new MixedLoss(4),
    };

    /// <summary>Makes the metrics.</summary>
    public static Dictionary<string, Func<ITensorModule>> Metrics { get; } = new()
    {
        [nameof(ExpectedAccuracy)] = () => new ExpectedAccuracy(),
        [nameof(SmoothAccuracy)] = () => new SmoothAccuracy(),
    };

    /// <summary>The gradient kernel of a loss form or metric.</summary>
    public static GradientKernel Gradient(ITensorModule student, ITensorModule objective, bool fuse, TensorBlock w, TensorBlock phi, TensorBlock into, long n)
    {
        object[] blocks = IsMetric(objective.GetType()) ? [w, into] : [w, phi, into];
        return Library(student, objective).Create<GradientKernel>(Name("Gradient", objective.GetType(), fuse), [.. blocks, n, student]);
    }

    /// <summary>The hyper kernel of a loss form.</summary>
    public static HyperKernel Hyper(
        ITensorModule student, ITensorModule loss, bool fuse, TensorBlock w, TensorBlock phi, TensorBlock tangent, TensorBlock intoW, TensorBlock intoPhi, long n) =>
        Library(student, loss).Create<HyperKernel>(Name("Hyper", loss.GetType(), fuse), w, phi, tangent, intoW, intoPhi, n, student);

    /// <summary>The forward kernel.</summary>
    public static ForwardKernel Forward(ITensorModule student, bool fuse, TensorBlock w, long n) =>
        Library(student, null).Create<ForwardKernel>(Name("Forward", student.GetType(), fuse), w, n, student);

    /// <summary>The shape of one example, as the student's entry method says it.</summary>
    public static long[] InputShape(ITensorModule student) =>
        [.. student.GetType().GetMethod("Forward")!.GetParameters()[0].GetCustomAttribute<ShapeAttribute>()!.Dims.Skip(1).Select(d => (long)(int)d)];

    /// <summary>What the compiler has to say about a student that is judged by an objective, and whether it asks libtorch's autograd anywhere.</summary>
    public static (IReadOnlyList<string> Problems, bool FallsBack) Check(Type student, Type objective)
    {
        var problems = new ProblemSink();
        var program = ObjectiveProgram.Lower(Modules[student.FullName!], Modules[objective.FullName!], Modules, !IsMetric(objective), new(student.FullName!, 0), problems)!;
        return ([.. problems.Problems.Select(p => p.Rule.Id)], program.Builder.Equations.Any(IsFallback));

        static bool IsFallback(Equation e) => e.Op is AutogradOp || (e.Op is LoopOp loop && loop.Body.Equations.Any(IsFallback));
    }

    private static KernelLibrary Library(ITensorModule student, ITensorModule? objective)
    {
        var type = student.GetType();
        return Tabled.Value.Contains(type)
            ? Libraries.GetOrAdd((type, null), key => Fill(key.Student, [.. Losses.Values.Concat(Metrics.Values).Select(make => make().GetType())]))
            : Libraries.GetOrAdd((type, objective?.GetType()), key => Fill(key.Student, key.Objective is null ? [] : [key.Objective]));
    }

    private static KernelLibrary Fill(Type student, IReadOnlyList<Type> objectives)
    {
        var library = new KernelLibrary();
        var spec = Modules[student.FullName!];
        Add("Forward", student, KernelShape.Forward, StudentKernels.Forward(spec, Modules));
        foreach (var loss in objectives.Where(o => !IsMetric(o)))
        {
            var (gradient, hyper) = StudentKernels.GradientAndHyper(Lower(spec, loss, training: true), loss.Name);
            Add("Gradient", loss, KernelShape.Gradient, gradient);
            Add("Hyper", loss, KernelShape.Hyper, hyper);
        }

        foreach (var metric in objectives.Where(IsMetric))
            Add("Gradient", metric, KernelShape.Metric, StudentKernels.Metric(Lower(spec, metric, training: false), metric.Name));

        return library;

        void Add(string kind, Type type, KernelShape shape, KernelProgram program)
        {
            foreach (var fuse in (bool[])[true, false])
                library.Add(Name(kind, type, fuse), shape, program, fuse, student);
        }
    }

    private static ObjectiveProgram Lower(ModuleSpec student, Type objective, bool training)
    {
        var problems = new ProblemSink();
        var program = ObjectiveProgram.Lower(student, Modules[objective.FullName!], Modules, training, new(student.Type.Full, 0), problems);
        Assert.False(problems.HasErrors, string.Join("\n", problems.Problems));
        return program!;
    }

    private static string Name(string kind, Type type, bool fuse) => kind + type.Name + (fuse ? "Loops" : "Calls");

    private static bool IsMetric(Type type) => type.IsDefined(typeof(MetricAttribute));

    private static ModuleSpec Parse(string program)
    {
        Assert.True(SpecParser.TryParseModule(program, out var module));
        return module;
    }
}
