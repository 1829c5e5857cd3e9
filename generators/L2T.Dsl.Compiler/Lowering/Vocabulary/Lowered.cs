using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>What an expression of a body is at compile time: a tensor's value, or something known by then.</summary>
public abstract record Lowered
{
    internal Lowered()
    {
    }
}

/// <summary>A tensor.</summary>
/// <param name="Value">The value that holds it.</param>
public sealed record TensorResult(Value Value) : Lowered;

/// <summary>A number that is known when a kernel is made or called.</summary>
/// <param name="Value">The number.</param>
/// <param name="IsInteger">Whether its C# type is an integer type.</param>
public sealed record NumberResult(Scalar Value, bool IsInteger) : Lowered;

/// <summary>A truth value.</summary>
/// <param name="Value">Whether it is true.</param>
public sealed record BooleanResult(bool Value) : Lowered;

/// <summary>A text.</summary>
/// <param name="Value">The text.</param>
public sealed record TextResult(string Value) : Lowered;

/// <summary>A constant of an enum, or another named constant such as <c>TensorIndex.Ellipsis</c>.</summary>
/// <param name="Type">The type that holds it.</param>
/// <param name="Member">Its name there.</param>
public sealed record EnumResult(string Type, string Member) : Lowered;

/// <summary>What tensors of an element type have as their <c>dtype</c>.</summary>
/// <param name="Element">The element type.</param>
public sealed record ElementTypeResult(ElementType Element) : Lowered;

/// <summary>A range in an index; an open end is null.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends, excluded.</param>
/// <param name="Step">It takes the first of each so many elements; all where null.</param>
public sealed record RangeResult(Lowered? Start, Lowered? End, Lowered? Step = null) : Lowered;

/// <summary>A list: sizes, dimensions, tensors.</summary>
/// <param name="Items">Its items.</param>
public sealed record ListResult(EquatableArray<Lowered> Items) : Lowered;

/// <summary>A list of tensors that lie one behind the other, as a loop has made them.</summary>
/// <param name="Value">The tensors, [count, ...].</param>
public sealed record StackResult(Value Value) : Lowered;

/// <summary>The counter of a loop that is not written out, plus a constant.</summary>
/// <param name="Level">Which of the loops around: 1 is the outermost.</param>
/// <param name="Offset">What is added.</param>
public sealed record CounterResult(int Level, Dim Offset) : Lowered;

/// <summary>A tuple.</summary>
/// <param name="Items">Its items.</param>
public sealed record TupleResult(EquatableArray<Lowered> Items) : Lowered;

/// <summary><c>null</c>, or an argument left out.</summary>
public sealed record NothingResult : Lowered;
