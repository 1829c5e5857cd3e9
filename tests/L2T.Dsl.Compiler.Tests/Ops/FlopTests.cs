using L2T.Dsl.Compiler.Differentiation;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Loops;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Planning;
using L2T.Dsl.Compiler.Simplification;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Tests.Ops;

/// <summary>Floating-point operations against counts by hand.</summary>
public sealed class FlopTests
{
    private static readonly Dim N = Dim.Symbol("N");
    private static readonly Dim K = Dim.Symbol("K");
    private static readonly TensorType Rows = TensorType.Real(N, K);
    private static readonly TensorType Labels = TensorType.Integer(N);

    public static TheoryData<Op, TensorType[], string> OfOps { get; } = new()
    {
        // Functions of elements, and comparisons: one each, however hard.
        { new TanhOp(), [Rows], "K*N" },
        { new ScaleOp(3), [Rows], "K*N" },
        { new MulOp(), [Rows, Rows], "K*N" },
        { new MaximumOp(), [Rows, Rows], "K*N" },
        { new CompareOp(Comparison.Less, ElementType.Boolean), [Rows, Rows], "K*N" },
        { new CompareNumberOp(Comparison.Less, 0, ElementType.Real), [Rows], "K*N" },

        // 2 n k m: [N, K] [K, 7], and three of them.
        { new MatMulOp(false, false), [Rows, TensorType.Real(K, 7)], "14*K*N" },
        { new MatMulOp(true, false), [Rows, TensorType.Real(N, 7)], "14*K*N" },
        { new MatMulOp(false, true), [TensorType.Real(3, N, K), TensorType.Real(3, 7, K)], "42*K*N" },
        { new AddProductOp(new MatMulOp(false, false)), [TensorType.Real(N, 7), Rows, TensorType.Real(K, 7)], "14*K*N" },

        // LeNet's second layer of 50 filters of 20 x 5 x 5 at 8 x 8 places: 2 * 50 * 20 * 25 * 64.
        { new Conv2dOp(Sliding.Plain), [TensorType.Real(N, 20, 12, 12), TensorType.Real(50, 20, 5, 5)], "3200000*N" },
        { new ConvInputGradientOp(Sliding.Plain, 12, 12), [TensorType.Real(N, 50, 8, 8), TensorType.Real(50, 20, 5, 5)], "3200000*N" },
        { new ConvWeightGradientOp(Sliding.Plain, 5, 5), [TensorType.Real(N, 20, 12, 12), TensorType.Real(N, 50, 8, 8)], "3200000*N" },

        // Two groups: each of the 4 filters sees 3 of 6 channels; 5 x 5 places of 9 x 9 in steps of two. 2 * 4 * 3 * 9 * 25.
        { new Conv2dOp(new([2, 2], [1, 1], [1, 1], 2)), [TensorType.Real(N, 6, 9, 9), TensorType.Real(4, 3, 3, 3)], "5400*N" },
        { new MaxPoolIndicesOp([3, 2], new([3, 2], [0, 0], [1, 1], 1)), [TensorType.Real(N, 6, 6, 6)], "216*N" },

        // One for each element that goes in.
        { new SumOp([0]), [Rows], "K*N" },
        { new AmaxOp([0, 1]), [Rows], "K*N" },
        { new ArgMaxOp(1), [Rows], "K*N" },
        { new IndexAddOp(0, 9), [Rows, Labels], "K*N" },
        { new ScatterAddOp(1, 9), [TensorType.Real(N, 1), TensorType.Integer(N, 1)], "N" },
        { new LogSumExpOp(1), [Rows], "4*K*N + 2*N" },
        { new LogSoftmaxOp(1), [Rows], "5*K*N + 2*N" },

        // Numbers made, moved and chosen.
        { new ExpandOp(Shape.Of(N, 2, K)), [TensorType.Real(1, K)], "0" },
        { new CatOp(0, 2), [Rows, Rows], "0" },
        { new IndexSelectOp(0), [TensorType.Real(K, 5), Labels], "0" },
        { new GatherOp(1), [Rows, TensorType.Integer(N, 1)], "0" },
        { new WhereOp(), [new(ElementType.Boolean, Rows.Shape), Rows, Rows], "0" },
        { new CastOp(ElementType.Real), [Labels], "0" },
        { new DropoutMaskOp(Shape.Of(N, K), 0.5, 0), [], "0" },
        { new MultinomialOp(4, 0), [Rows], "K*N" },
    };

    [Theory]
    [MemberData(nameof(OfOps))]
    public void Ops_take_what_was_counted(Op op, TensorType[] operands, string flops)
    {
        var b = new Builder();
        var values = operands.Select((type, i) => b.Input($"x{i}", InputRole.Data, type)).ToArray();
        var program = b.Build("f", [new("y", b.Apply(op, values))]);

        Assert.Equal(flops, program.Flops.ToString());
        Assert.True(program.HasKnownFlops);
    }

    [Fact]
    public void A_step_takes_two_more_products_for_each_of_the_forwards_but_one_for_the_first()
    {
        // y = relu(x U) W, the loss sum y^2: [N, 8] [8, K] [K, 3].
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(N, 8));
        var u = b.Input("u", InputRole.Parameter, TensorType.Real(8, K));
        var w = b.Input("w", InputRole.Parameter, TensorType.Real(K, 3));
        var y = b.MatMul(b.Relu(b.MatMul(x, u, false, false)), w, false, false);
        var forward = DeadCode.Remove(b.Build("forward", [new("y", y)]));
        var loss = b.Reshape(b.Sum(b.Mul(y, y), [0, 1]), Shape.Scalar);
        var gradients = Vjp.Write(b, [(loss, b.Full(Shape.Scalar, 1))], [u, w]);
        var step = DeadCode.Remove(b.Build("step", [new("loss", loss), new("u", gradients[0]!), new("w", gradients[1]!)]));

        // 2 * 8 K N, K N of relu, 2 * 3 K N.
        Assert.Equal("23*K*N", forward.Flops.ToString());

        // Forth: 3 N squares and their sum, 3 N. Back: 2 y, 3 N; products 2 * 3 K N for w and for its input; relu' and its product, 2 K N;
        // 2 * 8 K N for u; none for x.
        Assert.Equal("53*K*N + 9*N", step.Flops.ToString());

        // Added to its block, each element of a gradient counts once more.
        var kernel = new KernelProgram(step, [new(SinkKind.Expose, "Value", 0), new(SinkKind.Add, "into", 0), new(SinkKind.Add, "into", 1)]);
        Assert.Equal(step.Flops + (8 * K) + (3 * K), kernel.Flops);
    }

    [Fact]
    public void Loops_take_what_their_bodies_take_as_often_as_they_run()
    {
        var b = new Builder();
        var depth = Dim.Symbol("depth");
        var body = new LoopBody(b, depth);
        var w = body.Sequence(b.Input("w", InputRole.Parameter, TensorType.Real(depth, 5, 5)));
        var (h, carry) = body.Carry(b.Input("x", InputRole.Data, TensorType.Real(N, 5)));
        var next = body.Builder.Relu(body.Builder.MatMul(h, w, false, false));
        body.Next(carry, next);
        body.Sum(next);
        var results = body.Close();
        var program = DeadCode.Remove(b.Build("f", [new("y", results.Carries[0]), new("sum", results.Sums[0])]));

        // 2 * 25 N, relu 5 N, and 5 N added to the sum.
        Assert.Equal("60*N*depth", program.Flops.ToString());
    }

    [Fact]
    public void What_is_left_to_autograd_is_not_known_within_a_loop_too()
    {
        var b = new Builder();
        var body = new LoopBody(b, 4);
        var (h, carry) = body.Carry(b.Input("x", InputRole.Data, Rows));
        body.Next(carry, body.Builder.Apply(new AutogradCallOp("a[0].digamma()", new("Net", 1), 1), body.Builder.Scale(h, 2)));
        var program = b.Build("f", [new("y", body.Close().Carries[0])]);

        Assert.False(program.HasKnownFlops);
        Assert.Equal("4*K*N", program.Flops.ToString());
    }
}
