using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Lowering.Vocabulary;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Simplification;
using L2T.Dsl.Compiler.Specs;
using static L2T.Dsl.Compiler.Tests.Derivatives;

namespace L2T.Dsl.Compiler.Tests.Lowering;

/// <summary>The rules by which calls of TorchSharp become equations.</summary>
public sealed class VocabularyTests
{
    private const double Tolerance = 1e-6;

    private static readonly TensorArgument Matrix = new(TensorType.Real(4, 3));
    private static readonly TensorArgument Labels = new(TensorType.Integer(4));

    public static IEnumerable<object[]> Cases => VocabularyCases.All.Select((c, i) => new object[] { i, c.ToString() });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Call_becomes_a_program_with_first_and_second_derivatives(int index, string call)
    {
        var lowered = new LoweredCase(VocabularyCases.All[index]);
        var program = lowered.Program with { Outputs = [.. lowered.Program.Outputs.Where(o => o.Value.IsReal)] };
        var random = new Random(2);

        // A detached tensor is a constant to the rules, but not to a difference.
        Verifier.Check(program, "lowering");
        if (program.Outputs.Count == 0 || VocabularyCases.All[index].Method == "Tensor.detach")
        {
            return;
        }

        var (pulled, cotangents) = Pull(program, lowered.Inputs, random);
        AssertTangents(program, lowered.Inputs);
        AssertTangents(pulled, Merge(lowered.Inputs, cotangents));

        void AssertTangents(Program of, IReadOnlyDictionary<string, NdArray> at)
        {
            var (pushed, direction) = Push(of, at, of.Inputs.Where(i => i.Value.IsReal), random);
            var expected = Differences.Central(of, at, direction);
            var actual = Interpreter.Run(pushed, Merge(at, Tangents(direction)), Bindings.Empty);
            Assert.All(expected, e => Assert.True(Differences.Relative(e.Value, actual[e.Key]) <= Tolerance, $"{call}, {e.Key}:\n{pushed}"));
        }
    }

    /// <summary>A rule that no case reaches is not tested.</summary>
    [Fact]
    public void Cases_reach_every_rule()
    {
        string[] elsewhere = ["Tensor.float", "Tensor.dtype", "Tensor.device", "torch.CPU"];
        var reached = VocabularyCases.All.Select(c => c.Method).Concat(elsewhere).ToHashSet();

        Assert.DoesNotContain(
            TorchVocabulary.Names,
            n => !reached.Contains(n) && !n.StartsWith("Math.", StringComparison.Ordinal) && !n.StartsWith("TensorIndex.", StringComparison.Ordinal));
    }

    [Fact]
    public void Unknown_method_has_no_rule() => Assert.False(TorchVocabulary.TryGet("torch.fft.fft", out _));

    public static TheoryData<string, string, double[], double[]?, double[]> Values { get; } = new()
    {
        { "torch.nn.functional.mse_loss", "input", [1, 2], [0, 0], [2.5] },
        { "torch.nn.functional.l1_loss", "input", [1, -2], [0, 0], [1.5] },
        { "torch.nn.functional.huber_loss", "input", [0.5, -3], [0, 0], [(0.125 + 2.5) / 2] },
        { "torch.nn.functional.smooth_l1_loss", "input", [0.5, -3], [0, 0], [(0.125 + 2.5) / 2] },
        { "torch.nn.functional.binary_cross_entropy", "input", [0.25, 0.25], [1, 0], [-(Math.Log(0.25) + Math.Log(0.75)) / 2] },
        { "torch.nn.functional.binary_cross_entropy_with_logits", "input", [Math.Log(3), Math.Log(3)], [1, 0], [-(Math.Log(0.75) + Math.Log(0.25)) / 2] },
        { "torch.nn.functional.cross_entropy", "input", [Math.Log(1), Math.Log(3)], [0.5, 0.5], [-(Math.Log(0.25) + Math.Log(0.75)) / 2] },
        { "torch.nn.functional.leaky_relu", "input", [-2, 2], null, [-0.02, 2] },
        { "Tensor.elu", "this", [-1, 2], null, [Math.Exp(-1) - 1, 2] },
        { "Tensor.gelu", "this", [1, -1], null, [0.8413447460685429, -0.15865525393145707] },
        { "Tensor.silu", "this", [0, 2], null, [0, 1.7615941559557649] },
        { "torch.nn.functional.logsigmoid", "x", [0, 800], null, [-Math.Log(2), 0] },
        { "torch.nn.functional.hardswish", "x", [-1, 4], null, [-1.0 / 3, 4] },
        { "torch.nn.functional.glu", "input", [3, 0], null, [1.5] },
        { "Tensor.var", "this", [1, 2, 3], null, [1] },
        { "Tensor.std", "this", [1, 2, 3], null, [1] },
        { "Tensor.mean", "this", [1, 2, 6], null, [3] },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Call_gives_the_value(string method, string subject, double[] x, double[]? target, double[] expected)
    {
        var b = new Builder();
        var tensor = new TensorResult(b.Input("x", InputRole.Data, TensorType.Real(x.Length)));
        var inputs = new Dictionary<string, NdArray> { ["x"] = new([x.Length], x) };
        var arguments = new List<(string, Lowered)>();
        if (subject != "this")
        {
            arguments.Add((subject, tensor));
        }

        if (target is not null)
        {
            arguments.Add(("target", new TensorResult(b.Input("target", InputRole.Data, TensorType.Real(target.Length)))));
            inputs["target"] = new([target.Length], target);
        }

        var result = ((TensorResult)Call(b, method, subject == "this" ? tensor : null, [.. arguments])).Value;
        var actual = Interpreter.Run(b.Build("p", [new("y", result)]), inputs, Bindings.Empty)["y"].Data;

        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 1e-14));
    }

    [Fact]
    public void Linear_is_a_product_with_the_transpose_and_a_broadcast_bias()
    {
        var lowered = new LoweredCase(new(
            "torch.nn.functional.linear",
            ("input", Matrix),
            ("weights", new TensorArgument(TensorType.Real(2, 3))),
            ("bias", new TensorArgument(TensorType.Real(2)))));

        Assert.Equal(
            """
            call(input %0: real[4, 3], weights %1: real[2, 3], bias %2: real[2])
              %4: real[4, 2] = matmul[right^T](%0, %1)
              %5: real[4, 2] = expand[[4, 2]](%2)
              %6: real[4, 2] = add(%4, %5)
              -> y0 %6
            """,
            Live(lowered.Program));
    }

    [Fact]
    public void Log_of_softmax_is_log_softmax()
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(4, 3));

        var softmax = Call(b, "torch.nn.functional.softmax", null, ("input", new TensorResult(x)), ("dim", Integer(1)));
        var log = Call(b, "torch.log", null, ("input", softmax));

        Assert.Equal("log_softmax[1](%0)", b.Binder(((TensorResult)log).Value)!.ToString().Split(" = ")[1]);
    }

    [Theory]
    [InlineData(new long[] { 3, 1, 1 }, 2)]
    [InlineData(new long[] { 2, 3, 1, 1 }, 2)]
    [InlineData(new long[] { 1 }, 2)]
    [InlineData(new long[] { 3, 4, 1 }, 4)]
    [InlineData(new long[] { 1, 4 }, 4)]
    [InlineData(new long[] { 4 }, 4)]
    public void What_all_of_a_channel_is_shifted_by_is_added_to_the_maxima(long[] from, long sides)
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(2, 3, 4, 4));
        var shift = b.Input("b", InputRole.Data, TensorType.Real([.. from.Select(d => (Dim)d)]));
        var image = b.Add(x, b.Expand(shift, x.Shape));

        var maxima = ((TensorResult)Call(b, "torch.nn.functional.max_pool2d", null, ("input", new TensorResult(image)), ("kernel_size", Integer(2)))).Value;

        var program = DeadCode.Remove(b.Build("p", [new("y", maxima)]));
        Assert.Equal(Shape.Of(2, 3, sides, sides), Assert.Single(program.Equations, e => e.Op is AddOp).Result.Shape);

        var random = new Random(1);
        var inputs = new Dictionary<string, NdArray>
        {
            ["x"] = NdArray.Generate([2, 3, 4, 4], _ => random.NextDouble()),
            ["b"] = NdArray.Generate(from, _ => random.NextDouble()),
        };
        var shifted = Interpreter.Run(b.Build("p", [new("y", image)]), inputs, Bindings.Empty)["y"];
        var expected = NdArray.Generate([2, 3, 2, 2], at => (from i in new[] { 0, 1 } from j in new[] { 0, 1 } select shifted[at[0], at[1], (2 * at[2]) + i, (2 * at[3]) + j]).Max());
        Assert.Equal(expected.Data, Interpreter.Run(program, inputs, Bindings.Empty)["y"].Data);
    }

    [Theory]
    [InlineData("N", "N")]
    [InlineData("2*N", "2*N")]
    public void Sizes_stay_symbolic(string size, string expected)
    {
        Assert.True(Dim.TryParse(size, out var n));
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(n, 3));

        var flat = Call(b, "Tensor.reshape", new TensorResult(x), ("shape", List(-1, 1)));
        var shape = Call(b, "Tensor.shape", new TensorResult(x));
        var mean = Call(b, "Tensor.mean", new TensorResult(x));

        Assert.Equal($"[{(size == "N" ? "3*N" : "6*N")}, 1]", ((TensorResult)flat).Value.Shape.ToString());
        Assert.Equal(expected, ((NumberResult)((ListResult)shape).Items[0]).Value.ToString());
        Assert.Contains($"scale[1.0 / ({(size == "N" ? "3*N" : "6*N")})]", b.Build("p", [new("y", ((TensorResult)mean).Value)]).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Call_that_fits_no_rule_is_refused(VocabularyCase call, string message)
    {
        var exception = Assert.Throws<LoweringException>(() => new LoweredCase(call));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    public static TheoryData<VocabularyCase, string> Refused { get; } = new()
    {
        { new("torch.nn.functional.relu", ("x", Matrix), ("inplace", true)), "argument 'inplace' is not supported" },
        { new("torch.amax", ("input", Matrix), ("dims", new[] { 0 }), ("out", Matrix)), "argument 'out' is not supported" },
        { new("torch.exp"), "argument 'input' is missing" },
        { new("torch.pow", ("left", Matrix), ("exponent", Matrix)), "the exponent must be a number" },
        { new("torch.div", ("left", Matrix), ("right", 2.0), ("rounding_mode", new EnumArgument("RoundingMode", "floor"))), "rounded quotient" },
        { new("torch.nn.functional.one_hot", ("x", Labels)), "num_classes" },
        { new("Tensor.to_type", ("this", Matrix), ("type", new EnumArgument("ScalarType", "Int64"))), "rounding to integers has no derivative" },
        { new("Tensor.to_type", ("this", Matrix), ("type", new EnumArgument("ScalarType", "Float16"))), "must be Float32 or Float64" },
        { new("torch.mul", ("left", Labels), ("right", Labels)), "tensors of integers" },
        { new("torch.mul", ("left", Labels), ("right", 2.0)), "arithmetic has rules for reals" },
        { new("Tensor.this[]", ("this", Matrix), ("indices", new object?[] { new TensorArgument(new(ElementType.Boolean, Shape.Of(4))) })), "must hold integers" },
        { new("Tensor.slice", ("this", Matrix), ("dim", 0), ("start", 0), ("finish", 4), ("step", 0)), "at least 1" },
        { new("torch.nn.functional.pad", ("input", Matrix), ("pad", new[] { 1, 1 }), ("mode", new EnumArgument("PaddingModes", "Reflect"))), "PaddingModes.Constant" },
        { new("torch.nn.functional.cross_entropy", ("input", Matrix), ("target", Labels), ("ignore_index", 0)), "ignore_index" },
        { new("Tensor.var", ("this", Matrix), ("unbiased", false)), "name them" },
        { new("Tensor.sum", ("this", Matrix), ("dim", Matrix)), "must be an integer" },
        { new("torch.stack", ("tensors", new[] { Matrix, Labels })), "one shape" },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void Shapes_that_do_not_fit_are_named(VocabularyCase call, string left, string right)
    {
        var exception = Assert.Throws<ShapeException>(() => new LoweredCase(call));

        Assert.Equal((left, right), (exception.Left, exception.Right));
    }

    public static TheoryData<VocabularyCase, string, string> Misfits { get; } = new()
    {
        { new("torch.matmul", ("input", Matrix), ("target", Matrix)), "[4, 3]", "[4, 3]" },
        { new("torch.mm", ("input", Matrix), ("target", new TensorArgument(TensorType.Real(3)))), "[4, 3]", "[3]" },
        { new("torch.nn.functional.linear", ("input", Matrix), ("weights", new TensorArgument(TensorType.Real(2, 4)))), "[4, 3]", "[4, 2]" },
        { new("torch.nn.functional.linear", ("input", Matrix), ("weights", new TensorArgument(TensorType.Real(2, 3))), ("bias", new TensorArgument(TensorType.Real(3)))), "[3]", "[2, 3]" },
        { new("torch.add", ("left", Matrix), ("right", new TensorArgument(TensorType.Real(4)))), "[4, 3]", "[4]" },
        { new("Tensor.sum", ("this", Matrix), ("dim", 2)), "[4, 3]", "dimension 2" },
        { new("Tensor.reshape", ("this", Matrix), ("shape", new[] { 5, -1 })), "[4, 3]", "[5, -1]" },
        { new("torch.gather", ("input", Matrix), ("dim", 1), ("index", Labels)), "[4]", "[4, 3]" },
        { new("torch.nn.functional.cross_entropy", ("input", Matrix), ("target", new TensorArgument(TensorType.Integer(3)))), "int[3]", "real[4, 3]" },
        { new("torch.cat", ("tensors", new[] { Matrix, new TensorArgument(TensorType.Real(4, 2)) })), "real[4, 3]", "real[4, 2]" },
        { new("Tensor.this[]", ("this", Matrix), ("indices", new object?[] { 0, 0, 0 })), "[4, 3]", "3 indices" },
        { new("torch.nn.functional.layer_norm", ("input", Matrix), ("normalized_shape", new[] { 4 })), "[4, 3]", "[4]" },
        { new("torch.nn.functional.layer_norm", ("input", Matrix), ("normalized_shape", new[] { 3 }), ("weight", Matrix)), "[4, 3]", "[3]" },
        { new("torch.nn.functional.group_norm", ("input", Matrix), ("num_groups", 2L)), "[4, 3]", "2 groups" },
        { new("torch.nn.functional.group_norm", ("input", Matrix), ("num_groups", 3L), ("bias", new TensorArgument(TensorType.Real(4)))), "[4]", "[4, 3]" },
        { new("torch.nn.functional.pad", ("input", Matrix), ("pad", new[] { 1 })), "[4, 3]", "1 numbers" },
        { new("torch.triu", ("input", new TensorArgument(TensorType.Real(3)))), "[3]", "matrices" },
        { new("Tensor.narrow", ("this", Matrix), ("dim", 0), ("start", 2), ("length", 3)), "[4, 3]", "the stretch 2..5 of dimension 0" },
    };

    [Fact]
    public void Labels_pick_one_element_of_each_row()
    {
        var b = new Builder();
        var x = b.Input("x", InputRole.Data, TensorType.Real(Dim.Symbol("N"), 3));
        var labels = b.Input("labels", InputRole.Data, TensorType.Integer(Dim.Symbol("N")));

        var rows = Call(b, "torch.arange", null, ("stop", ((ListResult)Call(b, "Tensor.shape", new TensorResult(x))).Items[0]));
        var picked = (TensorResult)Call(b, "Tensor.this[]", new TensorResult(x), ("indices", new ListResult([rows, new TensorResult(labels)])));

        Assert.Equal("real[N]", picked.Value.Type.ToString());
        Assert.Contains(b.Equations, e => e.Op is GatherOp);
    }

    [Fact]
    public void Index_objects_stand_for_ranges_and_places()
    {
        var b = new Builder();

        Assert.Equal(new RangeResult(Integer(1), Integer(3)), Call(b, "TensorIndex.Slice", null, ("start", Integer(1)), ("stop", Integer(3))));
        Assert.Equal(new RangeResult(null, null), Call(b, "TensorIndex.Colon", null));
        Assert.Equal(Integer(2), Call(b, "TensorIndex.Single", null, ("index", Integer(2))));
        Assert.Equal(new EnumResult("TensorIndex", "Ellipsis"), Call(b, "TensorIndex.Ellipsis", null));
        Assert.Equal(new NothingResult(), Call(b, "TensorIndex.None", null));
        var tensor = new TensorResult(b.Input("i", InputRole.Data, TensorType.Integer(2)));
        Assert.Equal(tensor, Call(b, "TensorIndex.Tensor", null, ("tensor", tensor)));
        Assert.Equal(new RangeResult(null, null, Integer(2)), Call(b, "TensorIndex.Slice", null, ("step", Integer(2))));
    }

    [Fact]
    public void Types_and_devices_of_tensors_are_passed_on()
    {
        var b = new Builder();
        var x = new TensorResult(b.Input("x", InputRole.Data, TensorType.Real(3)));
        var labels = new TensorResult(b.Input("labels", InputRole.Data, TensorType.Integer(3)));

        var real = Call(b, "Tensor.to_type", labels, ("type", Call(b, "Tensor.dtype", x)));
        var zeros = Call(b, "torch.zeros", null, ("size", List(3)), ("dtype", Call(b, "Tensor.dtype", x)), ("device", Call(b, "Tensor.device", x)));

        Assert.Equal("real[3]", ((TensorResult)real).Value.Type.ToString());
        Assert.Equal("real[3]", ((TensorResult)zeros).Value.Type.ToString());
        Assert.Equal(((TensorResult)real).Value, ((TensorResult)Call(b, "Tensor.float", labels)).Value);
    }

    [Theory]
    [InlineData("Math.Log", "d", 8.0, "newBase", 2.0, 3.0)]
    [InlineData("Math.Log", "d", 1.0, null, 0.0, 0.0)]
    [InlineData("Math.Log2", "x", 8.0, null, 0.0, 3.0)]
    [InlineData("Math.Log10", "d", 1000.0, null, 0.0, 3.0)]
    [InlineData("Math.Sqrt", "d", 9.0, null, 0.0, 3.0)]
    [InlineData("Math.Exp", "d", 0.0, null, 0.0, 1.0)]
    [InlineData("Math.Abs", "value", -2.5, null, 0.0, 2.5)]
    [InlineData("Math.Ceiling", "a", 1.5, null, 0.0, 2.0)]
    [InlineData("Math.Floor", "d", 1.5, null, 0.0, 1.0)]
    [InlineData("Math.Cos", "d", 0.0, null, 0.0, 1.0)]
    [InlineData("Math.Sin", "a", 0.0, null, 0.0, 0.0)]
    [InlineData("Math.Tanh", "value", 0.0, null, 0.0, 0.0)]
    [InlineData("Math.Max", "val1", 1.0, "val2", 2.0, 2.0)]
    [InlineData("Math.Min", "x", 1.0, "y", 2.0, 1.0)]
    [InlineData("Math.Pow", "x", 3.0, "y", 2.0, 9.0)]
    public void Functions_of_known_numbers_are_evaluated(string name, string first, double x, string? second, double y, double expected)
    {
        (string, Lowered)[] arguments = [(first, new NumberResult(x, false)), .. second is null ? [] : new (string, Lowered)[] { (second, new NumberResult(y, false)) }];

        Assert.Equal(expected, ((NumberResult)Call(new Builder(), name, null, arguments)).Value.Value!.Value, 1e-12);
    }

    [Fact]
    public void Functions_of_numbers_known_later_are_evaluated_then() => Assert.Equal(
        "Math.Log(N)",
        ((NumberResult)Call(new Builder(), "Math.Log", null, ("d", new NumberResult(Scalar.Of(Dim.Symbol("N")), true)))).Value.ToString());

    private static Lowered Call(Builder b, string method, Lowered? receiver, params (string Name, Lowered Value)[] arguments)
    {
        Assert.True(TorchVocabulary.TryGet(method, out var rule));
        return rule(new CallArguments(receiver, arguments.ToDictionary(a => a.Name, a => a.Value)), b);
    }

    private static NumberResult Integer(int value) => new((double)value, true);

    private static ListResult List(params int[] values) => new(values.Select(v => (Lowered)Integer(v)).ToEquatableArray());

    private static string Live(Program program)
    {
        var live = Liveness.Live(program.Equations, program.Outputs.Select(o => o.Value));
        return (program with { Equations = [.. program.Equations.Where(live.Contains)] }).ToString();
    }
}
