using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ops;

/// <content>Elements named by integers, and the transposes.</content>
public static partial class BuilderOps
{
    /// <summary>The slices along a dimension that a list names.</summary>
    public static Value IndexSelect(this Builder b, Value x, Value index, int axis) => b.Apply(new IndexSelectOp(axis), x, index);

    /// <summary>Zeros, to whose slices along a dimension those of x are added where a list says.</summary>
    public static Value IndexAdd(this Builder b, Value x, Value index, int axis, Dim size) => b.Apply(new IndexAddOp(axis, size), x, index);

    /// <summary>The elements named along a dimension.</summary>
    public static Value Gather(this Builder b, Value x, Value index, int axis) => b.Apply(new GatherOp(axis), x, index);

    /// <summary>Zeros, to which the elements of x are added where the index says along a dimension.</summary>
    public static Value ScatterAdd(this Builder b, Value x, Value index, int axis, Dim size) => b.Apply(new ScatterAddOp(axis, size), x, index);

    /// <summary>Each label as a row with a one at the label.</summary>
    public static Value OneHot(this Builder b, Value labels, Dim classes) => b.Apply(new OneHotOp(classes), labels);
}
