using System.Reflection;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Compiler.Tests.Ops;
using TorchSharp;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Ops;

/// <summary>
/// Every way in which an op of the catalogue is written in C#, compiled and run: it gives what the reference evaluation
/// gives, and leaves no tensor behind.
/// </summary>
public sealed class OpFormTests
{
    private const double Tolerance = 1e-13;

    private static readonly Lazy<Type> Forms = new(OpForms.Compile);

    public static IEnumerable<object[]> Entries => Catalogue.Entries.Select((e, i) => new object[] { i, e.ToString() });

    [Theory]
    [MemberData(nameof(Entries))]
    public void Fresh_result(int index, string op)
    {
        using var scope = NewDisposeScope();
        var (operands, expected) = Draw(index);

        var (result, made) = Run(index, "Fresh", operands);

        AssertEqual(expected, result!, op);
        Assert.Equal(1, made);
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void Result_in_place_of_an_operand(int index, string op)
    {
        foreach (var (form, position) in new[] { ("InPlace", 0), ("InPlaceRight", 1) }.Where(f => OpForms.Has(index, f.Item1)))
        {
            using var scope = NewDisposeScope();
            var (operands, expected) = Draw(index);

            var (_, made) = Run(index, form, operands);

            AssertEqual(expected, operands[position], op);
            Assert.Equal(0, made);
        }
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void Result_into_a_buffer(int index, string op)
    {
        if (OpForms.Has(index, "Into"))
        {
            using var scope = NewDisposeScope();
            var (operands, expected) = Draw(index);
            var buffer = full_like(expected, double.NaN);

            var (_, made) = Run(index, "Into", operands, buffer);

            AssertEqual(expected, buffer, op);
            Assert.Equal(0, made);
        }
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void Result_added_to_a_target(int index, string op)
    {
        if (OpForms.Has(index, "Accumulate"))
        {
            using var scope = NewDisposeScope();
            var (operands, expected) = Draw(index);
            var target = ones_like(expected);

            var (_, made) = Run(index, "Accumulate", operands, target);

            AssertEqual(expected + 1, target, op);
            Assert.Equal(0, made);
        }
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void Result_of_fused_lanes(int index, string op)
    {
        if (OpForms.Has(index, "Lane"))
        {
            using var scope = NewDisposeScope();
            var (operands, expected) = Draw(index);

            var lanes = (double[])Method(index, "Lane").Invoke(null, [operands.Select(o => o.data<double>().ToArray()).ToArray()])!;

            AssertEqual(expected, tensor(lanes, expected.shape, dtype: float64), op);
        }
    }

    private static (Tensor[] Operands, Tensor Expected) Draw(int index)
    {
        var entry = Catalogue.Entries[index];
        var arrays = OperandSampler.Operands(entry, new Random(1));
        Tensor[] operands = [.. entry.Operands.Zip(arrays, (type, array) => ToTensor(array, type.Element))];
        return (operands, ToTensor(entry.Op.Evaluate(arrays, Bindings.Empty)[0], entry.Op.Infer(entry.Operands)[0].Element));
    }

    private static Tensor ToTensor(NdArray array, ElementType element) => tensor(array.Data, array.Shape, dtype: float64).to_type(element switch
    {
        ElementType.Real => float64,
        ElementType.Integer => int64,
        _ => torch.@bool,
    });

    /// <summary>Runs a form and counts the tensors that exist afterwards and did not before.</summary>
    private static (Tensor? Result, long Made) Run(int index, string form, Tensor[] operands, Tensor? target = null)
    {
        // Kernels prepare the transposes that they need.
        Tensor[] transposed = [.. operands.Select(o => o.dim() < 2 ? o : o.transpose(-2, -1))];
        var before = Tensor.TotalCount;
        var result = (Tensor?)Method(index, form).Invoke(null, [operands, transposed, target]);
        return (result, Tensor.TotalCount - before);
    }

    private static MethodInfo Method(int index, string form) => Forms.Value.GetMethod($"{form}{index}")!;

    private static void AssertEqual(Tensor expected, Tensor actual, string op)
    {
        Assert.Equal((expected.dtype, string.Join(", ", expected.shape)), (actual.dtype, string.Join(", ", actual.shape)));
        var difference = (expected.to_type(float64) - actual.to_type(float64)).abs().max().item<double>();
        Assert.True(difference <= Tolerance, $"{op}: off by {difference}");
    }
}
