using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Planning;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Emit;

/// <summary>Writes a fused loop as a static method over strips of memory, for float and double alike.</summary>
internal static class LoopWriter
{
    /// <summary>The constraint on the element type of loops.</summary>
    public const string RealConstraint = "where T : unmanaged, IBinaryFloatingPointIeee754<T>";

    /// <summary>The numbers that the loop's lane forms name; the loop takes them behind rows, columns and periods.</summary>
    public static IReadOnlyList<Scalar> Numbers(FusedStep loop) =>
    [
        .. loop.Equations
            .Select(e => e.Form)
            .SelectMany(form => Template.Holes(form.Lane!).Where(h => h.Kind == HoleKind.Number).Select(h => form.Scalars[h.Index]))
            .Distinct(),
    ];

    /// <summary>The periods of what is read or summed in cycles; the loop takes them behind rows and columns.</summary>
    public static IReadOnlyList<Dim> Periods(FusedStep loop) =>
        [.. loop.Loads.Select(l => l.Period).Concat(loop.Sums.Select(s => SumSplit.Of(s)!.Period)).OfType<Dim>().Distinct()];

    /// <summary>How long the rows are that stretches are taken of; the loop takes them behind the periods.</summary>
    public static IReadOnlyList<Dim> Strides(FusedStep loop) => [.. loop.Loads.Where(l => l.Stride is not null).Select(l => l.Stride!).Distinct()];

    /// <summary>How a loop is shared out among threads, so that each sum, or each part's own, is of one of them: all sums of a loop go the same way.</summary>
    private static string Share(IReadOnlyList<SumSplit> sums) =>
        sums.Count == 0 ? "ByElements"
        : !sums[0].AlongRows ? "BySums"
        : sums[0].Period is null ? "ByRows"
        : "ByCycle";

    /// <summary>Writes the method, headed by the equations that it runs.</summary>
    public static void Write(CodeWriter code, FusedStep loop)
    {
        var numbers = Numbers(loop);
        var loads = loop.Loads.Select((l, i) => (Load: l, Name: "a" + i)).ToArray();
        var stores = loop.Stores.Select((v, i) => (Value: v, Name: "r" + i)).ToArray();
        var sums = loop.Sums.Select((e, i) => (Of: e.Operands[0].Index, Split: SumSplit.Of(e)!, Number: i)).ToArray();
        (string Type, string Name)[] parameters =
        [
            ("long", "rows"),
            ("long", "columns"),
            .. Periods(loop).Select((_, i) => ("long", "p" + i)),
            .. Strides(loop).Select((_, i) => ("long", "q" + i)),
            .. numbers.Select((_, i) => ("double", "s" + i)),
            .. loads.Select(l => ("Strip<T>", l.Name)),
            .. stores.Select(s => ("Strip<T>", s.Name)),
            .. loop.Sums.Select((_, i) => ("Strip<T>", "u" + i)),
        ];
        var signature = string.Join(", ", parameters.Select(p => $"{p.Type} {p.Name}"));
        var cycle = sums.Select(s => s.Split.Period).FirstOrDefault(p => p is not null) is { } period ? "p" + Periods(loop).ToList().IndexOf(period) : null;
        var share = Share(sums.Select(s => s.Split).ToArray());
        foreach (var equation in loop.Equations.Concat(loop.Sums))
        {
            code.Line($"// {equation}");
        }

        var along = share switch
        {
            "ByCycle" => $"rows, columns, {cycle}",
            "BySums" => $"rows, columns, [{string.Join(", ", sums.Select(s => "u" + s.Number))}]",
            _ => "rows, columns",
        };
        var state = string.Join(", ", parameters.Select(p => p.Name));
        code.Line($"private static void Loop{loop.Number}<T>({signature})");
        code.Line($"    {RealConstraint} =>");
        code.Line($"    LoopThreads.{share}({along}, ({state}), static (part, a) => Loop{loop.Number}<T>(part, {string.Join(", ", parameters.Select(p => "a." + p.Name))}));");
        code.Line();
        code.Line($"private static void Loop{loop.Number}<T>(LoopPart part, {signature})");
        using (code.Block("    " + RealConstraint))
        {
            for (var i = 0; i < numbers.Count; i++)
            {
                code.Line($"var c{i} = new Vector<T>(T.CreateChecked(s{i}));");
            }

            Load(LoadPattern.Single, l => $"{l}.Repeat(0)");
            foreach (var sum in sums.Where(s => !s.Split.AlongRows))
            {
                code.Line($"var m{sum.Number} = part.Sum(u{sum.Number}, {sum.Number});");
            }

            if (cycle is null)
            {
                using (code.Block("for (var i = part.FromRow; i < part.ToRow; i++)"))
                {
                    WriteRow("var j = part.FromColumn; j < part.ToColumn");
                }
            }
            else
            {
                using (code.Block($"for (var b = 0L; b < rows; b += {cycle})"))
                using (code.Block("for (var i = b + part.FromRow; i < b + part.ToRow; i++)"))
                {
                    WriteRow("var j = 0L; j < columns");
                }
            }
        }

        void WriteRow(string columns)
        {
            Load(LoadPattern.Column, l => $"{l}.Repeat(i)");
            foreach (var (load, name) in loads.Where(l => l.Load.Pattern == LoadPattern.Cycle))
            {
                code.Line($"var v{load.Value.Index} = {name}.Repeat(i % p{Periods(loop).ToList().IndexOf(load.Period!)});");
            }

            foreach (var sum in sums.Where(s => s.Split.AlongRows))
            {
                code.Line($"var m{sum.Number} = default(LaneSum<T>);");
            }

            using (code.Block($"for ({columns}; j += Vector<T>.Count)"))
            {
                code.Line("var n = columns - j;");
                code.Line("var k = (i * columns) + j;");
                Load(LoadPattern.Row, l => $"{l}.Load(j, n)");
                Load(LoadPattern.Full, l => $"{l}.Load(k, n)");
                foreach (var (load, name) in loads.Where(l => l.Load.Pattern == LoadPattern.Stretch))
                {
                    code.Line($"var v{load.Value.Index} = {name}.Load((i * q{Strides(loop).ToList().IndexOf(load.Stride!)}) + j, n);");
                }

                foreach (var equation in loop.Equations)
                {
                    code.Line($"var v{equation.Result.Index} = {Lane(equation)};");
                }

                foreach (var (value, name) in stores)
                {
                    code.Line($"{name}.Store(k, n, v{value.Index});");
                }

                foreach (var (of, split, number) in sums)
                {
                    code.Line(split.AlongRows ? $"m{number}.Add(n, v{of});" : $"m{number}.Sum(i - part.FromRow, j, n, v{of});");
                }
            }

            foreach (var (_, split, number) in sums.Where(s => s.Split.AlongRows))
            {
                var period = split.Period is null ? "rows" : "p" + Periods(loop).ToList().IndexOf(split.Period);
                code.Line($"u{number}.Sum(i, {period}, m{number}.Total);");
            }
        }

        void Load(LoadPattern pattern, Func<string, string> read)
        {
            foreach (var (load, name) in loads.Where(l => l.Load.Pattern == pattern))
            {
                code.Line($"var v{load.Value.Index} = {read(name)};");
            }
        }

        string Lane(Equation equation)
        {
            var form = equation.Form;
            return Template.Fill(form.Lane!, hole => hole.Kind switch
            {
                HoleKind.Operand => "v" + equation.Operands[hole.Index].Index,
                HoleKind.Number => "c" + numbers.ToList().IndexOf(form.Scalars[hole.Index]),
                _ => throw new InvalidOperationException($"The lane form of {equation.Op} has a hole that only calls have: {hole.Kind}."),
            });
        }
    }
}
