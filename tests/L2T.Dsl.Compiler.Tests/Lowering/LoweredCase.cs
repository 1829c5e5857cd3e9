using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Lowering.Vocabulary;
using L2T.Dsl.Compiler.Tests.Ops;

namespace L2T.Dsl.Compiler.Tests.Lowering;

/// <summary>A call of the vocabulary as a program of its own: its tensors are drawn and become inputs.</summary>
public sealed class LoweredCase
{
    private readonly Builder _b = new();
    private readonly Random _random;
    private readonly Dictionary<string, NdArray> _inputs = [];

    /// <summary>Draws the tensors and lowers the call.</summary>
    public LoweredCase(VocabularyCase call, int seed = 1)
    {
        _random = new Random(seed);
        Lowered? receiver = null;
        var arguments = new Dictionary<string, Lowered>();
        foreach (var (name, value) in call.Arguments)
        {
            if (name == "this")
            {
                receiver = Lower(name, value);
            }
            else
            {
                arguments[name] = Lower(name, value);
            }
        }

        Result = TorchVocabulary.TryGet(call.Method, out var rule)
            ? rule(new CallArguments(receiver, arguments), _b)
            : throw new InvalidOperationException($"There is no rule for {call.Method}.");
        Program = _b.Build("call", Tensors(Result).Select((t, i) => new ProgramOutput($"y{i}", t)));
    }

    /// <summary>What the rule gave.</summary>
    public Lowered Result { get; }

    /// <summary>The equations; the outputs <c>y0</c>, <c>y1</c> ... are the tensors of the result.</summary>
    public Program Program { get; }

    /// <summary>The tensors drawn, by input: the argument's name, with the position in its list.</summary>
    public IReadOnlyDictionary<string, NdArray> Inputs => _inputs;

    private static IEnumerable<Value> Tensors(Lowered result) => result switch
    {
        TensorResult tensor => [tensor.Value],
        ListResult list => list.Items.SelectMany(Tensors),
        TupleResult tuple => tuple.Items.SelectMany(Tensors),
        _ => [],
    };

    private Lowered Lower(string name, object? value) => value switch
    {
        null => new NothingResult(),
        TensorArgument tensor => Draw(name, tensor),
        TensorArgument[] list => new ListResult(list.Select((t, i) => (Lowered)Draw(name + i, t)).ToEquatableArray()),
        EnumArgument constant => new EnumResult(constant.Type, constant.Member),
        bool truth => new BooleanResult(truth),
        double number => new NumberResult(number, false),
        int or long => new NumberResult(Convert.ToDouble(value), true),
        int[] list => new ListResult(list.Select(i => (Lowered)new NumberResult((double)i, true)).ToEquatableArray()),
        Range range => new RangeResult(Bound(range.Start), range.End.Equals(Index.End) ? null : Bound(range.End)),
        SliceArgument slice => new RangeResult(Number(slice.Start), Number(slice.Stop), Number(slice.Step)),
        object?[] list => new ListResult(list.Select((item, i) => Lower(name + i, item)).ToEquatableArray()),
        _ => throw new NotSupportedException($"{value.GetType()} as an argument"),
    };

    private static NumberResult? Number(int? value) => value is null ? null : new((double)value, true);

    /// <summary>As bodies are read: counted from the end, it is negative.</summary>
    private static NumberResult Bound(Index index) => new((double)(index.IsFromEnd ? -index.Value : index.Value), true);

    private TensorResult Draw(string name, TensorArgument tensor)
    {
        _inputs[name] = new OperandSampler(_random, tensor.Low, tensor.High, TensorArgument.Labels).Draw(tensor.Type);
        return new(_b.Input(name, InputRole.Data, tensor.Type));
    }
}
