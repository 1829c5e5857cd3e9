using L2T.Dsl.Compiler.Differentiation;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Loops;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;
using static L2T.Dsl.Compiler.Tests.Derivatives;

namespace L2T.Dsl.Compiler.Tests.Ops;

/// <summary>The rules of every op of the catalogue, to second order, against central differences and each other.</summary>
public sealed class DerivativeTests
{
    private const int Seeds = 3;
    private const double DifferenceTolerance = 1e-6;
    private const double IdentityTolerance = 1e-12;

    public static TheoryData<int, string> Differentiable { get; } = Rows(e => e.Op is not ZeroDerivativeOp && e.Operands.Any(IsReal));

    public static TheoryData<int, string> Constant { get; } = Rows(e => e.Op is ZeroDerivativeOp or StepOp or SignOp);

    [Theory]
    [MemberData(nameof(Differentiable))]
    public void Forward_rule_agrees_with_central_differences(int entry, string op)
    {
        foreach (var (program, at, random) in Samples(entry))
        {
            var (pushed, direction) = Push(program, at, program.Inputs.Where(i => i.Value.IsReal), random);

            var expected = Differences.Central(program, at, direction)["y"];
            var actual = Interpreter.Run(pushed, Merge(at, Tangents(direction)), Bindings.Empty)["y"];

            Assert.True(Differences.Relative(expected, actual) <= DifferenceTolerance, $"{op}:\n{pushed}");
        }
    }

    [Theory]
    [MemberData(nameof(Differentiable))]
    public void Reverse_rule_is_the_transpose_of_the_forward_rule(int entry, string op)
    {
        foreach (var (program, at, random) in Samples(entry))
        {
            var (pushed, direction) = Push(program, at, program.Inputs.Where(i => i.Value.IsReal), random);
            var (pulled, cotangents) = Pull(program, at, random);

            var tangent = Interpreter.Run(pushed, Merge(at, Tangents(direction)), Bindings.Empty)["y"];
            var gradient = Interpreter.Run(pulled, Merge(at, cotangents), Bindings.Empty);

            var left = Differences.Dot(cotangents["g.y"], tangent);
            var right = direction.Sum(d => gradient.TryGetValue(d.Key, out var g) ? Differences.Dot(g, d.Value) : 0);
            Assert.True(Math.Abs(left - right) <= IdentityTolerance * Math.Max(1, Math.Abs(left)), $"{op}: {left} and {right}\n{pulled}");
        }
    }

    [Theory]
    [MemberData(nameof(Differentiable))]
    public void Forward_rule_of_each_operand_alone_adds_up(int entry, string op)
    {
        foreach (var (program, at, random) in Samples(entry))
        {
            var inputs = program.Inputs.Where(i => i.Value.IsReal).ToArray();
            var (pushed, direction) = Push(program, at, inputs, random);
            var whole = Interpreter.Run(pushed, Merge(at, Tangents(direction)), Bindings.Empty)["y"];

            var sum = whole.Map(_ => 0);
            foreach (var input in inputs)
            {
                var (alone, _) = Push(program, at, [input], random);
                sum = sum.Zip(Interpreter.Run(alone, Merge(at, Tangents(direction)), Bindings.Empty)["y"], (x, y) => x + y);
            }

            Assert.True(Differences.Relative(whole, sum) <= IdentityTolerance, $"{op}:\n{pushed}");
        }
    }

    [Theory]
    [MemberData(nameof(Differentiable))]
    public void Second_derivative_agrees_with_central_differences_of_the_first(int entry, string op)
    {
        foreach (var (program, at, random) in Samples(entry))
        {
            var (pulled, cotangents) = Pull(program, at, random);
            var point = Merge(at, cotangents);
            var (second, direction) = Push(pulled, point, pulled.Inputs.Where(i => i.Value.IsReal), random);

            var expected = Differences.Central(pulled, point, direction);
            var actual = Interpreter.Run(second, Merge(point, Tangents(direction)), Bindings.Empty);

            Assert.All(expected, e => Assert.True(Differences.Relative(e.Value, actual[e.Key]) <= DifferenceTolerance, $"{op}, {e.Key}:\n{second}"));
        }
    }

    [Theory]
    [MemberData(nameof(Differentiable))]
    public void Second_derivative_is_symmetric(int entry, string op)
    {
        foreach (var (program, at, random) in Samples(entry))
        {
            var (pulled, cotangents) = Pull(program, at, random);
            var point = Merge(at, cotangents);
            var inputs = pulled.Inputs.Where(i => i.Value.IsReal && i.Role != InputRole.Cotangent).ToArray();
            var (second, u) = Push(pulled, point, inputs, random);
            var v = inputs.ToDictionary(i => i.Name, i => Direction(point[i.Name], random));

            var hu = Interpreter.Run(second, Merge(point, Tangents(u)), Bindings.Empty);
            var hv = Interpreter.Run(second, Merge(point, Tangents(v)), Bindings.Empty);

            var left = hu.Sum(h => Differences.Dot(h.Value, v[h.Key]));
            var right = hv.Sum(h => Differences.Dot(h.Value, u[h.Key]));
            Assert.True(Math.Abs(left - right) <= IdentityTolerance * Math.Max(1, Math.Abs(left)), $"{op}: {left} and {right}\n{second}");
        }
    }

    [Theory]
    [MemberData(nameof(Constant))]
    public void Constant_op_has_no_derivative(int entry, string op)
    {
        var b = new Builder();
        var (inputs, result) = Write(b, Catalogue.Entries[entry]);
        var real = inputs.Where(i => i.IsReal).ToArray();

        var tangents = Jvp.Write(b, real.ToDictionary(i => i, i => i), [result]);
        var cotangents = result.IsReal ? Vjp.Write(b, [(result, result)], real) : [];

        Assert.True(tangents.Concat(cotangents).All(t => t is null), op);
    }

    /// <summary>The rules write only ops of the catalogue, and whatever they write can be differentiated again.</summary>
    [Fact]
    public void Catalogue_is_closed_under_differentiation()
    {
        var known = Catalogue.Entries.Select(e => e.Op.GetType()).ToHashSet();
        var unknown = new SortedSet<string>();
        foreach (var entry in Catalogue.Entries.Where(e => e.Operands.Any(IsReal)))
        {
            var b = new Builder();
            var (inputs, y) = Write(b, entry);
            if (!y.IsReal)
            {
                continue;
            }

            // Reverse, forward over it, and forward once more over both.
            Value[] active = [.. inputs.Where(i => i.IsReal), b.Input("g", InputRole.Cotangent, y.Type)];
            var wanted = Vjp.Write(b, [(y, active[^1])], active[..^1]).OfType<Value>().Append(y).ToArray();
            for (var order = 1; order <= 2; order++)
            {
                var tangents = active.ToDictionary(a => a, a => b.Input($"t{order}.{a.Index}", InputRole.Tangent, a.Type));
                wanted = [.. Jvp.Write(b, tangents, wanted).OfType<Value>(), .. wanted];
            }

            unknown.UnionWith(b.Equations.Where(e => !known.Contains(e.Op.GetType())).Select(e => $"{e.Op} by the rules of {entry.Op}"));
        }

        Assert.Empty(unknown);
    }

    /// <summary>An op that is in no entry would escape every test here. What stands in for libtorch's autograd has no reference evaluation, and is tested against libtorch; loops hold programs, and have tests of their own.</summary>
    [Fact]
    public void Catalogue_holds_every_op()
    {
        var ops = typeof(Op).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Op)) && !t.IsSubclassOf(typeof(AutogradOp)) && !t.IsAbstract && t != typeof(LoopOp));

        Assert.Empty(ops.Except(Catalogue.Entries.Select(e => e.Op.GetType())));
    }

    [Fact]
    public void Equal_calls_without_rule_are_one_equation_wherever_they_stand()
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(3));

        Assert.Same(b.Apply(new AutogradCallOp("a[0].erfinv()", new("Net", 3), 1), x), b.Apply(new AutogradCallOp("a[0].erfinv()", new("Net", 7), 1), x));
        Assert.NotSame(b.Apply(new AutogradCallOp("a[0].erfinv()", new("Net", 3), 1), x), b.Apply(new AutogradCallOp("a[0].digamma()", new("Net", 3), 1), x));
    }

    private static bool IsReal(TensorType type) => type.Element == ElementType.Real;

    private static TheoryData<int, string> Rows(Func<CatalogueEntry, bool> where)
    {
        var data = new TheoryData<int, string>();
        foreach (var (i, entry) in Catalogue.Entries.Index().Where(e => where(e.Item)))
        {
            data.Add(i, entry.ToString());
        }

        return data;
    }

    private static (Value[] Inputs, Value Result) Write(Builder b, CatalogueEntry entry)
    {
        Value[] inputs = [.. entry.Operands.Select((type, i) => b.Input($"x{i}", InputRole.Data, type))];
        return (inputs, b.Apply(entry.Op, inputs));
    }

    private static IEnumerable<(Program Program, IReadOnlyDictionary<string, NdArray> At, Random Random)> Samples(int index)
    {
        var entry = Catalogue.Entries[index];
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var b = new Builder();
            var (inputs, result) = Write(b, entry);
            var operands = OperandSampler.Operands(entry, random);
            yield return (b.Build("f", [new("y", result)]), inputs.Zip(operands).ToDictionary(p => p.First.Name, p => p.Second), random);
        }
    }
}
