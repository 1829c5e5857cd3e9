using CsCheck;
using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Differentiation;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Loops;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Planning;
using L2T.Dsl.Compiler.Simplification;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Tests.Planning;

/// <summary>Plans of random programs, their gradients and their hyper steps: no value is overwritten before its last use.</summary>
public sealed class PlannerTests
{
    private static readonly Dim N = Dim.Symbol("N");
    private static readonly Dim H = Dim.Symbol("hidden");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Values_live_until_their_last_use(bool fuse) =>
        Gen.Int[0, 10_000].Array[4, 24].Sample(choices =>
        {
            foreach (var kernel in Kernels(choices))
            {
                PlanChecker.Check(Planner.Plan(kernel, fuse));
            }
        });

    [Fact]
    public void Pointwise_ops_of_one_shape_become_one_loop()
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(N, H));
        var bias = b.Input("b", InputRole.Parameter, TensorType.Real(H));
        var y = b.Relu(b.Add(b.Exp(x), b.Expand(bias, x.Shape)));

        var plan = Planner.Plan(new(b.Build("f", [new("y", y)]), [new(SinkKind.Expose, "Output", 0)]), fuse: true);

        var loop = Assert.Single(plan.Steps.OfType<FusedStep>());
        Assert.Equal([LoadPattern.Full, LoadPattern.Row], loop.Loads.Select(l => l.Pattern));
        Assert.Equal((N, H), (loop.Rows, loop.Columns));
        Assert.Equal([y], loop.Stores);
    }

    [Fact]
    public void The_gradient_of_a_weight_is_added_inside_the_product()
    {
        var b = new Builder();
        var w = b.Input("w", InputRole.Parameter, TensorType.Real(H, 7));
        var x = b.Input("x", InputRole.Data, TensorType.Real(N, 7));
        var y = b.MatMul(x, w, false, true);
        var loss = b.Reshape(b.Sum(b.Mul(y, y), [0, 1]), Shape.Scalar);
        var gradient = Vjp.Write(b, [(loss, b.Full(Shape.Scalar, 1))], [w])[0]!;

        var plan = Planner.Plan(new(DeadCode.Remove(b.Build("g", [new("g", gradient)])), [new(SinkKind.Add, "into", 0)]), fuse: true);

        var sink = Assert.Single(plan.Steps.OfType<SinkStep>());
        Assert.IsType<MatMulOp>(sink.Direct?.Op);
        Assert.False(plan.Places.ContainsKey(gradient));
    }

    [Fact]
    public void Stretches_of_columns_are_read_where_they_lie_and_their_cotangents_joined()
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(N, H * 2));
        var y = Gated(b, x);
        var back = Vjp.Write(b, [(y, b.Input("g", InputRole.Data, y.Type))], [x])[0]!;

        var plan = Planner.Plan(new(DeadCode.Remove(b.Build("f", [new("y", y), new("g", back)])), [new(SinkKind.Expose, "Value", 0), new(SinkKind.Expose, "Output", 0)]), fuse: true);

        var loop = Assert.Single(plan.Steps.OfType<FusedStep>());
        Assert.Equal(2, loop.Loads.Count(l => l.Pattern == LoadPattern.Stretch));
        Assert.IsType<CatOp>(Assert.Single(plan.Steps.OfType<CallStep>()).Equation.Op);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sums_that_go_different_ways_are_not_of_one_loop_and_the_one_that_is_waited_for_comes_first(bool isFirst)
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(N, H));
        var y = b.Exp(x);
        var overRows = isFirst ? null : b.Sum(y, [0]);
        var along = b.Sum(y, [1]);
        overRows ??= b.Sum(y, [0]);
        var shares = b.Mul(y, b.Expand(b.Pow(along, -1), y.Shape));

        var plan = Planner.Plan(
            new(b.Build("f", [new("shares", shares), new("sum", b.Reshape(overRows, Shape.Of(H)))]), [new(SinkKind.Expose, "Output", 0), new(SinkKind.Expose, "Value", 0)]), fuse: true);

        var loops = plan.Steps.OfType<FusedStep>().ToArray();
        Assert.Equal([along], loops[0].Sums.Select(s => s.Result));
        Assert.All(loops.Skip(1), loop => Assert.DoesNotContain(along, loop.Sums.Select(s => s.Result)));
    }

    [Fact]
    public void A_loop_whose_results_can_wait_waits_for_what_joins_it()
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(N, H));
        var g = b.Input("g", InputRole.Data, TensorType.Real(N, H));
        var weighted = b.Mul(x, g);
        var half = b.Scale(g, 0.5);
        var share = b.Exp(b.Sum(weighted, [1]));
        var y = b.Add(half, b.Mul(x, b.Expand(share, x.Shape)));

        var plan = Planner.Plan(new(b.Build("f", [new("y", y)]), [new(SinkKind.Expose, "Output", 0)]), fuse: true);

        // The sum, what comes of it, and one loop with half of g in it, which no buffer holds.
        Assert.Equal([H, Dim.One, H], plan.Steps.OfType<FusedStep>().Select(l => l.Rows.Equals(Dim.One) ? Dim.One : l.Columns));
        Assert.False(plan.Places.ContainsKey(half));
    }

    [Fact]
    public void A_sum_of_many_elements_is_dear()
    {
        var b = new Builder();
        Assert.True(IsDear(TensorType.Real(3, 64), 1));
        Assert.False(IsDear(TensorType.Real(3, 63), 1));
        Assert.True(IsDear(TensorType.Real(8, 3, 8), 0, 2));
        Assert.True(IsDear(TensorType.Real(N, 3), 0));

        bool IsDear(TensorType type, params int[] axes)
        {
            var sum = b.Binder(b.Sum(b.Input("x", InputRole.Data, type), axes.ToEquatableArray()))!;
            return sum.Op.IsDear(sum);
        }
    }

    /// <summary>libtorch makes both elsewhere; the short one in parts, so that the whole is in the buffer alone.</summary>
    [Theory]
    [InlineData(1, 5, 5, false)]
    [InlineData(1, 4, 8, true)]
    [InlineData(3, 3, 3, true)]
    public void A_short_convolution_is_not_kept_and_goes_to_a_buffer(long channels, long height, long width, bool isLong)
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(N, channels, 20, 20));
        var w = b.Input("w", InputRole.Parameter, TensorType.Real(H, channels, height, width));
        var y = b.Conv2d(x, w, new([1, 1], [0, 0], [1, 1], 1));

        var plan = Planner.Plan(new(b.Build("f", [new("y", b.Relu(y))]), [new(SinkKind.Expose, "Output", 0)]), fuse: true);

        var equation = b.Binder(y)!;
        Assert.Equal(isLong, equation.Op.IsDear(equation));
        var call = Assert.Single(plan.Steps.OfType<CallStep>(), s => s.Equation.Op is Conv2dOp);
        Assert.Equal(isLong ? CallForm.Fresh : CallForm.Into, call.Form);
    }

    [Fact]
    public void A_sum_over_rows_is_taken_as_they_come_by()
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(N, H));
        var sum = b.Sum(b.Exp(x), [0]);

        var plan = Planner.Plan(new(b.Build("f", [new("sum", sum)]), [new(SinkKind.Expose, "Value", 0)]), fuse: true);

        var loop = Assert.Single(plan.Steps.OfType<FusedStep>());
        Assert.Equal((N, H), (loop.Rows, loop.Columns));
        Assert.Empty(loop.Stores);
        Assert.Equal(sum, Assert.Single(loop.Sums).Result);
        Assert.Empty(plan.Steps.OfType<CallStep>());
    }

    [Theory]
    [InlineData(new[] { 2, 3 }, null)]
    [InlineData(new[] { 3 }, null)]
    [InlineData(new[] { 0, 2, 3 }, "hidden")]
    [InlineData(new[] { 0, 1, 3 }, "2")]
    public void A_sum_along_rows_is_taken_as_they_come_by(int[] axes, string? period)
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(N, H, 2, 80));
        var sum = b.Sum(b.Exp(x), [.. axes]);

        var plan = Planner.Plan(new(b.Build("f", [new("sum", sum)]), [new(SinkKind.Expose, "Value", 0)]), fuse: true);

        var loop = Assert.Single(plan.Steps.OfType<FusedStep>());
        Assert.Equal((axes.Contains(2) ? 160 : 80, sum), (loop.Columns.Value!.Value, Assert.Single(loop.Sums).Result));
        Assert.Equal(period, SumSplit.Of(loop.Sums[0])!.Period?.ToString());
        Assert.Empty(plan.Steps.OfType<CallStep>());
    }

    [Theory]
    [InlineData(new[] { 1 })]
    [InlineData(new[] { 0, 1, 2 })]
    public void A_sum_that_fits_no_rows_is_a_call(int[] axes)
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(N, 70, H));

        var plan = Planner.Plan(new(b.Build("f", [new("sum", b.Sum(b.Exp(x), [.. axes]))]), [new(SinkKind.Expose, "Value", 0)]), fuse: true);

        Assert.Empty(Assert.Single(plan.Steps.OfType<FusedStep>()).Sums);
    }

    [Fact]
    public void A_sum_that_reads_a_block_is_formed_before_blocks_change()
    {
        var b = new Builder();
        var left = b.Input("left", InputRole.Parameter, TensorType.Real(5, 5));
        var right = b.Input("right", InputRole.Parameter, TensorType.Real(5, 5));
        var product = b.MatMul(left, right, false, false);

        var plan = Planner.Plan(new(b.Build("g", [new("g", product)]), [new(SinkKind.Add, "into", 0)]), fuse: true);

        Assert.Null(Assert.Single(plan.Steps.OfType<SinkStep>()).Direct);
    }

    [Fact]
    public void A_mask_for_a_later_loop_is_compared_again_there()
    {
        var b = new Builder();
        var w = b.Input("w", InputRole.Parameter, TensorType.Real(H, H));
        var x = b.Input("x", InputRole.Data, TensorType.Real(N, H));
        var y = b.Relu(x);
        var first = b.MatMul(b.Mul(b.Exp(x), b.Step(y)), w, false, false);
        var second = b.MatMul(b.Mul(first, b.Step(y)), w, false, false);
        var program = b.Build("f", [new("y", y), new("z", second)]);

        var plan = Planner.Plan(new(RepeatedMasks.Rewrite(program), [new(SinkKind.Expose, "Output", 0), new(SinkKind.Expose, "Value", 0)]), fuse: true);

        Assert.DoesNotContain(plan.Steps.OfType<FusedStep>().SelectMany(l => l.Stores), s => plan.Steps.OfType<FusedStep>().SelectMany(l => l.Equations).Any(e => e.Op is StepOp && e.Result == s));
    }

    [Theory]
    [InlineData(false, typeof(TemporaryPlace))]
    [InlineData(true, typeof(BufferPlace))]
    public void What_libtorch_makes_stays_where_it_was_made_if_it_is_read_soon(bool readsLater, Type place)
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(N, 3, 8, 8));
        var w = b.Input("w", InputRole.Parameter, TensorType.Real(5, 3, 1, 1));
        var z = b.Conv2d(x, w, Sliding.Plain);
        var y = b.ConvInputGradient(b.Exp(z), w, Sliding.Plain, x.Shape);
        y = b.Conv2d(b.Exp(y), w, Sliding.Plain);

        var plan = Planner.Plan(new(b.Build("f", [new("y", readsLater ? b.Mul(y, z) : y)]), [new(SinkKind.Expose, "Output", 0)]), fuse: true);

        Assert.IsType(place, plan.Places[z]);
        PlanChecker.Check(plan);
    }

    [Fact]
    public void What_a_kept_value_gives_cheaply_is_computed_again_by_later_loops()
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(N, H));
        var w = b.Input("w", InputRole.Parameter, TensorType.Real(H, H));
        var shift = b.Input("shift", InputRole.Parameter, TensorType.Real(H));
        var z = b.Sub(x, b.Expand(shift, x.Shape));
        var scale = b.Sum(b.Mul(z, z), [0]);
        var y = b.MatMul(b.Mul(z, b.Expand(scale, x.Shape)), w, false, true);
        var output = b.Mul(y, z);

        var plan = Planner.Plan(new(b.Build("f", [new("y", output)]), [new(SinkKind.Expose, "Output", 0)]), fuse: true);

        PlanStep[] loops = [.. plan.Steps.OfType<FusedStep>()];
        Assert.Equal(3, loops.Length);
        Assert.All(loops, l => Assert.Contains(((FusedStep)l).Equations, e => e.Result == z));
        Assert.False(plan.Places.ContainsKey(z));
        PlanChecker.Check(plan);
    }

    [Fact]
    public void What_is_dear_is_computed_once()
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(N, H));
        var w = b.Input("w", InputRole.Parameter, TensorType.Real(H, H));
        var z = b.Exp(x);
        var y = b.MatMul(b.Mul(z, x), w, false, true);

        var plan = Planner.Plan(new(b.Build("f", [new("y", b.Mul(y, z))]), [new(SinkKind.Expose, "Output", 0)]), fuse: true);

        Assert.Single(plan.Steps.OfType<FusedStep>(), l => l.Equations.Any(e => e.Result == z));
        Assert.IsType<BufferPlace>(plan.Places[z]);
    }

    [Theory]
    [InlineData(false, 1)] // relu(h), read no more when it is written
    [InlineData(true, 2)] // relu(W h): a product reads all of h before it gives anything, but behind it h is read again
    public void A_carry_is_written_over_where_nothing_reads_it_any_more(bool readsLater, int turns)
    {
        var b = new Builder();
        var w = b.Input("w", InputRole.Parameter, TensorType.Real(H, H));
        var body = new LoopBody(b, 3);
        var (h, carry) = body.Carry(b.Input("h", InputRole.Data, TensorType.Real(N, H)));
        var next = body.Builder.Relu(h);
        body.Next(carry, next);
        if (readsLater)
        {
            body.Sum(body.Builder.MatMul(body.Builder.MatMul(next, body.Constant(w), false, true), h, true, false));
        }

        var results = body.Close();
        var outputs = results.Carries.Concat(results.Sums).ToArray();
        var program = b.Build("f", outputs.Select((o, i) => new ProgramOutput("y" + i, o)));

        var plan = Planner.Plan(new(DeadCode.Remove(program), outputs.Select((_, i) => new Sink(SinkKind.Expose, "Output" + i, i)).ToEquatableArray()), fuse: true);

        Assert.Equal(turns, Assert.Single(plan.Steps.OfType<RepeatStep>()).States[0].States.Turns);
        PlanChecker.Check(plan);
    }

    /// <summary>A random program of products, broadcasts, sums, views and pointwise ops; its gradient; its hyper step.</summary>
    private static IEnumerable<KernelProgram> Kernels(int[] choices)
    {
        var b = new Builder();
        var w = b.Input("w", InputRole.Parameter, TensorType.Real(H, H));
        var bias = b.Input("bias", InputRole.Parameter, TensorType.Real(H));
        var phi = b.Input("phi", InputRole.Coefficient, TensorType.Real(H));
        var x = b.Input("x", InputRole.Data, TensorType.Real(N, H));
        var wide = b.Input("wide", InputRole.Parameter, TensorType.Real(H * 2, H));
        var values = new List<Value> { x, b.MatMul(x, w, false, true) };
        foreach (var choice in choices)
        {
            var (a, c) = (values[choice / 10 % values.Count], values[choice / 100 % values.Count]);
            values.Add((choice % 13) switch
            {
                0 => b.MatMul(a, w, false, true),
                1 => b.MatMul(a, w, false, false),
                2 => b.Add(a, b.Expand(bias, a.Shape)),
                3 => b.Relu(a),
                4 => b.Mul(a, c),
                5 => b.LogSoftmax(a, 1),
                6 => b.Mul(a, b.Expand(b.Sum(c, [1]), a.Shape)),
                7 => b.Exp(b.Mul(a, b.Expand(phi, a.Shape))),
                11 => Repeat(b, a, c, w),
                12 => Gated(b, b.MatMul(a, wide, false, true)),
                10 => b.Sub(a, b.Expand(b.Amax(c, [1]), a.Shape)),
                8 => b.Reshape(b.Reshape(a, Shape.Of(N * H)), a.Shape),
                _ => b.Add(a, c),
            });
        }

        var output = values[^1];
        var loss = b.Reshape(b.Sum(b.Mul(output, b.Exp(output)), [0, 1]), Shape.Scalar);
        var gradient = Vjp.Write(b, [(loss, b.Full(Shape.Scalar, Scalar.Named(Symbols.Seed)))], [w, bias, phi, wide]);
        yield return Close(b, [(loss, new(SinkKind.Expose, "Value", 0)), (output, new(SinkKind.Expose, "Output", 0)), .. Into(gradient)]);

        var pushed = new[] { w, bias, wide }.ToDictionary(v => v, v => b.Input("d" + v.Name, InputRole.Tangent, v.Type));
        Value[] present = [.. gradient.Where(g => g is not null).Distinct()!];
        yield return Close(b, Into(Jvp.Write(b, pushed, present)));

        static IEnumerable<(Value, Sink)> Into(IEnumerable<Value?> values) =>
            values.Select((v, i) => (v, new Sink(SinkKind.Add, "into", i))).Where(o => o.v is not null)!;
    }

    /// <summary>h = tanh(W h + c) - h, three times; the sum of all h^2 beside the last h.</summary>
    private static Value Repeat(Builder b, Value start, Value c, Value w)
    {
        var body = new LoopBody(b, 3);
        var (h, carry) = body.Carry(start);
        var inner = body.Builder;
        var next = inner.Sub(inner.Apply(new TanhOp(), inner.Add(inner.MatMul(h, body.Constant(w), false, true), body.Constant(c))), h);
        body.Next(carry, next);
        body.Sum(inner.Mul(next, next));
        var results = body.Close();
        return b.Add(results.Carries[0], results.Sums[0]);
    }

    /// <summary>tanh of one half of the columns, times the sigmoid of the other.</summary>
    private static Value Gated(Builder b, Value x) =>
        b.Mul(b.Apply(new TanhOp(), b.Narrow(x, 1, Dim.Zero, H)), b.Apply(new SigmoidOp(), b.Narrow(x, 1, H, H)));

    private static KernelProgram Close(Builder b, IEnumerable<(Value Value, Sink Sink)> outputs)
    {
        var list = outputs.ToArray();
        var program = DeadCode.Remove(b.Build("random", list.Select((o, i) => new ProgramOutput("o" + i, o.Value))));
        program = Bodies.Rewrite(program, p => RepeatedMasks.Rewrite(ProductSums.Rewrite(p)));
        Verifier.Check(program, "simplification");
        return new(program, list.Select(o => o.Sink).ToEquatableArray());
    }
}
