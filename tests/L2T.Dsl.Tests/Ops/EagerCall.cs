using System.Reflection;
using System.Runtime.CompilerServices;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Compiler.Tests.Lowering;
using TorchSharp;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Ops;

/// <summary>A case of the vocabulary, called of TorchSharp itself by the names of the method and its parameters.</summary>
internal sealed class EagerCall
{
    private readonly VocabularyCase _call;
    private readonly IReadOnlyDictionary<string, NdArray> _inputs;
    private readonly Dictionary<string, Tensor> _leaves = [];

    public EagerCall(VocabularyCase call, IReadOnlyDictionary<string, NdArray> inputs)
    {
        (_call, _inputs) = (call, inputs);
        var at = call.Method.LastIndexOf('.');
        var (holder, name) = (call.Method[..at], call.Method[(at + 1)..]);
        var type = holder == "Tensor" ? typeof(Tensor) : typeof(torch).Assembly.GetType("TorchSharp." + holder.Replace('.', '+'), throwOnError: true)!;
        var receiver = call.Arguments.Where(a => a.Name == "this").Select(a => Leaf("this", (TensorArgument)a.Value!)).FirstOrDefault();
        var given = call.Arguments.Where(a => a.Name != "this").ToDictionary(a => a.Name, a => a.Value);
        Result = name is "this[]" or "index" ? receiver![[.. ((object?[])given["indices"]!).Select(Index)]]
            : given.Count == 0 && type.GetProperty(name) is { } property ? property.GetValue(receiver)
            : name == "sum" && given.TryGetValue("dim", out var dims) && dims is int[] list && holder == "torch" ? OfSpan(given, list)
            : Invoke(type, name, receiver, given, call);
    }

    /// <summary>What the method gave.</summary>
    public object? Result { get; }

    /// <summary>The tensors in it.</summary>
    public IReadOnlyList<Tensor> Tensors => [.. Flatten(Result)];

    /// <summary>The tensors that it was called with, by argument; the real ones require gradients.</summary>
    public IReadOnlyDictionary<string, Tensor> Leaves => _leaves;

    private object? Invoke(Type type, string name, Tensor? receiver, Dictionary<string, object?> given, VocabularyCase call)
    {
        foreach (var method in type.GetMember(name).OfType<MethodInfo>().Where(m => m.IsStatic == (receiver is null) && !m.IsGenericMethod))
        {
            var parameters = method.GetParameters();
            if (given.Keys.All(g => parameters.Any(p => p.Name == g)) && parameters.All(p => given.ContainsKey(p.Name!) || p.HasDefaultValue))
            {
                var arguments = parameters.Select(p => given.TryGetValue(p.Name!, out var value) ? Convert(p.Name!, value, p.ParameterType) : p.DefaultValue).ToArray();
                if (!arguments.Contains(Missing.Value))
                {
                    return method.Invoke(receiver, arguments);
                }
            }
        }

        throw new InvalidOperationException($"TorchSharp has no method for {call}.");
    }

    /// <summary>The one overload that takes a span, which reflection can't pass.</summary>
    private Tensor OfSpan(Dictionary<string, object?> given, int[] dims) =>
        sum(Leaf("input", (TensorArgument)given["input"]!), [.. dims.Select(d => (long)d)], keepdim: (bool)given["keepdim"]!);

    /// <summary>An argument as a parameter takes it; <see cref="Missing.Value"/> where it doesn't.</summary>
    private object? Convert(string name, object? value, Type parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter) ?? parameter;
        return value switch
        {
            null when !parameter.IsValueType || type != parameter => null,
            TensorArgument tensor when type == typeof(Tensor) => Leaf(name, tensor),
            TensorArgument[] list when type.IsAssignableFrom(typeof(Tensor[])) => list.Select((t, i) => Leaf(name + i, t)).ToArray(),
            EnumArgument constant when type.IsEnum => Enum.Parse(type, constant.Member),
            bool truth when type == typeof(bool) => truth,
            double number when type == typeof(double) => number,
            double number when type == typeof(float) => (float)number,
            double number when type == typeof(TorchSharp.Scalar) => (TorchSharp.Scalar)number,
            int or long when type == typeof(int) => System.Convert.ToInt32(value),
            int or long when type == typeof(long) => System.Convert.ToInt64(value),
            int or long when type == typeof(TorchSharp.Scalar) => (TorchSharp.Scalar)System.Convert.ToInt64(value),
            int[] list when type == typeof(long[]) => list.Select(i => (long)i).ToArray(),
            _ => Missing.Value,
        };
    }

    private TensorIndex Index(object? value, int position) => value switch
    {
        null => TensorIndex.Null,
        int place => TensorIndex.Single(place),
        Range range => range,
        SliceArgument slice => TensorIndex.Slice(slice.Start, slice.Stop, slice.Step),
        TensorArgument tensor => TensorIndex.Tensor(Leaf("indices" + position, tensor)),
        _ => TensorIndex.Ellipsis,
    };

    private Tensor Leaf(string name, TensorArgument argument)
    {
        if (!_leaves.TryGetValue(name, out var leaf))
        {
            leaf = tensor(_inputs[name].Data, _inputs[name].Shape, dtype: float64);
            leaf = argument.Type.Element switch
            {
                ElementType.Real => _call.IsConstant(name) ? leaf : leaf.requires_grad_(),
                ElementType.Integer => leaf.to_type(int64),
                _ => leaf.to_type(torch.@bool),
            };
            _leaves[name] = leaf;
        }

        return leaf;
    }

    private static IEnumerable<Tensor> Flatten(object? result) => result switch
    {
        Tensor tensor => [tensor],
        Tensor[] list => list,
        ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(i => Flatten(tuple[i])),
        _ => [],
    };
}
