using System.Globalization;
using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering;

/// <summary>A module with its constructor parameters known and its tensors bound: what a call of its methods needs.</summary>
/// <param name="Spec">The module as declared.</param>
/// <param name="Scalars">The values of its constructor parameters.</param>
/// <param name="Tensors">Its own tensors by property, without those that its constructor parameters leave out.</param>
/// <param name="Blocks">Its blocks by field; those of an array of blocks that differ by field and place, such as <c>_layers[2]</c>.</param>
/// <param name="Count">Of blocks that are alike, how many; each of their tensors is stacked then, [Count, ...].</param>
public sealed record ModuleInstance(
    ModuleSpec Spec,
    IReadOnlyDictionary<string, Scalar> Scalars,
    IReadOnlyDictionary<string, Value> Tensors,
    IReadOnlyDictionary<string, ModuleInstance> Blocks,
    Dim? Count = null)
{
    /// <summary>The sizes among the constructor parameters.</summary>
    public IReadOnlyDictionary<string, Dim> Sizes => SizesOf(Scalars);

    /// <summary>One of blocks that are alike.</summary>
    /// <param name="element">Its element of a stacked tensor.</param>
    public ModuleInstance Element(Func<Value, Value> element) => this with
    {
        Count = null,
        Tensors = Tensors.ToDictionary(t => t.Key, t => element(t.Value)),
        Blocks = Blocks.ToDictionary(b => b.Key, b => b.Value.Element(element) with { Count = b.Value.Count }),
    };

    /// <summary>Makes an instance: each tensor of its layout becomes an input of the program.</summary>
    /// <param name="b">Takes the inputs.</param>
    /// <param name="role">The role of those that are no buffers.</param>
    /// <param name="spec">The module.</param>
    /// <param name="scalars">The values of its constructor parameters.</param>
    /// <param name="modules">The modules by type name.</param>
    public static ModuleInstance Create(Builder b, InputRole role, ModuleSpec spec, IReadOnlyDictionary<string, Scalar> scalars, IReadOnlyDictionary<string, ModuleSpec> modules)
    {
        var inputs = Layout(spec, scalars, modules).ToDictionary(e => e.Path, e => b.Input(e.Path, role, TensorType.Real(e.Shape)));
        foreach (var buffer in Buffers(spec, scalars, modules))
        {
            inputs[buffer.Path] = b.Input(buffer.Path, InputRole.Buffer, TensorType.Real(buffer.Shape));
        }

        return Instantiate(spec, scalars, "", null);

        ModuleInstance Instantiate(ModuleSpec module, IReadOnlyDictionary<string, Scalar> values, string path, Dim? count) => new(
            module,
            values,
            module.Tensors.Where(t => t.IsPresent(values) != false).ToDictionary(t => t.Name, t => inputs[path + t.Name]),
            module.Blocks.SelectMany(f => Places(f, modules[f.Block], values)).ToDictionary(p => p.Path, p => Instantiate(p.Module, p.Scalars, path + p.Path + ".", p.Count)),
            count);
    }

    /// <summary>The tensors of a module and its blocks that are no buffers, own ones first, then depth first by field.</summary>
    public static IReadOnlyList<TensorEntry> Layout(ModuleSpec spec, IReadOnlyDictionary<string, Scalar> scalars, IReadOnlyDictionary<string, ModuleSpec> modules) =>
        [.. Entries(spec, scalars, modules).Where(e => !e.Member.IsBuffer)];

    /// <summary>The buffers of a module and its blocks, in the same order.</summary>
    public static IReadOnlyList<TensorEntry> Buffers(ModuleSpec spec, IReadOnlyDictionary<string, Scalar> scalars, IReadOnlyDictionary<string, ModuleSpec> modules) =>
        [.. Entries(spec, scalars, modules).Where(e => e.Member.IsBuffer)];

    private static List<TensorEntry> Entries(ModuleSpec spec, IReadOnlyDictionary<string, Scalar> scalars, IReadOnlyDictionary<string, ModuleSpec> modules)
    {
        var entries = new List<TensorEntry>();
        Visit(spec, scalars, "", [], null);
        return entries;

        void Visit(ModuleSpec module, IReadOnlyDictionary<string, Scalar> values, string path, EquatableArray<Dim> stacked, SourceAnchor? field)
        {
            foreach (var tensor in module.Tensors.Where(t => t.IsPresent(values) != false))
            {
                var single = tensor.Shape.Substitute(SizesOf(values));
                entries.Add(new(
                    path + tensor.Name, tensor, new([.. stacked, .. single.Dims]), single, Quotients(tensor.Shape, SizesOf(values)), field ?? new SourceAnchor(module.Type.Full, tensor.Node)));
            }

            foreach (var block in module.Blocks)
            {
                foreach (var place in Places(block, modules[block.Block], values))
                {
                    Visit(
                        place.Module, place.Scalars, path + place.Path + ".", place.Count is { } count ? [.. stacked, count] : stacked, field ?? new SourceAnchor(module.Type.Full, block.Node));
                }
            }
        }
    }

    /// <summary>What stands in a field: one block, many that are alike, or each of those that differ.</summary>
    private static IEnumerable<(string Path, ModuleSpec Module, IReadOnlyDictionary<string, Scalar> Scalars, Dim? Count)> Places(
        BlockFieldSpec field, ModuleSpec block, IReadOnlyDictionary<string, Scalar> holder)
    {
        if (field is not { Count: { } number, Index: { } index })
        {
            return [(field.Field, block, Arguments(field, block, holder), field.Count?.Substitute(holder).AsDim())];
        }

        // A number that is known late is reported where the blocks are called.
        var count = (int)(number.Substitute(holder).Value ?? 0);
        return Enumerable.Range(0, count).Select(i =>
        {
            var values = holder.ToDictionary(h => h.Key, h => h.Value);
            values[index] = i;
            return (PathOf(field.Field, i), block, Arguments(field, block, values), (Dim?)null);
        });
    }

    /// <summary>The place of a block in an array of blocks that differ.</summary>
    public static string PathOf(string field, int index) => $"{field}[{index.ToString(CultureInfo.InvariantCulture)}]";

    /// <summary>Reports sizes that are quotients with a remainder, where numbers are known.</summary>
    /// <returns>Whether there are none.</returns>
    public static bool CheckQuotients(IReadOnlyList<TensorEntry> layout, ProblemSink problems)
    {
        var wrong = layout.SelectMany(e => e.Quotients.Select(q => (Entry: e, Quotient: q))).Where(w => w.Quotient.HasRemainder).ToArray();
        foreach (var (entry, quotient) in wrong)
        {
            problems.Report(Rules.BadValue, entry.At, entry.Path, quotient.ToString(), "a size must be whole, and this division leaves a remainder; change the size or what it divides");
        }

        return wrong.Length == 0;
    }

    private static EquatableArray<SizeQuotient> Quotients(Shape shape, IReadOnlyDictionary<string, Dim> sizes) =>
        shape.Dims.SelectMany(d => d.Quotients).Select(q => new SizeQuotient(q.Numerator.Substitute(sizes), q.Denominator.Substitute(sizes))).ToEquatableArray();

    private static IReadOnlyDictionary<string, Scalar> Arguments(BlockFieldSpec field, ModuleSpec block, IReadOnlyDictionary<string, Scalar> holder) =>
        block.Scalars.ToDictionary(
            s => s.Name,
            s => field.Arguments.FirstOrDefault(a => a.Parameter == s.Name)?.Value.Substitute(holder) ?? s.Default ?? Scalar.Named(s.Name));

    private static IReadOnlyDictionary<string, Dim> SizesOf(IReadOnlyDictionary<string, Scalar> scalars) =>
        scalars.Where(s => s.Value.AsDim() is not null).ToDictionary(s => s.Key, s => s.Value.AsDim()!);
}

/// <summary>A tensor of a module or of a block in it.</summary>
/// <param name="Path">Its path, such as <c>_hidden.Weight</c>.</param>
/// <param name="Member">Its declaration.</param>
/// <param name="Shape">Its shape, over the names of the outermost module.</param>
/// <param name="Single">The shape of one of those that are stacked in it; its own where it is one.</param>
/// <param name="Quotients">The divisions in its declared shape, over the same names.</param>
/// <param name="At">Its declaration, or the outermost module's field that brings it in.</param>
public sealed record TensorEntry(string Path, TensorMemberSpec Member, Shape Shape, Shape Single, EquatableArray<SizeQuotient> Quotients, SourceAnchor At)
{
    /// <summary>Whether it holds the tensors of many blocks that are alike.</summary>
    public bool IsStacked => Shape.Rank > Single.Rank;
}

/// <summary>A division in a declared size, which must leave no remainder.</summary>
/// <param name="Numerator">What is divided.</param>
/// <param name="Denominator">By what.</param>
public sealed record SizeQuotient(Dim Numerator, Dim Denominator)
{
    /// <summary>Whether both are known and the division leaves a remainder.</summary>
    public bool HasRemainder => Numerator.Value is { } n && Denominator.Value is { } d && (d == 0 || n % d != 0);

    /// <inheritdoc/>
    public override string ToString() => $"{Numerator}/{Denominator}";
}
