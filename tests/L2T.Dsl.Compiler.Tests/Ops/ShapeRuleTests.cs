using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Tests.Ops;

/// <summary>The types of results, with sizes that are only names, and what is refused.</summary>
public sealed class ShapeRuleTests
{
    private static readonly Dim N = Dim.Symbol("N");
    private static readonly Dim K = Dim.Symbol("K");
    private static readonly TensorType Rows = TensorType.Real(N, K);
    private static readonly TensorType Labels = TensorType.Integer(N);
    private static readonly TensorType Mask = new(ElementType.Boolean, Rows.Shape);

    public static TheoryData<Op, TensorType[], string> Results { get; } = new()
    {
        { new ExpOp(), [Rows], "real[N, K]" },
        { new AddOp(), [Rows, Rows], "real[N, K]" },
        { new MatMulOp(false, false), [Rows, TensorType.Real(K, 2)], "real[N, 2]" },
        { new MatMulOp(true, false), [Rows, Rows], "real[K, K]" },
        { new MatMulOp(false, true), [TensorType.Real(3, N, K), TensorType.Real(3, 2 * N, K)], "real[3, N, 2*N]" },
        { new Conv2dOp(Sliding.Plain), [TensorType.Real(N, 1, K, 28), TensorType.Real(6, 1, 5, 5)], "real[N, 6, K - 4, 24]" },
        { new Conv2dOp(new([2, 2], [1, 1], [1, 1], 3)), [TensorType.Real(N, 6, 28, K), TensorType.Real(9, 2, 3, 3)], "real[N, 9, 14, ((K + 1)/(2))]" },
        { new Conv2dOp(Sliding.Plain with { Groups = K }), [TensorType.Real(N, 6 * N, 28, 28), TensorType.Real(9, 6 * N / K, 3, 3)], "real[N, 9, 26, 26]" },
        { new ConvInputGradientOp(Sliding.Plain with { Groups = K }, 28, 28), [TensorType.Real(N, 9, 26, 26), TensorType.Real(9, N / K, 3, 3)], "real[N, N, 28, 28]" },
        { new ConvInputGradientOp(Sliding.Plain, 28, K), [TensorType.Real(N, 6, 24, K - 4), TensorType.Real(6, 1, 5, 5)], "real[N, 1, 28, K]" },
        { new ConvWeightGradientOp(Sliding.Plain, 5, 5), [TensorType.Real(N, 1, 28, 28), TensorType.Real(N, 6, 24, 24)], "real[6, 1, 5, 5]" },
        { new MaxPoolIndicesOp([2, 2], new([2, 2], [0, 0], [1, 1], 1)), [TensorType.Real(N, 6, 28, 27)], "int[N, 6, 14, 13]" },
        { new CompareOp(Comparison.Less, ElementType.Boolean), [Rows, Rows], "bool[N, K]" },
        { new CompareNumberOp(Comparison.Less, 0, ElementType.Real), [Rows], "real[N, K]" },
        { new CompareNumberOp(Comparison.Equal, 0, ElementType.Boolean), [Labels], "bool[N]" },
        { new CastOp(ElementType.Real), [Labels], "real[N]" },
        { new CastOp(ElementType.Integer), [Mask], "int[N, K]" },
        { new WhereOp(), [Mask, Rows, Rows], "real[N, K]" },
        { new SumOp([0]), [Rows], "real[1, K]" },
        { new AmaxOp([1]), [Rows], "real[N, 1]" },
        { new ArgMaxOp(1), [Rows], "int[N, 1]" },
        { new MultinomialOp(4, 0), [Rows], "int[N, 4]" },
        { new LogSumExpOp(1), [Rows], "real[N, 1]" },
        { new LogSoftmaxOp(1), [Rows], "real[N, K]" },
        { new ExpandOp(Shape.Of(N, 2, K)), [TensorType.Real(1, K)], "real[N, 2, K]" },
        { new ReshapeOp(Shape.Of(K, N)), [Rows], "real[K, N]" },
        { new ReshapeOp(Shape.Of(N, 6)), [TensorType.Real(2 * N, 3)], "real[N, 6]" },
        { new PermuteOp([1, 0]), [Rows], "real[K, N]" },
        { new FlipOp([1]), [Rows], "real[N, K]" },
        { new NarrowOp(0, 1, N - 1), [Rows], "real[N - 1, K]" },
        { new PadOp([0, 1], [0, K]), [Rows], "real[N, 2*K + 1]" },
        { new CatOp(0, 2), [Rows, TensorType.Real(3, K)], "real[N + 3, K]" },
        { new IndexSelectOp(0), [TensorType.Real(K, 5), Labels], "real[N, 5]" },
        { new IndexAddOp(0, K), [TensorType.Real(N, 5), Labels], "real[K, 5]" },
        { new GatherOp(1), [Rows, TensorType.Integer(N, 1)], "real[N, 1]" },
        { new ScatterAddOp(1, K), [TensorType.Real(N, 1), TensorType.Integer(N, 1)], "real[N, K]" },
        { new OneHotOp(K), [Labels], "int[N, K]" },
        { new DetachOp(), [Labels], "int[N]" },
        { new EyeOp(K, N), [], "real[K, N]" },
        { new ArangeOp(N), [], "int[N]" },
        { new FullOp(Shape.Of(N), 1), [], "real[N]" },
    };

    public static TheoryData<Op, TensorType[], string> Refused { get; } = new()
    {
        { new ExpOp(), [Labels], "convert it first" },
        { new AddOp(), [Rows, TensorType.Real(K, N)], "operands must have one shape here" },
        { new AddOp(), [Rows, Mask], "convert it first" },
        { new MatMulOp(false, false), [Rows, Rows], "the inner sizes of a product must be equal, but K is not N" },
        { new MatMulOp(false, true), [TensorType.Real(2, N, K), TensorType.Real(3, N, K)], "the leading sizes of a batch of products must be equal" },
        { new MatMulOp(false, true), [TensorType.Real(K), Rows], "a matrix product needs two dimensions on both sides" },
        { new Conv2dOp(Sliding.Plain), [Rows, TensorType.Real(6, 1, 5, 5)], "it must have four dimensions" },
        { new Conv2dOp(Sliding.Plain), [TensorType.Real(N, 3, 8, 8), TensorType.Real(6, 1, 5, 5)], "the image has 3 channels, the filters see 1" },
        { new Conv2dOp(Sliding.Plain), [TensorType.Real(N, 1, 8, 4), TensorType.Real(6, 1, 5, 5)], "a window must not be larger than the image with its padding, 4" },
        { new Conv2dOp(new([1, 1], [0, 0], [1, 1], 2)), [TensorType.Real(N, 2, 8, 8), TensorType.Real(5, 1, 3, 3)], "the groups must be equally large" },
        { new ConvInputGradientOp(Sliding.Plain, 8, 8), [TensorType.Real(N, 6, 5, 4), TensorType.Real(6, 1, 5, 5)], "filters of that size have 4x4 places in an image of 8x8" },
        { new ConvInputGradientOp(Sliding.Plain, 8, 8), [TensorType.Real(N, 5, 4, 4), TensorType.Real(6, 1, 5, 5)], "there are 6 filters for 5 channels" },
        { new ConvWeightGradientOp(Sliding.Plain, 5, 5), [TensorType.Real(N, 1, 8, 8), TensorType.Real(N, 6, 4, 3)], "filters of 5x5 give [N, 6, 4, 4] of that image" },
        { new CompareOp(Comparison.Less, ElementType.Boolean), [Rows, Labels], "what is compared must have one type and shape here" },
        { new CompareOp(Comparison.Less, ElementType.Real), [Labels, Labels], "convert it first" },
        { new CastOp(ElementType.Integer), [Rows], "only truth values and integers are converted, to integers or reals" },
        { new WhereOp(), [Rows, Rows, Rows], "compare it first" },
        { new WhereOp(), [Mask, Rows, Labels], "both sides of a choice by bool[N, K] must have its shape and one type here" },
        { new NotOp(), [Rows], "compare it first" },
        { new LogicalOp(true), [Mask, new(ElementType.Boolean, Shape.Of(N))], "operands must have one shape here" },
        { new LogSoftmaxOp(2), [Rows], "it has 2 dimensions" },
        { new ExpandOp(Shape.Of(N, 3)), [Rows], "it can't be broadcast to that" },
        { new ReshapeOp(Shape.Of(N)), [Rows], "K*N elements can't fill N" },
        { new PermuteOp([0, 0]), [Rows], "an order names each dimension once" },
        { new FlipOp([2]), [Rows], "each is flipped once" },
        { new NarrowOp(0, 2, 3), [TensorType.Real(4)], "that dimension has 4 elements" },
        { new PadOp([1], [1]), [Rows], "there must be one number a dimension" },
        { new CatOp(0, 2), [Rows, TensorType.Real(N, N)], "tensors joined along dimension 0 must have one type and equal other sizes" },
        { new IndexSelectOp(0), [Rows, Rows], "indices are int64" },
        { new IndexSelectOp(0), [Rows, TensorType.Integer(N, 1)], "it must have one dimension" },
        { new IndexAddOp(0, 3), [TensorType.Real(K, 2), Labels], "there must be one index for each slice of dimension 0" },
        { new GatherOp(1), [Rows, TensorType.Integer(K, 1)], "indices along dimension 1 must have the tensor's other sizes" },
        { new ScatterAddOp(1, 3), [Rows, TensorType.Integer(N, 1)], "there must be one index for each element" },
        { new OneHotOp(3), [Rows], "indices are int64" },
    };

    [Theory]
    [MemberData(nameof(Results))]
    public void Result_has_the_type(Op op, TensorType[] operands, string expected) => Assert.Equal(expected, op.Infer([.. operands])[0].ToString());

    [Theory]
    [MemberData(nameof(Refused))]
    public void Operands_that_do_not_fit_are_refused(Op op, TensorType[] operands, string reason) =>
        Assert.Equal(reason, Assert.Throws<ShapeException>(() => op.Infer([.. operands])).Reason);

    /// <summary>What the shape rule says is what the reference evaluation gives.</summary>
    [Fact]
    public void Shape_rule_agrees_with_the_reference_evaluation() => Assert.All(Catalogue.Entries, entry =>
    {
        var result = entry.Op.Evaluate(OperandSampler.Operands(entry, new Random(1)), Bindings.Empty)[0];

        Assert.Equal(Bindings.Empty.Of(entry.Op.Infer(entry.Operands)[0].Shape), result.Shape);
    });
}
