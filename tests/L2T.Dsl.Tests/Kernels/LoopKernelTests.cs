using L2T.Dsl.Compiler.Compilation;
using L2T.Dsl.Compiler.Emit;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Lowering;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Planning;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Compiler.Tests.Loops;
using L2T.Dsl.Tensors;
using Xunit.Abstractions;
using static TorchSharp.torch;
using Scalar = L2T.Dsl.Compiler.Specs.Scalar;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>
/// Loops with carried state at work in whole kernels: gradient and hyper kernel of the sum of squares of what the loop
/// gives, in fused loops and as libtorch calls, against the reference evaluation of the same body written out. Some of what
/// a loop reads lies in blocks, some is given to each run.
/// </summary>
public sealed class LoopKernelTests(ITestOutputHelper output)
{
    private const double Seed = -0.7;
    private const double Exact = 1e-10;
    private const double Single = 1e-4;

    private static readonly string[] Names = [.. LoopPrograms.All.Keys];
    private static readonly (KernelProgram Gradient, KernelProgram Hyper)[] Looped = [.. Names.Select(n => Kernels(n, true))];
    private static readonly (KernelProgram Gradient, KernelProgram Hyper)[] Written = [.. Names.Select(n => Kernels(n, false))];
    private static readonly Lazy<KernelLibrary> Library = new(Compile);

    public static IEnumerable<object[]> Programs => Names.Select((n, i) => new object[] { i, n });

    [Theory]
    [MemberData(nameof(Programs))]
    public void Kernels_agree_with_the_reference_evaluation_of_the_body_written_out(int index, string name)
    {
        using var errors = new ErrorLog(output);
        var random = new Random(index);
        var point = Draw(Looped[index].Gradient.Program, random);
        var direction = point.ToDictionary(p => p.Key, p => p.Value.Map(_ => random.NextDouble() - 0.5));
        var (value, gradient, product) = Reference(index, point, direction);
        foreach (var fuse in (bool[])[true, false])
        {
            foreach (var (type, bound) in (ValueTuple<ScalarType, double>[])[(float64, Exact), (float32, Single)])
            {
                using var scope = NewDisposeScope();
                var actual = Run(index, fuse, type, point, direction);
                var what = $"{name}, {(fuse ? "loops" : "calls")}, {type}";
                errors.Require($"{what}: value", value, actual.Value, bound);
                errors.Require($"{what}: gradient", gradient, actual.Gradient, bound);
                errors.Require($"{what}: H v", product, actual.Product, bound);
            }
        }
    }

    /// <summary>The sum of squares of all outputs. What is called x comes with each run.</summary>
    private static (KernelProgram Gradient, KernelProgram Hyper) Kernels(string name, bool loops)
    {
        var program = LoopPrograms.All[name](loops);
        var b = new Builder(program with
        {
            Inputs = [.. program.Inputs.Select(i => i with { Role = i.Name == "x" ? InputRole.Data : InputRole.Parameter })],
        });
        var value = program.Outputs
            .Select(o => b.Reshape(b.Sum(b.Mul(o.Value, o.Value), [.. Enumerable.Range(0, o.Value.Shape.Rank)]), Shape.Scalar))
            .Aggregate((sum, term) => b.Add(sum, term));
        var nothing = new ModuleInstance(
            new(new("", "Loop", "internal"), ModuleKind.Student, [], [], [], []),
            new Dictionary<string, Scalar>(),
            new Dictionary<string, Value>(),
            new Dictionary<string, ModuleInstance>());
        return StudentKernels.GradientAndHyper(new(b, nothing, nothing, program.Outputs[0].Value, value), "Loop");
    }

    private static KernelLibrary Compile()
    {
        var library = new KernelLibrary();
        for (var i = 0; i < Looped.Length; i++)
        {
            foreach (var fuse in (bool[])[true, false])
            {
                library.Add($"Gradient{i}{fuse}", KernelShape.Gradient, Looped[i].Gradient, fuse);
                library.Add($"Hyper{i}{fuse}", KernelShape.Hyper, Looped[i].Hyper, fuse);
            }
        }

        return library;
    }

    private static Dictionary<string, NdArray> Draw(Program program, Random random) => program.Inputs
        .Where(i => i.Role is InputRole.Data or InputRole.Parameter)
        .ToDictionary(i => i.Name, i => NdArray.Generate(Bindings.Empty.Of(i.Value.Shape), _ => (2 * random.NextDouble()) - 1));

    private static (Tensor Value, Tensor Gradient, Tensor Product) Reference(int index, Dictionary<string, NdArray> point, Dictionary<string, NdArray> direction)
    {
        var (first, second) = ReferenceKernels.Run(Written[index], point, direction, Seed);
        return (Array(first["Value"]), Flat(index, first, "into"), Flat(index, second, "intoW"));
    }

    private static (Tensor Value, Tensor Gradient, Tensor Product) Run(int index, bool fuse, ScalarType type, Dictionary<string, NdArray> point, Dictionary<string, NdArray> direction)
    {
        var layout = Layout(index);
        using var w = Block(layout, type, point);
        using var phi = new TensorBlock([], type, CPU);
        using var tangent = Block(layout, type, direction);
        using var into = TensorBlock.LikeZeros(w);
        using var product = TensorBlock.LikeZeros(w);
        using var gradient = Library.Value.Create<GradientKernel>($"Gradient{index}{fuse}", w, phi, into, 1L, null);
        using var hyper = Library.Value.Create<HyperKernel>($"Hyper{index}{fuse}", w, phi, tangent, product, phi, 1L, null);
        var (x, y) = (Array(point["x"]).to(type), empty(0, int64));

        // Twice: a run must find nothing of the one before.
        for (var run = 0; run < 2; run++)
        {
            into.Flat.fill_(0);
            product.Flat.fill_(0);
            gradient.Run(x, y, Seed);
            hyper.Run(x, y, gradient.Kept, Seed);
        }

        return (gradient.Value.clone(), into.Flat.clone(), product.Flat.clone());
    }

    private static TensorSlot[] Layout(int index) =>
        [.. Looped[index].Gradient.Program.Inputs.Where(i => i.Role == InputRole.Parameter).Select(i => new TensorSlot(i.Name, Bindings.Empty.Of(i.Value.Shape), Init.Zeros, 1))];

    private static TensorBlock Block(TensorSlot[] layout, ScalarType type, Dictionary<string, NdArray> values)
    {
        var block = new TensorBlock(layout, type, CPU);
        foreach (var (slot, tensor) in layout.Zip(block.Tensors))
        {
            tensor.copy_(Array(values[slot.Name]));
        }

        return block;
    }

    private static Tensor Flat(int index, IReadOnlyDictionary<string, NdArray> outputs, string block) => Oracle.Flat(Layout(index)
        .Select((slot, i) => outputs.TryGetValue($"{block}[{i}]", out var found) ? Array(found) : zeros(slot.Shape, dtype: float64)));

    private static Tensor Array(NdArray array) => tensor(array.Data, array.Shape, dtype: float64);
}
