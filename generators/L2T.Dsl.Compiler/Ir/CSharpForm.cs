using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ir;

/// <summary>
/// The ways an op can be written in C#. Holes: <c>{0}</c>, <c>{1}</c> ... the operands; <c>{r}</c> the buffer of the
/// result; <c>{t}</c> a tensor added to; <c>{s0}</c>, <c>{s1}</c> ... the numbers of <see cref="Scalars"/>;
/// <c>{d0}</c>, <c>{d1}</c> ... the sizes of <see cref="Dims"/>; <c>{shape}</c> the result's sizes, comma-separated.
/// The emitter picks the leanest way that the plan allows.
/// </summary>
/// <param name="Fresh">An expression that allocates the result, or (see <see cref="IsView"/>) a view of the operand.</param>
public sealed record CSharpForm(string Fresh)
{
    /// <summary>Whether <see cref="Fresh"/> is a view that shares the first operand's memory and costs nothing to keep.</summary>
    public bool IsView { get; init; }

    /// <summary>
    /// Whether it is a view only of a contiguous operand, contiguous itself then; of another one, <see cref="Fresh"/>
    /// copies. Views without this have a layout of their own.
    /// </summary>
    public bool KeepsLayout { get; init; }

    /// <summary>A statement that overwrites operand 0 with the result; it may read the other operands.</summary>
    public string? InPlace { get; init; }

    /// <summary>A statement that overwrites operand 1 with the result.</summary>
    public string? InPlaceRight { get; init; }

    /// <summary>A statement that writes the result into <c>{r}</c> without reading it.</summary>
    public string? Into { get; init; }

    /// <summary>
    /// Whether <see cref="Into"/> makes the result elsewhere, as <see cref="Fresh"/> does, and copies it: what need not lie in one place is
    /// better left where it was made.
    /// </summary>
    public bool IntoCopies { get; init; }

    /// <summary>A statement that adds the result to <c>{t}</c> without materialising it.</summary>
    public string? Accumulate { get; init; }

    /// <summary>
    /// For pointwise ops: an expression over vector lanes, for loops that fuse several ops
    /// (<c>{0}</c>... are <c>Vector&lt;T&gt;</c> values, <c>{s0}</c>... broadcast numbers). Null where there is none.
    /// </summary>
    public string? Lane { get; init; }

    /// <summary>Whether <see cref="Lane"/> takes longer than reading the result from memory: it is not computed twice.</summary>
    public bool IsLaneDear { get; init; }

    /// <summary>The numbers that fill <c>{s0}</c>...</summary>
    public EquatableArray<Scalar> Scalars { get; init; }

    /// <summary>The sizes that fill <c>{d0}</c>...</summary>
    public EquatableArray<Dim> Dims { get; init; }
}
