using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Loops;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Simplification;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Compiler.Tests.Ops;
using static L2T.Dsl.Compiler.Tests.Derivatives;

namespace L2T.Dsl.Compiler.Tests.Loops;

/// <summary>Loops against the same written out, to second order, and against central differences.</summary>
public sealed class LoopTests
{
    private const double SameTolerance = 1e-12;
    private const double DifferenceTolerance = 1e-6;

    public static TheoryData<string> Names { get; } = [.. LoopPrograms.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gives_what_the_body_written_out_gives(string name)
    {
        var (loop, written, at, _) = Sample(name);

        AssertSame(Interpreter.Run(written, at, Bindings.Empty), Interpreter.Run(loop, at, Bindings.Empty), SameTolerance);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_to_second_order_are_those_of_the_body_written_out(string name)
    {
        var (loop, written, at, random) = Sample(name);
        var (first, cotangents) = Pull(loop, at, random);
        var (firstWritten, _) = Pull(written, at, random);
        var point = Merge(at, cotangents);
        var (second, direction) = Push(first, point, first.Inputs.Where(i => i.Value.IsReal), random);
        var (secondWritten, _) = Push(firstWritten, point, firstWritten.Inputs.Where(i => i.Value.IsReal), random);
        var pushed = Merge(point, Tangents(direction));

        AssertSame(Interpreter.Run(firstWritten, point, Bindings.Empty), Interpreter.Run(first, point, Bindings.Empty), SameTolerance);
        AssertSame(Interpreter.Run(secondWritten, pushed, Bindings.Empty), Interpreter.Run(second, pushed, Bindings.Empty), SameTolerance);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_to_second_order_agree_with_central_differences(string name)
    {
        var (loop, _, at, random) = Sample(name);
        var (pushed, along) = Push(loop, at, loop.Inputs, random);
        var (pulled, cotangents) = Pull(loop, at, random);
        var point = Merge(at, cotangents);
        var (second, direction) = Push(pulled, point, pulled.Inputs.Where(i => i.Value.IsReal), random);

        AssertSame(Differences.Central(loop, at, along), Interpreter.Run(pushed, Merge(at, Tangents(along)), Bindings.Empty), DifferenceTolerance);
        AssertSame(Differences.Central(pulled, point, direction), Interpreter.Run(second, Merge(point, Tangents(direction)), Bindings.Empty), DifferenceTolerance);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Pruning_changes_no_value_and_leaves_nothing_dead(string name)
    {
        var (loop, _, at, random) = Sample(name);
        var (pulled, cotangents) = Pull(loop, at, random);
        var point = Merge(at, cotangents);
        var (second, direction) = Push(pulled, point, pulled.Inputs.Where(i => i.Value.IsReal), random);
        var pushed = Merge(point, Tangents(direction));

        var pruned = DeadCode.Remove(second);

        Verifier.Check(pruned, "pruning");
        AssertSame(Interpreter.Run(second, pushed, Bindings.Empty), Interpreter.Run(pruned, pushed, Bindings.Empty), 0);
        Assert.Equal(pruned, DeadCode.Remove(pruned));
        Assert.All(pruned.Equations.SelectMany(Loops), AssertLive);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Merging_changes_no_value_and_runs_tangents_along(string name)
    {
        var (loop, _, at, random) = Sample(name);
        var (pulled, cotangents) = Pull(loop, at, random);
        var point = Merge(at, cotangents);
        var (second, direction) = Push(pulled, point, pulled.Inputs.Where(i => i.Value.IsReal), random);
        var pushed = Merge(point, Tangents(direction));

        var merged = MergedLoops.Rewrite(DeadCode.Remove(second));

        Verifier.Check(merged, "merging");
        AssertSame(Interpreter.Run(second, pushed, Bindings.Empty), Interpreter.Run(merged, pushed, Bindings.Empty), 0);

        // Forth and back, each with its tangent; but what grows is read whole, so its tangent runs behind it.
        Assert.Equal(name.StartsWith("growing", StringComparison.Ordinal) ? 3 : 2, merged.Equations.Count(e => e.Op is LoopOp));
        Assert.All(merged.Equations.SelectMany(Loops), AssertLive);
    }

    [Fact]
    public void What_is_not_dear_in_a_loop_is_computed_again_from_what_is()
    {
        const int Wide = 40;
        var b = new Builder();
        var w = b.Input("w", InputRole.Parameter, TensorType.Real(Wide, Wide));
        var body = new LoopBody(b, 3);
        var (h, carry) = body.Carry(b.Input("h", InputRole.Parameter, TensorType.Real(2, Wide)));
        var inner = body.Builder;
        body.Next(carry, inner.Sub(inner.Apply(new TanhOp(), inner.MatMul(h, body.Constant(w), false, true)), h));
        var first = body.Stack(inner.Mul(h, h));
        var results = body.Close();
        var program = b.Build("f", [new("last", results.Carries[0]), new("squares", results.Stacks[first])]);
        var random = new Random(1);
        var at = program.Inputs.ToDictionary(i => i.Name, i => NdArray.Generate(Bindings.Empty.Of(i.Value.Shape), _ => random.NextDouble() - 0.5));

        var split = SplitLoops.Rewrite(program, _ => true);

        Verifier.Check(split, "splitting");
        AssertSame(Interpreter.Run(program, at, Bindings.Empty), Interpreter.Run(split, at, Bindings.Empty), 0);
        var second = Assert.IsType<LoopOp>(split.Equations[^1].Op);
        Assert.Equal(2, split.Equations.Count);
        Assert.DoesNotContain(second.Body.Equations, e => e.Op is MatMulOp);
    }

    [Fact]
    public void A_loop_that_is_not_differentiated_keeps_nothing()
    {
        var pruned = DeadCode.Remove(LoopPrograms.All["layers"](true));

        Assert.Equal(0, Assert.Single(pruned.Equations.SelectMany(Loops)).Stacks);
    }

    [Fact]
    public void A_gradient_keeps_the_carries_and_the_dear_values_alone()
    {
        var loop = LoopPrograms.All["recurrence"](true);
        var random = new Random(0);
        var (pulled, _) = Pull(loop, Operands(loop, random), random);

        var forward = Assert.Single(DeadCode.Remove(pulled).Equations.SelectMany(Loops), l => !l.Reversed);

        // What it found, and what it handed on, which the squares read; the products have few terms here and are computed again.
        Assert.Equal(2, forward.Stacks);
    }

    [Fact]
    public void A_carry_must_keep_its_type()
    {
        var b = new Builder();
        var body = new LoopBody(b, 3);
        var (h, carry) = body.Carry(b.Full(Shape.Of(2, 3), 0));

        Assert.Throws<ShapeException>(() => body.Next(carry, body.Builder.Transpose(h, 0, 1)));
        Assert.Throws<ShapeException>(() => body.Sequence(b.Full(Shape.Of(2, 3), 0)));
    }

    private static IEnumerable<LoopOp> Loops(Equation equation) =>
        equation.Op is LoopOp loop ? loop.Body.Equations.SelectMany(Loops).Prepend(loop) : [];

    private static void AssertLive(LoopOp loop)
    {
        var read = loop.Body.Equations.SelectMany(e => e.Operands).Concat(loop.Body.Outputs.Select(o => o.Value)).ToHashSet();
        Assert.All(loop.Body.Inputs.Where(i => i.Role != InputRole.Carry), i => Assert.Contains(i.Value, read));
    }

    private static void AssertSame(IReadOnlyDictionary<string, NdArray> expected, IReadOnlyDictionary<string, NdArray> actual, double tolerance)
    {
        Assert.NotEmpty(expected);
        Assert.All(expected, e => Assert.InRange(Differences.Relative(e.Value, actual.TryGetValue(e.Key, out var value) ? value : e.Value.Map(_ => 0)), 0, tolerance));
    }

    private static (Program Loop, Program Written, IReadOnlyDictionary<string, NdArray> At, Random Random) Sample(string name)
    {
        var random = new Random(0);
        var loop = LoopPrograms.All[name](true);
        var written = LoopPrograms.All[name](false);
        Verifier.Check(loop, "writing");
        return (loop, written, Operands(loop, random), random);
    }

    private static IReadOnlyDictionary<string, NdArray> Operands(Program program, Random random)
    {
        var sampler = new OperandSampler(random, -4, 4, 3);
        return program.Inputs.ToDictionary(i => i.Name, i => sampler.Draw(i.Value.Type));
    }
}
