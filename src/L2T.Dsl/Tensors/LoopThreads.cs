using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace L2T.Dsl.Tensors;

/// <summary>A part of a loop over rows and columns.</summary>
/// <param name="FromRow">The first row; in a loop that goes over its rows in cycles, the first of each cycle.</param>
/// <param name="ToRow">Behind the last row.</param>
/// <param name="FromColumn">The first column, where a vector begins.</param>
/// <param name="ToColumn">Behind the last column.</param>
public readonly record struct LoopPart(long FromRow, long ToRow, long FromColumn, long ToColumn)
{
    /// <summary>Where the part has sums of its own, one behind the other; 0 where it adds to the loop's.</summary>
    internal nint Own { get; init; }

    /// <summary>How far they are apart, in elements.</summary>
    internal long Stride { get; init; }

    /// <summary>Where the part sums its rows up.</summary>
    /// <param name="total">The loop's sum.</param>
    /// <param name="number">Its number among the loop's sums.</param>
    public unsafe Strip<T> Sum<T>(Strip<T> total, int number)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Own == 0 ? total : new(Own + (nint)(number * Stride * sizeof(T)));
}

/// <summary>
/// Shares large loops out among the threads that libtorch computes with, as many as <c>torch.get_num_threads()</c> says. They are OpenMP's, which
/// look out for work for a while after they have had some: handing it over costs a microsecond or two, and they are not in each other's way, as they
/// would be in that of other threads. What a part computes does not depend on how many there are, so results are the same bits for any number.
/// </summary>
public static unsafe class LoopThreads
{
    // Elements of a loop that are worth the handing over: some ten microseconds of work.
    private const long Least = 1 << 16;

    // Columns that are a whole cache line of either element type.
    private const long Line = 16;

    // The parts of a loop that sums its rows up: as many for any number of threads, or the sums would be other bits.
    private const int SumParts = 8;

    // Rows of a part that make the adding up of the parts' sums cheap.
    private const long LeastRows = 32;

    private static readonly Lazy<OpenMp?> Team = new(OpenMp.Find);

    /// <summary>Shares a loop by rows, or by columns where there are too few rows.</summary>
    public static void ByElements<TState>(long rows, long columns, TState state, Action<LoopPart, TState> body)
    {
        if (rows * columns < Least || rows >= torch.get_num_threads())
            ByRows(rows, columns, state, body);
        else
            ByColumns(rows, columns, state, body);
    }

    /// <summary>Shares a loop by rows: it sums none but along each row.</summary>
    public static void ByRows<TState>(long rows, long columns, TState state, Action<LoopPart, TState> body) =>
        ByCycle(rows, columns, rows, state, body);

    /// <summary>
    /// Shares a loop that sums its rows up: by rows, each part into sums of its own, so that memory is read from one end to the other; by columns
    /// where there are too few rows.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="totals">The sums, [columns] each.</param>
    /// <param name="state">Handed to <paramref name="body"/>.</param>
    /// <param name="body">Runs a part, and sums to where <see cref="LoopPart.Sum"/> says.</param>
    public static void BySums<T, TState>(long rows, long columns, ReadOnlySpan<Strip<T>> totals, TState state, Action<LoopPart, TState> body)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(body);
        if (rows * columns < Least)
        {
            body(new(0, rows, 0, columns), state);
            return;
        }

        var parts = (int)Math.Min(SumParts, rows / LeastRows);
        if (parts < 2)
            ByColumns(rows, columns, state, body);
        else
            ShareSums(parts, rows, columns, totals, state, body);
    }

    /// <summary>Shares a loop that goes over its rows in cycles by the rows of a cycle: it sums none but rows that are a whole number of cycles apart.</summary>
    public static void ByCycle<TState>(long rows, long columns, long cycle, TState state, Action<LoopPart, TState> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (Parts(rows * columns, cycle) is var parts && parts == 1)
            body(new(0, cycle, 0, columns), state);
        else
            ShareRows(parts, columns, cycle, state, body);
    }

    // Methods of their own: what a lambda captures is made where its method begins, and a small loop should make nothing.
    private static void ShareRows<TState>(int parts, long columns, long cycle, TState state, Action<LoopPart, TState> body) =>
        Run(parts, i => body(new(cycle * i / parts, cycle * (i + 1) / parts, 0, columns), state));

    private static void ShareSums<T, TState>(int parts, long rows, long columns, ReadOnlySpan<Strip<T>> totals, TState state, Action<LoopPart, TState> body)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var stride = LinesOf(columns) * Line;
        var own = totals.Length * stride;
        var sums = ArrayPool<T>.Shared.Rent(checked((int)((parts - 1) * own)));
        fixed (T* pinned = sums)
        {
            var start = (nint)pinned;
            Run(parts, i => body(
                new(rows * i / parts, rows * (i + 1) / parts, 0, columns) { Own = i == 0 ? 0 : start + (nint)((i - 1) * own * sizeof(T)), Stride = stride }, state));
            for (var number = 0; number < totals.Length; number++)
            {
                for (var part = 1; part < parts; part++)
                    totals[number].Add(new Strip<T>(start).Skip(((part - 1) * own) + (number * stride)), columns);
            }
        }

        ArrayPool<T>.Shared.Return(sums);
    }

    // Shares a loop by columns: it sums none but over the rows.
    private static void ByColumns<TState>(long rows, long columns, TState state, Action<LoopPart, TState> body)
    {
        if (Parts(rows * columns, LinesOf(columns)) is var parts && parts == 1)
            body(new(0, rows, 0, columns), state);
        else
            ShareColumns(parts, rows, columns, state, body);
    }

    private static void ShareColumns<TState>(int parts, long rows, long columns, TState state, Action<LoopPart, TState> body)
    {
        var lines = LinesOf(columns);
        Run(parts, i => body(new(0, rows, lines * i / parts * Line, Math.Min(columns, lines * (i + 1) / parts * Line)), state));
    }

    private static long LinesOf(long columns) => (columns + Line - 1) / Line;

    private static int Parts(long elements, long most) =>
        elements < Least || Team.Value is null ? 1 : (int)Math.Clamp(Math.Min(torch.get_num_threads(), most), 1, int.MaxValue);

    private static void Run(int parts, Action<int> part)
    {
        if (Team.Value is null || torch.get_num_threads() == 1)
        {
            for (var i = 0; i < parts; i++)
                part(i);
            return;
        }

        var job = new Job(parts, part);
        var handle = GCHandle.Alloc(job);
        try
        {
            Team.Value!.Parallel(&Take, GCHandle.ToIntPtr(handle), (uint)Math.Min(parts, torch.get_num_threads()), 0);
        }
        finally
        {
            handle.Free();
        }

        job.RethrowFault();
    }

    // On each thread of the team, which may be smaller than was asked for.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Take(nint handle)
    {
        var job = (Job)GCHandle.FromIntPtr(handle).Target!;
        job.Take(Team.Value!.ThreadNumber(), Team.Value.TeamSize());
    }

    private sealed class Job(int parts, Action<int> part)
    {
        private Exception? _fault;

        public void Take(int thread, int threads)
        {
            try
            {
                for (var i = thread; i < parts; i += threads)
                    part(i);
            }
            catch (Exception e)
            {
                // It must not pass through native frames.
                _fault = e;
            }
        }

        public void RethrowFault()
        {
            if (_fault is { } fault)
                throw new InvalidOperationException("A shared loop failed.", fault);
        }
    }

    /// <summary>The OpenMP runtime that libtorch was linked with, by the entry point that compilers call for a parallel region.</summary>
    private sealed class OpenMp(nint parallel, nint threadNumber, nint teamSize)
    {
        public delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<nint, void>, nint, uint, uint, void> Parallel { get; } =
            (delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<nint, void>, nint, uint, uint, void>)parallel;

        public delegate* unmanaged[Cdecl]<int> ThreadNumber { get; } = (delegate* unmanaged[Cdecl]<int>)threadNumber;

        public delegate* unmanaged[Cdecl]<int> TeamSize { get; } = (delegate* unmanaged[Cdecl]<int>)teamSize;

        /// <summary>Finds it among what libtorch depends on; null where that is another one, and loops stay on one thread.</summary>
        public static OpenMp? Find() =>
            NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out var library)
            && NativeLibrary.TryGetExport(library, "GOMP_parallel", out var parallel)
            && NativeLibrary.TryGetExport(library, "omp_get_thread_num", out var threadNumber)
            && NativeLibrary.TryGetExport(library, "omp_get_num_threads", out var teamSize)
                ? new(parallel, threadNumber, teamSize)
                : null;
    }
}
