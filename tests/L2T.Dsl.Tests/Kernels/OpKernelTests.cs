using L2T.Dsl.Compiler.Compilation;
using L2T.Dsl.Compiler.Emit;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Lowering;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Planning;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Compiler.Tests.Ops;
using L2T.Dsl.Tensors;
using L2T.Dsl.Tests.Ops;
using Xunit.Abstractions;
using static TorchSharp.torch;
using Scalar = L2T.Dsl.Compiler.Specs.Scalar;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>
/// Every op of the catalogue at work in whole kernels. The objective is L(w) = &lt;c, f(x)&gt; with w = (x, c), so that its
/// gradient holds the op's reverse rule, and H v the forward rules of both. The gradient kernel and the hyper kernel, in
/// loops and as libtorch calls, are held to the reference evaluation of their programs, and those to libtorch's own
/// first and second derivatives of the op.
/// </summary>
public sealed class OpKernelTests(ITestOutputHelper output)
{
    private const double Seed = -0.7;
    private const double Exact = 1e-10;
    private const double Single = 1e-4;

    private static readonly ObjectiveProgram[] Objectives = [.. Catalogue.Entries.Select(Write)];
    private static readonly (KernelProgram Gradient, KernelProgram Hyper)[] Programs = [.. Objectives.Select(o => StudentKernels.GradientAndHyper(o, "Op"))];
    private static readonly Lazy<KernelLibrary> Kernels = new(Compile);
    private static readonly Lazy<Type> Forms = new(OpForms.Compile);

    public static IEnumerable<object[]> Entries => Catalogue.Entries.Select((e, i) => new object[] { i, e.ToString() });

    [Theory]
    [MemberData(nameof(Entries))]
    public void Kernels_agree_with_the_reference_evaluation(int index, string op)
    {
        using var errors = new ErrorLog(output);
        var point = Draw(index);
        var direction = Direction(point);
        var expected = Reference(index, point, direction);
        foreach (var fuse in (bool[])[true, false])
        {
            foreach (var (type, bound) in (ValueTuple<ScalarType, double>[])[(float64, Exact), (float32, Single)])
            {
                using var scope = NewDisposeScope();
                var actual = Run(index, fuse, type, point, direction);
                var what = $"{op}, {(fuse ? "loops" : "calls")}, {type}";
                errors.Require($"{what}: value", expected.Value, actual.Value, bound);
                errors.Require($"{what}: gradient", expected.Gradient, actual.Gradient, bound);
                errors.Require($"{what}: H v", expected.Product, actual.Product, bound);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void Reference_evaluation_agrees_with_libtorch(int index, string op)
    {
        using var scope = NewDisposeScope();
        using var errors = new ErrorLog(output);
        var point = Draw(index);
        var direction = Direction(point);

        var expected = Eager(index, point, direction);

        var actual = Reference(index, point, direction);
        errors.Require($"{op}: value", expected.Value, actual.Value, Exact);
        errors.Require($"{op}: gradient", expected.Gradient, actual.Gradient, Exact);
        errors.Require($"{op}: H v", expected.Product, actual.Product, Exact);
    }

    /// <summary>&lt;c, f(x)&gt;. Integers come as the batch; truth values from the sign of a real operand.</summary>
    private static ObjectiveProgram Write(CatalogueEntry entry)
    {
        var b = new Builder();
        var batch = new Queue<string>(["x", "y"]);
        Value[] operands =
        [
            .. entry.Operands.Select((type, i) => type.Element switch
            {
                ElementType.Integer => b.Input(batch.Dequeue(), InputRole.Data, type),
                ElementType.Real => b.Input("x" + i, InputRole.Parameter, type),
                _ => b.Compare(Comparison.Greater, b.Input("x" + i, InputRole.Parameter, TensorType.Real(type.Shape)), 0),
            }),
        ];
        var result = b.ToReal(b.Apply(entry.Op, operands));
        var product = b.Mul(b.Input("c", InputRole.Parameter, result.Type), result);
        var value = b.Reshape(b.Sum(product, [.. Enumerable.Range(0, result.Shape.Rank)]), Shape.Scalar);
        var nothing = new ModuleInstance(
            new(new("", "Op", "internal"), ModuleKind.Student, [], [], [], []),
            new Dictionary<string, Scalar>(),
            new Dictionary<string, Value>(),
            new Dictionary<string, ModuleInstance>());
        return new(b, nothing, nothing, result, value);
    }

    private static KernelLibrary Compile()
    {
        var library = new KernelLibrary();
        for (var i = 0; i < Programs.Length; i++)
        {
            foreach (var fuse in (bool[])[true, false])
            {
                library.Add($"Gradient{i}{fuse}", KernelShape.Gradient, Programs[i].Gradient, fuse);
                library.Add($"Hyper{i}{fuse}", KernelShape.Hyper, Programs[i].Hyper, fuse);
            }
        }

        return library;
    }

    /// <summary>Values of the objective's inputs, by name.</summary>
    private static Dictionary<string, NdArray> Draw(int index)
    {
        var random = new Random(index);
        var entry = Catalogue.Entries[index];
        var drawn = OperandSampler.Operands(entry, random);
        var names = new Queue<string>(["x", "y"]);
        var point = new Dictionary<string, NdArray>();
        for (var i = 0; i < drawn.Length; i++)
        {
            switch (entry.Operands[i].Element)
            {
                case ElementType.Integer:
                    point[names.Dequeue()] = drawn[i];
                    break;
                case ElementType.Real:
                    point["x" + i] = drawn[i];
                    break;
                default:
                    point["x" + i] = drawn[i].Map(truth => truth - 0.5);
                    break;
            }
        }

        point["c"] = NdArray.Generate(Bindings.Empty.Of(Objectives[index].Output.Shape), _ => random.NextDouble() - 0.5);
        return point;
    }

    private static Dictionary<string, NdArray> Direction(Dictionary<string, NdArray> point)
    {
        var random = new Random(point.Count);
        return point.ToDictionary(p => p.Key, p => p.Value.Map(_ => random.NextDouble() - 0.5));
    }

    private static Derivatives Reference(int index, Dictionary<string, NdArray> point, Dictionary<string, NdArray> direction)
    {
        var (first, second) = ReferenceKernels.Run(Programs[index], point, direction, Seed);
        return new(Array(first["Value"]), Flat(index, first, "into"), Flat(index, second, "intoW"));
    }

    private static Derivatives Run(int index, bool fuse, ScalarType type, Dictionary<string, NdArray> point, Dictionary<string, NdArray> direction)
    {
        var layout = Layout(index);
        using var w = Block(layout, type, point);
        using var phi = new TensorBlock([], type, CPU);
        using var tangent = Block(layout, type, direction);
        using var into = TensorBlock.LikeZeros(w);
        using var product = TensorBlock.LikeZeros(w);
        using var gradient = Kernels.Value.Create<GradientKernel>($"Gradient{index}{fuse}", w, phi, into, 1L, null);
        using var hyper = Kernels.Value.Create<HyperKernel>($"Hyper{index}{fuse}", w, phi, tangent, product, phi, 1L, null);
        var (x, y) = (Batch(point, "x"), Batch(point, "y"));
        gradient.Run(x, y, Seed);
        hyper.Run(x, y, gradient.Kept, Seed);
        return new(gradient.Value.clone(), into.Flat.clone(), product.Flat.clone());
    }

    /// <summary>The op as libtorch evaluates and differentiates it.</summary>
    private static Derivatives Eager(int index, Dictionary<string, NdArray> point, Dictionary<string, NdArray> direction)
    {
        var layout = Layout(index);
        using var w = Block(layout, float64, point);
        using var tangent = Block(layout, float64, direction);
        var leaves = layout.Zip(w.Tensors).ToDictionary(p => p.First.Name, p => p.Second.clone().requires_grad_());
        var names = new Queue<string>(["x", "y"]);
        Tensor[] operands =
        [
            .. Catalogue.Entries[index].Operands.Select((type, i) => type.Element switch
            {
                ElementType.Integer => Batch(point, names.Dequeue()),
                ElementType.Real => leaves["x" + i],
                _ => leaves["x" + i].gt(0),
            }),
        ];
        Tensor[] transposed = [.. operands.Select(o => o.dim() < 2 ? o : o.transpose(-2, -1))];
        var result = (Tensor)Forms.Value.GetMethod("Fresh" + index)!.Invoke(null, [operands, transposed, null])!;
        var value = (leaves["c"] * result.to(float64)).sum(dim: []);
        var gradient = Autograd.Gradients(value, [.. leaves.Values], createGraph: true);
        var slope = gradient.Zip(tangent.Tensors, (g, t) => (g * t).sum(dim: [])).Aggregate((a, b) => a + b);
        var second = slope.requires_grad ? Autograd.Gradients(slope, [.. leaves.Values]) : [.. leaves.Values.Select(l => zeros_like(l))];
        return new(value.detach(), Oracle.Flat(gradient) * Seed, Oracle.Flat(second) * Seed);
    }

    private static TensorSlot[] Layout(int index) =>
        [.. Objectives[index].Builder.Inputs.Where(i => i.Role == InputRole.Parameter).Select(i => new TensorSlot(i.Name, Bindings.Empty.Of(i.Value.Shape), Init.Zeros, 1))];

    private static TensorBlock Block(TensorSlot[] layout, ScalarType type, Dictionary<string, NdArray> values)
    {
        var block = new TensorBlock(layout, type, CPU);
        foreach (var (slot, tensor) in layout.Zip(block.Tensors))
        {
            tensor.copy_(Array(values[slot.Name]));
        }

        return block;
    }

    private static Tensor Batch(Dictionary<string, NdArray> point, string name) =>
        point.TryGetValue(name, out var labels) ? Array(labels).to(int64) : empty(0, int64);

    private static Tensor Flat(int index, IReadOnlyDictionary<string, NdArray> outputs, string block) => Oracle.Flat(Layout(index)
        .Select((slot, i) => outputs.TryGetValue($"{block}[{i}]", out var found) ? Array(found) : zeros(slot.Shape, dtype: float64)));

    private static Tensor Array(NdArray array) => tensor(array.Data, array.Shape, dtype: float64);

    private sealed record Derivatives(Tensor Value, Tensor Gradient, Tensor Product);
}
