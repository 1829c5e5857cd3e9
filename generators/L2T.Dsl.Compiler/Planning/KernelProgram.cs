using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Planning;

/// <summary>A program with what becomes of each output: what is planned and emitted as one kernel.</summary>
/// <param name="Program">The program.</param>
/// <param name="Sinks">One for each output, in order.</param>
public sealed record KernelProgram(Program Program, EquatableArray<Sink> Sinks)
{
    /// <summary>The known floating-point operations of a run: those of the program, and 1 for each element that is added to a block.</summary>
    public Dim Flops => Program.Outputs
        .Where((_, i) => Sinks[i].Kind == SinkKind.Add)
        .Aggregate(Program.Flops, (total, output) => total + output.Value.Shape.Elements);
}

/// <summary>What becomes of an output.</summary>
/// <param name="Kind">The way it leaves.</param>
/// <param name="Target">The property that exposes it, or the block that takes it.</param>
/// <param name="Slot">The slot of the block; the position among the kept values.</param>
public sealed record Sink(SinkKind Kind, string Target, int Slot)
{
    /// <summary>The output's name in printed programs.</summary>
    public override string ToString() => Kind == SinkKind.Expose ? Target : $"{Target}[{Slot}]";
}

/// <summary>The way an output leaves a kernel.</summary>
public enum SinkKind
{
    /// <summary>Readable until the next run, as a property.</summary>
    Expose,

    /// <summary>Added to a slot of a block.</summary>
    Add,

    /// <summary>Written over a slot of a block.</summary>
    Write,

    /// <summary>Left in the kept region, for the hyper step.</summary>
    Keep,

    /// <summary>In the body of a loop: what a carry becomes.</summary>
    Next,

    /// <summary>In the body of a loop: the iteration's element of a stack.</summary>
    Element,

    /// <summary>In the body of a loop: added to what all iterations sum up.</summary>
    Sum,
}
