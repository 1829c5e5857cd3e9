using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Loops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Planning;

/// <summary>What is to be emitted, decided: the order, the groups, where each value lives and until when.</summary>
/// <param name="Kernel">The kernel planned.</param>
/// <param name="Steps">What a run does, in order.</param>
/// <param name="Places">Where each value lives; values inside a fused group that never leave it have none.</param>
/// <param name="Slots">The buffers of the workspace, those of loops' bodies among them; buffers whose lives do not overlap may share memory.</param>
/// <param name="Kept">What is kept for the hyper step, in order: by a kernel that keeps it, or for one that is given it.</param>
public sealed record ExecutionPlan(
    KernelProgram Kernel,
    EquatableArray<PlanStep> Steps,
    IReadOnlyDictionary<Value, Place> Places,
    EquatableArray<BufferSlot> Slots,
    EquatableArray<Value> Kept);

/// <summary>
/// A buffer of the workspace, and when it is in use. A plan's time goes on by one with each step, and by as much as its body takes with
/// a loop: what a body needs lies within the time of its loop, and all of a kernel's buffers are laid out together.
/// </summary>
/// <param name="Elements">Its size.</param>
/// <param name="First">When it is first written.</param>
/// <param name="Last">When it is read or written for the last time.</param>
public sealed record BufferSlot(Dim Elements, int First, int Last);

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

/// <summary>In the region of what the kernel keeps.</summary>
public sealed record KeptPlace(int Position) : Place;

/// <summary>A view of another value, made once with the kernel (<paramref name="Persistent"/>) or in each run.</summary>
public sealed record ViewPlace(Value Of, bool Persistent) : Place
{
    /// <inheritdoc/>
    public override bool IsPersistent => Persistent;
}

/// <summary>In a buffer of the workspace that holds the states of a loop's carry, one behind the other.</summary>
/// <param name="Slot">The buffer.</param>
/// <param name="States">What is in it.</param>
/// <param name="Part">Which of the states.</param>
public sealed record StatesPlace(int Slot, CarryStates States, StatesPart Part) : Place;

/// <summary>In the body of a loop: a tensor from outside, the same in every iteration.</summary>
/// <param name="Name">Its name in the loop.</param>
/// <param name="Persistent">Whether it is given to the loop once and for all; else to each run.</param>
public sealed record GivenPlace(string Name, bool Persistent) : Place
{
    /// <inheritdoc/>
    public override bool IsPersistent => Persistent;
}

/// <summary>In the body of a loop: an element, by the iteration, of what lies outside.</summary>
/// <param name="Of">The name of the carry, sequence or stack in the loop.</param>
/// <param name="States">For a carry, how its states lie; null for a sequence or a stack.</param>
/// <param name="Part">Of a carry's states, the one found or the next.</param>
/// <param name="Prepared">Whether views of all elements are made with the kernel; else each iteration makes its own.</param>
public sealed record ElementPlace(string Of, CarryStates? States, StatesPart Part, bool Prepared) : Place
{
    /// <inheritdoc/>
    public override bool IsPersistent => false;
}

/// <summary>How the states of a loop's carry lie in memory.</summary>
/// <param name="Length">The number of iterations.</param>
/// <param name="Reversed">Whether the last iteration comes first; then the states lie the other way round too.</param>
/// <param name="Turns">How many take turns: two, or one where each iteration writes the next over the one found. Null where all states stay.</param>
public sealed record CarryStates(Dim Length, bool Reversed, int? Turns)
{
    /// <summary>How many states there is room for.</summary>
    public Dim Count => Turns ?? Length + 1;
}

/// <summary>Some of the states of a carry.</summary>
public enum StatesPart
{
    /// <summary>The first: what the first iteration finds.</summary>
    First,

    /// <summary>The last: what the loop gives.</summary>
    Last,

    /// <summary>What each iteration finds.</summary>
    Found,

    /// <summary>What each iteration hands on.</summary>
    Next,
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
/// <param name="Equations">The ops; what an earlier loop computed may be computed again.</param>
/// <param name="Loads">What is read.</param>
/// <param name="Stores">The results that are used later.</param>
/// <param name="Sums">Sums over the rows of results, taken as these come by.</param>
public sealed record FusedStep(
    int Number,
    Dim Rows,
    Dim Columns,
    EquatableArray<Equation> Equations,
    EquatableArray<Load> Loads,
    EquatableArray<Value> Stores,
    EquatableArray<Equation> Sums,
    EquatableArray<Value> Disposed) : PlanStep(Disposed);

/// <summary>An operand of a fused loop.</summary>
/// <param name="Value">The value as the equations name it.</param>
/// <param name="Source">The value whose memory is read; for a broadcast one, what was broadcast.</param>
/// <param name="Pattern">How it is read.</param>
public sealed record Load(Value Value, Value Source, LoadPattern Pattern)
{
    /// <summary>For <see cref="LoadPattern.Cycle"/>, after how many rows it begins again.</summary>
    public Dim? Period { get; init; }

    /// <summary>For <see cref="LoadPattern.Stretch"/>, how long the rows of the source are.</summary>
    public Dim? Stride { get; init; }

    /// <summary>For <see cref="LoadPattern.Stretch"/>, where the stretch begins in the first row.</summary>
    public Dim? Offset { get; init; }
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

    /// <summary>An element for each row and column, where rows are stretches of the longer rows of the source.</summary>
    Stretch,
}

/// <summary>A loop with carried state.</summary>
/// <param name="Number">Its number in the kernel.</param>
/// <param name="Equation">The loop.</param>
/// <param name="Body">What an iteration does.</param>
/// <param name="FirstSlot">Where the body's buffers begin among those of the plan around.</param>
/// <param name="States">Where the states of each carry lie.</param>
public sealed record RepeatStep(
    int Number, Equation Equation, ExecutionPlan Body, int FirstSlot, EquatableArray<StatesPlace> States, EquatableArray<Value> Disposed) : PlanStep(Disposed)
{
    /// <summary>The loop's op.</summary>
    public LoopOp Loop => (LoopOp)Equation.Op;
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
