using System.Runtime.CompilerServices;
using L2T.Dsl.Compiler.Differentiation;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Lowering.Vocabulary;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Compiler.Tests.Lowering;
using L2T.Dsl.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Ops;

/// <summary>
/// Every call of the vocabulary, made of TorchSharp itself by reflection and of the compiler's program by the reference
/// evaluation: values, first and second derivatives agree, and so do shapes and element types.
/// </summary>
public sealed class VocabularyAgreementTests
{
    private const double Tolerance = 1e-10;

    // libtorch's derivative of hardsigmoid and hardswish has 1/6 as a float.
    private const double FloatConstantTolerance = 1e-7;

    // libtorch has no second derivative of it; it is zero.
    private const string OnceDifferentiable = "torch.nn.functional.hardsigmoid";

    public static IEnumerable<object[]> Cases => VocabularyCases.All.Select((c, i) => new object[] { i, c.ToString() });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Call_gives_what_libtorch_gives(int index, string call)
    {
        using var scope = NewDisposeScope();
        var lowered = new LoweredCase(VocabularyCases.All[index]);
        var eager = new EagerCall(VocabularyCases.All[index], lowered.Inputs);

        if (eager.Result is not (Tensor or Tensor[] or ITuple))
        {
            Assert.Equal(Text(eager.Result), Text(lowered.Result));
            return;
        }

        var outputs = lowered.Program.Outputs;
        var values = Interpreter.Run(lowered.Program, lowered.Inputs, Bindings.Empty);
        Assert.Equal(outputs.Count, eager.Tensors.Count);
        for (var i = 0; i < outputs.Count; i++)
        {
            Assert.Equal(ElementOf(eager.Tensors[i].dtype), outputs[i].Value.Type.Element);
            AssertClose(eager.Tensors[i].detach(), values[outputs[i].Name], Tolerance, call);
        }

        AssertDerivatives(lowered, eager, values, VocabularyCases.All[index]);
    }

    private static void AssertDerivatives(LoweredCase lowered, EagerCall eager, IReadOnlyDictionary<string, NdArray> values, VocabularyCase of)
    {
        var call = of.ToString();
        var differentiable = lowered.Program.Outputs.Where((o, i) => o.Value.IsReal && eager.Tensors[i].requires_grad).ToArray();
        if (differentiable.Length == 0)
        {
            return;
        }

        // <g, y>, its gradient, and <v, gradient> with its gradient: libtorch's by double backward, ours forward over reverse.
        var random = new Random(3);
        var wrt = lowered.Program.Inputs.Where(i => i.Value.IsReal && !of.IsConstant(i.Name)).ToArray();
        var cotangents = differentiable.ToDictionary(o => o.Name, o => Direction(values[o.Name], random));
        var directions = wrt.ToDictionary(i => i.Name, i => Direction(lowered.Inputs[i.Name], random));
        var leaves = wrt.Select(i => eager.Leaves[i.Name]).ToArray();
        var loss = Total(lowered.Program.Outputs.Select((o, i) => (o.Name, eager.Tensors[i])).Where(o => cotangents.ContainsKey(o.Name)).Select(o => (o.Item2, cotangents[o.Name])));
        var isTwice = !call.StartsWith(OnceDifferentiable, StringComparison.Ordinal);
        var first = Autograd.Gradients(loss, leaves, createGraph: isTwice);
        var slope = Total(first.Zip(wrt, (g, i) => (g, directions[i.Name])));
        var second = slope.requires_grad ? Autograd.Gradients(slope, leaves) : [.. leaves.Select(l => zeros_like(l))];

        var b = new Builder(lowered.Program);
        var seeds = differentiable.Select(o => (o.Value, b.Input("g." + o.Name, InputRole.Cotangent, o.Value.Type))).ToArray();
        var gradients = Vjp.Write(b, seeds, [.. wrt.Select(i => i.Value)]);
        var tangents = wrt.ToDictionary(i => i.Value, i => b.Input("t." + i.Name, InputRole.Tangent, i.Value.Type));
        var products = Jvp.Write(b, tangents, [.. gradients.Select((g, i) => g ?? b.Full(wrt[i].Value.Shape, 0))]);
        var outputs = wrt
            .SelectMany((w, i) => new[] { new ProgramOutput("first." + w.Name, gradients[i] ?? b.Full(w.Value.Shape, 0)), new("second." + w.Name, products[i] ?? b.Full(w.Value.Shape, 0)) })
            .ToArray();
        var inputs = lowered.Inputs
            .Concat(cotangents.Select(g => new KeyValuePair<string, NdArray>("g." + g.Key, g.Value)))
            .Concat(directions.Select(t => new KeyValuePair<string, NdArray>("t." + t.Key, t.Value)))
            .ToDictionary(p => p.Key, p => p.Value);
        var results = Interpreter.Run(b.Build("derivatives", outputs), inputs, Bindings.Empty);
        var tolerance = call.Contains("hards", StringComparison.Ordinal) ? FloatConstantTolerance : Tolerance;
        for (var i = 0; i < wrt.Length; i++)
        {
            AssertClose(first[i].detach(), results["first." + wrt[i].Name], tolerance, $"{call}, gradient of {wrt[i].Name}");
            AssertClose(second[i], results["second." + wrt[i].Name], tolerance, $"{call}, second derivative of {wrt[i].Name}");
        }
    }

    private static Tensor Total(IEnumerable<(Tensor Tensor, NdArray Weights)> terms) =>
        terms.Select(t => (t.Tensor * tensor(t.Weights.Data, t.Weights.Shape, dtype: float64)).sum(dim: [])).Aggregate((x, y) => x + y);

    private static NdArray Direction(NdArray like, Random random) => like.Map(_ => random.NextDouble() - 0.5);

    private static ElementType ElementOf(ScalarType type) =>
        type == torch.@bool ? ElementType.Boolean : type == int64 ? ElementType.Integer : ElementType.Real;

    private static void AssertClose(Tensor expected, NdArray actual, double tolerance, string what)
    {
        Assert.Equal(expected.shape, actual.Shape);
        var scale = actual.Data.Select(Math.Abs).Append(1).Max();
        var difference = actual.Data.Length == 0 ? 0 : (expected.to_type(float64) - tensor(actual.Data, actual.Shape, dtype: float64)).abs().max().item<double>();
        Assert.True(difference <= tolerance * scale, $"{what}: off by {difference}");
    }

    private static string Text(object? value) => value switch
    {
        long[] sizes => string.Join(", ", sizes),
        ListResult list => string.Join(", ", list.Items.Select(Text)),
        NumberResult number => $"{number.Value.Value}",
        _ => $"{value}",
    };
}
