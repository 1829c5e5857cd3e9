using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Tests.Lowering;

/// <summary>A call of TorchSharp by the names of its method and parameters; an argument named <c>this</c> is the receiver.</summary>
/// <param name="Method">The method.</param>
/// <param name="Arguments">
/// The arguments: <see cref="TensorArgument"/> or an array of them, <see cref="EnumArgument"/>, numbers, truth values,
/// arrays of integers, ranges, <see cref="SliceArgument"/>, null, and arrays of such.
/// </param>
public sealed record VocabularyCase(string Method, params (string Name, object? Value)[] Arguments)
{
    /// <summary>Whether libtorch takes a tensor for a constant: weights of classes and running statistics.</summary>
    public bool IsConstant(string argument) =>
        argument is "running_mean" or "running_var"
        || (argument == "weight" && Method.Split('.')[^1] is "cross_entropy" or "nll_loss" or "binary_cross_entropy_with_logits");

    /// <inheritdoc/>
    public override string ToString() => $"{Method}({string.Join(", ", Arguments.Select(a => $"{a.Name}: {Text(a.Value)}"))})";

    private static string Text(object? value) => value is Array items ? $"[{string.Join(", ", items.Cast<object>())}]" : $"{value ?? "null"}";
}

/// <summary>A tensor to be drawn.</summary>
/// <param name="Type">Its type, its sizes known.</param>
/// <param name="Low">The least real.</param>
/// <param name="High">The greatest real.</param>
public sealed record TensorArgument(TensorType Type, double Low = -2, double High = 2)
{
    /// <summary>Integers are drawn from 0 up to this, excluded.</summary>
    public const int Labels = 3;

    /// <inheritdoc/>
    public override string ToString() => Type.ToString();
}

/// <summary>A constant of an enum.</summary>
/// <param name="Type">The enum's name.</param>
/// <param name="Member">The constant's name.</param>
public sealed record EnumArgument(string Type, string Member)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Type}.{Member}";
}

/// <summary>A slice with a step.</summary>
/// <param name="Start">Where it begins; null for the first element.</param>
/// <param name="Stop">Where it ends, excluded; null for behind the last element.</param>
/// <param name="Step">It takes the first of each so many elements.</param>
public sealed record SliceArgument(int? Start, int? Stop, int Step)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Start}:{Stop}:{Step}";
}
