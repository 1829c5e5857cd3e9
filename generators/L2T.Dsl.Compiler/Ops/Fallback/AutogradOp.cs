using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Problems;

namespace L2T.Dsl.Compiler.Ops;

/// <summary>
/// What stands in for a call y = f(x0, x1, ...) that has no rule: libtorch's autograd takes its derivatives, each time
/// it runs, to second order. The result is taken to have the shape of x0; the library checks that it has.
/// </summary>
/// <param name="Call">The call as C# over an array of operands; see <see cref="Operand"/>.</param>
/// <param name="At">Where the user wrote it: a fault that shows only at run time is said of the user's own line.</param>
public abstract record AutogradOp(string Call, SourceAnchor At) : PrimitiveOp
{
    /// <inheritdoc/>
    public sealed override string Attributes => Call;

    /// <summary>Whether it is the same call; two of them on the same operands are one value, wherever they stand.</summary>
    public virtual bool Equals(AutogradOp? other) => base.Equals(other) && Call == other!.Call;

    /// <inheritdoc/>
    public override int GetHashCode() => Call.GetHashCode();

    /// <summary>They are libtorch's own.</summary>
    public sealed override bool HasKnownFlops => false;

    /// <summary>How a call spells its k-th operand.</summary>
    public static string Operand(int k) => $"a[{k}]";

    /// <summary>The call as a function of an array of operands.</summary>
    protected string Lambda => $"static a => {Call}";

    /// <summary>The place as C#, the last argument.</summary>
    protected string Place => $"\"{At.Key}\"";

    /// <summary>Holes for operands <paramref name="start"/> ... as an array.</summary>
    protected static string Holes(int start, int count) => "[" + string.Join(", ", Enumerable.Range(start, count).Select(i => $"{{{i}}}")) + "]";

    /// <inheritdoc/>
    protected override IReadOnlyList<Value?> Reverse(Equation e, Value g, Builder b) => throw ThirdOrder();

    /// <inheritdoc/>
    protected override Value? Forward(Equation e, IReadOnlyList<Value?> t, Builder b) => throw ThirdOrder();

    /// <inheritdoc/>
    protected sealed override NdArray EvaluateOne(IReadOnlyList<NdArray> operands, Bindings bindings) =>
        throw new NotSupportedException($"{this} is libtorch's own; it has no reference evaluation.");

    private InvalidOperationException ThirdOrder() => new($"{this} is differentiated to second order only.");
}
