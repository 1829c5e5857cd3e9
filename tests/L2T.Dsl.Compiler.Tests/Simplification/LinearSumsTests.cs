using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Differentiation;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Simplification;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Tests.Simplification;

/// <summary>Sums that are taken term by term: the same values, one after fewer others.</summary>
public sealed class LinearSumsTests
{
    [Theory]
    [InlineData(0, 2, 3)]
    [InlineData(0)]
    [InlineData(3)]
    public void The_gradient_of_a_normalisation_takes_its_sums_in_one_pass(params int[] axes)
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Parameter, TensorType.Real(3, 2, 4, 5));
        var g = b.Input("g", InputRole.Data, TensorType.Real(3, 2, 4, 5));
        var summed = axes.ToEquatableArray();
        var centred = b.Sub(x, b.Expand(b.Mean(x, summed), x.Shape));
        var deviation = b.Sqrt(b.Shift(b.Mean(b.Mul(centred, centred), summed), 1e-3));
        var normal = b.Mul(centred, b.Expand(b.Pow(deviation, -1), x.Shape));
        var gradient = Vjp.Write(b, [(normal, b.Mul(g, normal))], [x])[0]!;
        var program = DeadCode.Remove(b.Build("f", [new("gradient", gradient)]));

        var rewritten = LinearSums.Rewrite(program);

        Verifier.Check(rewritten, "sums of terms");
        AssertSame(program, rewritten);
        Assert.Equal(Depth(program) - 1, Depth(rewritten));
    }

    [Fact]
    public void What_comes_up_twice_is_summed_once_and_counted_twice()
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Parameter, TensorType.Real(4, 3));
        var y = b.Exp(x);
        var scale = b.Expand(b.Sum(y, [0]), x.Shape);
        var twice = b.Add(b.Mul(y, scale), b.Scale(b.Mul(y, scale), 3));
        var program = b.Build("f", [new("sum", b.Sum(b.Sub(twice, scale), [0]))]);

        var rewritten = LinearSums.Rewrite(program);

        AssertSame(program, rewritten);
        Assert.Single(rewritten.Equations, e => e.Op is SumOp);
    }

    [Fact]
    public void A_sum_that_the_program_takes_later_is_taken_once()
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Parameter, TensorType.Real(4, 3));
        var y = b.Exp(x);
        var first = b.Sum(b.Mul(y, b.Expand(b.Sum(x, [0]), x.Shape)), [0]);
        var program = b.Build("f", [new("first", first), new("second", b.Sum(y, [0]))]);

        var rewritten = LinearSums.Rewrite(program);

        AssertSame(program, rewritten);
        Assert.Equal(2, rewritten.Equations.Count(e => e.Op is SumOp));
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void So_many_sums_are_taken_in_place_of_one(int count, bool isRewritten)
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Parameter, TensorType.Real(4, 3));
        var scale = b.Expand(b.Sum(x, [0]), x.Shape);
        var sum = Enumerable.Range(1, count).Select(i => b.Mul(b.Exp(b.Scale(x, i)), scale)).Aggregate(b.Add);
        var program = b.Build("f", [new("sum", b.Sum(sum, [0]))]);

        var rewritten = LinearSums.Rewrite(program);

        AssertSame(program, rewritten);
        Assert.Equal(isRewritten ? count + 1 : 2, rewritten.Equations.Count(e => e.Op is SumOp));
    }

    [Fact]
    public void A_sum_stays_that_is_not_linear_waits_for_nothing_or_would_take_a_pass_of_its_own()
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Parameter, TensorType.Real(4, 3));
        var mean = b.Expand(b.Mean(x, [0]), x.Shape);
        var centred = b.Sub(x, mean);
        Unchanged(b.Sum(b.Mul(centred, centred), [0]));
        Unchanged(b.Sum(b.Add(b.Exp(x), x), [0]));
        Unchanged(b.Sum(b.Mul(b.MatMul(x, b.Input("w", InputRole.Parameter, TensorType.Real(3, 3)), false, false), mean), [0]));

        // What is the same along other dimensions is no coefficient.
        Unchanged(b.Sum(b.Mul(b.Exp(x), b.Expand(b.Sum(b.Exp(x), [1]), x.Shape)), [0]));

        void Unchanged(Value sum)
        {
            var program = DeadCode.Remove(b.Build("f", [new("sum", sum)]));
            Assert.Equal(program.Equations, LinearSums.Rewrite(program).Equations);
        }
    }

    [Fact]
    public void A_sum_of_the_same_again_and_again_ends()
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Parameter, TensorType.Real(4, 3));
        var value = b.Mul(b.Exp(x), b.Expand(b.Sum(x, [0]), x.Shape));
        for (var i = 0; i < 100; i++)
        {
            value = b.Apply(new AddOp(), value, value);
        }

        var program = b.Build("f", [new("sum", b.Sum(value, [0]))]);

        Assert.Equal(program.Equations, LinearSums.Rewrite(program).Equations);
    }

    private static int Depth(Program program)
    {
        var depths = new Dictionary<Value, int>();
        foreach (var equation in program.Equations)
        {
            depths[equation.Result] = equation.Operands.Select(o => depths.GetValueOrDefault(o)).DefaultIfEmpty(0).Max() + (equation.Op is SumOp ? 1 : 0);
        }

        return program.Outputs.Max(o => depths[o.Value]);
    }

    private static void AssertSame(Program expected, Program actual)
    {
        var random = new Random(1);
        var at = expected.Inputs.ToDictionary(i => i.Name, i => NdArray.Generate(Bindings.Empty.Of(i.Value.Shape), _ => random.NextDouble() + 0.1));
        var values = Interpreter.Run(actual, at, Bindings.Empty);
        foreach (var (name, value) in Interpreter.Run(expected, at, Bindings.Empty))
        {
            Assert.InRange(Differences.Relative(value, values[name]), 0, 1e-12);
        }
    }
}
