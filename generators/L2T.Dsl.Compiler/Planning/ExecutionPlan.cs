using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Planning;

/// <summary>What is to be emitted, decided: the order, the groups, where each value lives and until when.</summary>
/// <param name="Kernel">The kernel planned.</param>
/// <param name="Steps">What a run does, in order.</param>
/// <param name="Places">Where each value lives; values inside a fused group that never leave it have none.</param>
/// <param name="Slots">The sizes of the buffers, in elements; several values share one when their lives do not overlap.</param>
/// <param name="Kept">The values of the kept region, in order.</param>
public sealed record ExecutionPlan(
    KernelProgram Kernel,
    EquatableArray<PlanStep> Steps,
    IReadOnlyDictionary<Value, Place> Places,
    EquatableArray<BufferSlot> Slots,
    EquatableArray<Value> Kept);

/// <summary>A buffer of the kernel's workspace.</summary>
/// <param name="Elements">Its size.</param>
/// <param name="Element">Its element type.</param>
public sealed record BufferSlot(Dim Elements, ElementType Element);

/// <summary>Where a value lives.</summary>
public abstract record Place
{
    /// <summary>Whether it is there from one run to the next, so that views of it can be made with the kernel.</summary>
    public virtual bool IsPersistent => true;
}

/// <summary>In a slot of a block given to the kernel.</summary>
public sealed record BlockPlace(string Block, int Slot) : Place;

/// <summary>In an argument of the run.</summary>
public sealed record ArgumentPlace(string Name) : Place
{
    /// <inheritdoc/>
    public override bool IsPersistent => false;
}

/// <summary>In a buffer of the workspace.</summary>
public sealed record BufferPlace(int Slot) : Place;

/// <summary>In the kept region.</summary>
public sealed record KeptPlace(int Position) : Place;

/// <summary>A view of another value, made once with the kernel (<paramref name="Persistent"/>) or in each run.</summary>
public sealed record ViewPlace(Value Of, bool Persistent) : Place
{
    /// <inheritdoc/>
    public override bool IsPersistent => Persistent;
}

/// <summary>A tensor that the run allocates and disposes at its last use.</summary>
public sealed record TemporaryPlace : Place
{
    /// <inheritdoc/>
    public override bool IsPersistent => false;
}

/// <summary>A step of a run.</summary>
/// <param name="Disposed">The temporaries whose last use it is.</param>
public abstract record PlanStep(EquatableArray<Value> Disposed);

/// <summary>One op, one call.</summary>
public sealed record CallStep(Equation Equation, CallForm Form, EquatableArray<Value> Disposed) : PlanStep(Disposed);

/// <summary>Several pointwise ops in one loop over rows and columns; nothing between them touches memory.</summary>
/// <param name="Number">Its number in the kernel.</param>
/// <param name="Rows">The size of the outer loop.</param>
/// <param name="Columns">The size of the inner, vectorised loop.</param>
/// <param name="Equations">The ops.</param>
/// <param name="Loads">What is read.</param>
/// <param name="Stores">The results that are used later.</param>
public sealed record FusedStep(
    int Number,
    Dim Rows,
    Dim Columns,
    EquatableArray<Equation> Equations,
    EquatableArray<Load> Loads,
    EquatableArray<Value> Stores,
    EquatableArray<Value> Disposed) : PlanStep(Disposed);

/// <summary>An operand of a fused loop.</summary>
/// <param name="Value">The value as the equations name it.</param>
/// <param name="Source">The value whose memory is read; for a broadcast one, what was broadcast.</param>
/// <param name="Pattern">How it is read.</param>
public sealed record Load(Value Value, Value Source, LoadPattern Pattern)
{
    /// <summary>For <see cref="LoadPattern.Cycle"/>, after how many rows it begins again.</summary>
    public Dim? Period { get; init; }
}

/// <summary>How an operand varies over the loop.</summary>
public enum LoadPattern
{
    /// <summary>An element for each row and column.</summary>
    Full,

    /// <summary>An element for each column, the same in all rows.</summary>
    Row,

    /// <summary>An element for each row, the same in all columns.</summary>
    Column,

    /// <summary>As <see cref="Column"/>, but over and over again: a channel's number for each image. The load says how many there are.</summary>
    Cycle,

    /// <summary>One element.</summary>
    Single,
}

/// <summary>Hands an output over.</summary>
/// <param name="Value">The output.</param>
/// <param name="Sink">Where it goes.</param>
/// <param name="Direct">The op that adds to the sink itself, so that the output never exists; null if it exists.</param>
public sealed record SinkStep(Value Value, Sink Sink, Equation? Direct, EquatableArray<Value> Disposed) : PlanStep(Disposed);

/// <summary>The way a call is written; see <see cref="CSharpForm"/>.</summary>
public enum CallForm
{
    /// <summary>Into a buffer.</summary>
    Into,

    /// <summary>Over operand 0.</summary>
    InPlace,

    /// <summary>Over operand 1.</summary>
    InPlaceRight,

    /// <summary>As a new tensor, or a view made in the run.</summary>
    Fresh,

    /// <summary>A view made with the kernel: nothing to do in the run.</summary>
    Prepared,
}
