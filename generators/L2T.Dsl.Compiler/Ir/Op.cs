using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ir;

/// <summary>
/// An op with its attributes. Everything that is known of an op stands in its one record: the shape rule, the
/// count of its operations, the reverse rule, the forward rule, the reference evaluation and the C# it becomes. Records compare by attributes,
/// which is what makes common subexpressions equal.
/// </summary>
public abstract record Op
{
    /// <summary>The op's name in printed programs.</summary>
    public abstract string Name { get; }

    /// <summary>The attributes as printed, without brackets; empty if there are none.</summary>
    public virtual string Attributes => "";

    /// <summary>The types of the results.</summary>
    /// <exception cref="ShapeException">The operands do not fit.</exception>
    public abstract EquatableArray<TensorType> Infer(EquatableArray<TensorType> operands);

    /// <summary>
    /// The floating-point operations that the op takes. By convention: 1 for each element of a function of elements, whatever the function;
    /// 2 for each product that is summed; 1 for each element that is summed or compared. What makes, moves or chooses numbers takes
    /// none, the default.
    /// </summary>
    public virtual Dim Flops(Equation equation) => Dim.Zero;

    /// <summary>Whether <see cref="Flops"/> are known.</summary>
    public virtual bool HasKnownFlops => true;

    /// <summary>
    /// The reverse rule: cotangents of the operands, one entry for each; null says that the derivative is zero.
    /// </summary>
    /// <param name="equation">The equation differentiated.</param>
    /// <param name="cotangents">The cotangents of its results; null where none arrives, never all null.</param>
    /// <param name="b">Takes the equations of the rule.</param>
    public abstract IReadOnlyList<Value?> Vjp(Equation equation, IReadOnlyList<Value?> cotangents, Builder b);

    /// <summary>The forward rule: tangents of the results, one entry for each; null says zero.</summary>
    /// <param name="equation">The equation differentiated.</param>
    /// <param name="tangents">The tangents of its operands; null where zero, never all null.</param>
    /// <param name="b">Takes the equations of the rule.</param>
    public abstract IReadOnlyList<Value?> Jvp(Equation equation, IReadOnlyList<Value?> tangents, Builder b);

    /// <summary>Whether the results are zero because these operands are; by default, never known.</summary>
    public virtual bool IsZeroWhen(IReadOnlyList<bool> zero) => false;

    /// <summary>The results in plain double arithmetic: the judge of everything else.</summary>
    public abstract IReadOnlyList<NdArray> Evaluate(IReadOnlyList<NdArray> operands, Bindings bindings);

    /// <summary>The C# that the op becomes.</summary>
    public abstract CSharpForm CSharp { get; }

    /// <summary>The same where it depends on the operands' sizes.</summary>
    public virtual CSharpForm CSharpOf(Equation equation) => CSharp;

    /// <summary>
    /// Whether keeping the result from the step costs less than computing it again in the hyper step: where it sums over
    /// many elements for each one it gives.
    /// </summary>
    public virtual bool IsDear(Equation equation) => false;

    /// <summary>The equation without what only unused results need; by default, all of it.</summary>
    public virtual Equation Prune(Equation equation, Func<Value, bool> isUsed) => equation;

    /// <inheritdoc/>
    public sealed override string ToString() => Attributes.Length == 0 ? Name : $"{Name}[{Attributes}]";
}
