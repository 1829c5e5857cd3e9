using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering;

/// <summary>A module with its constructor parameters known and its tensors bound: what a call of its methods needs.</summary>
/// <param name="Spec">The module as declared.</param>
/// <param name="Scalars">The values of its constructor parameters.</param>
/// <param name="Tensors">Its own tensors by property, without those that its constructor parameters leave out.</param>
/// <param name="Blocks">Its blocks by field; those of an array are one instance, whose tensors are stacked.</param>
/// <param name="Arrays">The arrays whose blocks this is, outermost first.</param>
public sealed record ModuleInstance(
    ModuleSpec Spec,
    IReadOnlyDictionary<string, Scalar> Scalars,
    IReadOnlyDictionary<string, Value> Tensors,
    IReadOnlyDictionary<string, ModuleInstance> Blocks,
    EquatableArray<ArrayLevel> Arrays = default)
{
    /// <summary>The sizes among the constructor parameters.</summary>
    public IReadOnlyDictionary<string, Dim> Sizes => SizesOf(Scalars);

    /// <summary>One block of the outermost array.</summary>
    /// <param name="place">Which.</param>
    /// <param name="element">Its part of a stacked tensor, whose shape depends on the array's <see cref="ArrayLevel.Place"/> where there is one.</param>
    public ModuleInstance Element(Dim place, Func<Value, Shape, Value> element)
    {
        var inner = Arrays.Skip(1).ToEquatableArray();
        var places = new Dictionary<string, Scalar> { [Arrays[0].Place ?? ""] = Scalar.Of(place) };
        return At(this);

        ModuleInstance At(ModuleInstance module)
        {
            var arrays = module.Arrays.Skip(1).ToEquatableArray();
            return module with
            {
                Arrays = arrays,
                Scalars = module.Scalars.ToDictionary(s => s.Key, s => s.Value.Substitute(places)),
                Tensors = module.Tensors.ToDictionary(
                    t => t.Key,
                    t => element(t.Value, ArrayLevel.Stacked(arrays, module.Spec.Tensors.First(m => m.Name == t.Key).Shape.Substitute(module.Sizes))!)),
                Blocks = module.Blocks.ToDictionary(b => b.Key, b => At(b.Value)),
            };
        }
    }

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

        return Instantiate(spec, scalars, "", []);

        ModuleInstance Instantiate(ModuleSpec module, IReadOnlyDictionary<string, Scalar> values, string path, EquatableArray<ArrayLevel> arrays) => new(
            module,
            values,
            module.Tensors.Where(t => t.IsPresent(values) != false).ToDictionary(t => t.Name, t => inputs[path + t.Name]),
            module.Blocks.ToDictionary(
                f => f.Field,
                f => Within(f, modules[f.Block], values, arrays) is var block ? Instantiate(modules[f.Block], block.Scalars, path + f.Field + ".", block.Arrays) : null!),
            arrays);
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

        void Visit(ModuleSpec module, IReadOnlyDictionary<string, Scalar> values, string path, EquatableArray<ArrayLevel> arrays, SourceAnchor? field)
        {
            foreach (var tensor in module.Tensors.Where(t => t.IsPresent(values) != false))
            {
                var single = tensor.Shape.Substitute(SizesOf(values));
                entries.Add(new(
                    path + tensor.Name, tensor, ArrayLevel.Stacked(arrays, single), single, arrays, Quotients(tensor.Shape, SizesOf(values)), field ?? new SourceAnchor(module.Type.Full, tensor.Node)));
            }

            foreach (var block in module.Blocks)
            {
                var within = Within(block, modules[block.Block], values, arrays);
                Visit(modules[block.Block], within.Scalars, path + block.Field + ".", within.Arrays, field ?? new SourceAnchor(module.Type.Full, block.Node));
            }
        }
    }

    /// <summary>What stands in a field: one block, or those of an array.</summary>
    private static (IReadOnlyDictionary<string, Scalar> Scalars, EquatableArray<ArrayLevel> Arrays) Within(
        BlockFieldSpec field, ModuleSpec block, IReadOnlyDictionary<string, Scalar> holder, EquatableArray<ArrayLevel> arrays)
    {
        if (field.Count is not { } number)
        {
            return (Arguments(field, block, holder), arrays);
        }

        var level = new ArrayLevel(number.Substitute(holder).AsDim()!, field.Index is null ? null : Symbols.Place(arrays.Count));
        var values = holder.ToDictionary(h => h.Key, h => h.Value);
        if (level.Place is { } place)
        {
            values[field.Index!] = Scalar.Of(Dim.Symbol(place));
        }

        return (Arguments(field, block, values), [.. arrays, level]);
    }

    /// <summary>Reports what no tensor can be made of: sizes that are quotients with a remainder, where numbers are known, and those of arrays that can't be counted.</summary>
    /// <returns>Whether there is nothing of that kind.</returns>
    public static bool CheckSizes(IReadOnlyList<TensorEntry> layout, ProblemSink problems)
    {
        var wrong = layout.SelectMany(e => e.Quotients.Select(q => (Entry: e, Quotient: q))).Where(w => w.Quotient.HasRemainder).ToArray();
        foreach (var (entry, quotient) in wrong)
        {
            problems.Report(Rules.BadValue, entry.At, entry.Path, quotient.ToString(), "a size must be whole, and this division leaves a remainder; change the size or what it divides");
        }

        var uncounted = layout.FirstOrDefault(e => !e.IsCounted);
        if (uncounted is not null)
        {
            problems.Report(
                Rules.BadValue, uncounted.At, uncounted.Path, uncounted.Single.ToString(),
                "the blocks of an array lie one behind the other, so their sizes must be sums and products of their place, @; no quotients");
        }

        return wrong.Length == 0 && uncounted is null;
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

/// <summary>An array of blocks, whose tensors lie one behind the other in one: along a first dimension or, where their sizes depend on their place, flat.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Place">The name of the place that their sizes depend on; null where they are alike.</param>
public sealed record ArrayLevel(Dim Count, string? Place)
{
    /// <summary>The shape of one tensor of each block of arrays within arrays, outermost first, in one; null where their sizes can't be summed.</summary>
    public static Shape? Stacked(EquatableArray<ArrayLevel> arrays, Shape single) => arrays.Reverse().Aggregate(
        (Shape?)single,
        (shape, array) => shape is null ? null
            : array.Place is null ? new([array.Count, .. shape.Dims])
            : shape.Elements.Sum(array.Place, array.Count) is { } elements ? Shape.Of(elements)
            : null);
}

/// <summary>A tensor of a module or of a block in it.</summary>
/// <param name="Path">Its path, such as <c>_hidden.Weight</c>.</param>
/// <param name="Member">Its declaration.</param>
/// <param name="Stacked">Its shape, over the names of the outermost module; null where it can't be counted.</param>
/// <param name="Single">The shape of one of those that are stacked in it, which may depend on places in <paramref name="Arrays"/>; its own where it is one.</param>
/// <param name="Arrays">The arrays of blocks that it is of, outermost first.</param>
/// <param name="Quotients">The divisions in its declared shape, over the same names.</param>
/// <param name="At">Its declaration, or the outermost module's field that brings it in.</param>
public sealed record TensorEntry(
    string Path, TensorMemberSpec Member, Shape? Stacked, Shape Single, EquatableArray<ArrayLevel> Arrays, EquatableArray<SizeQuotient> Quotients, SourceAnchor At)
{
    /// <summary>Its shape; that of no elements where it can't be counted, which is reported.</summary>
    public Shape Shape => Stacked ?? Shape.Of(0);

    /// <summary>Whether its shape is known.</summary>
    public bool IsCounted => Stacked is not null;

    /// <summary>Whether it holds the tensors of many blocks.</summary>
    public bool IsStacked => Arrays.Count > 0;

    /// <summary>Whether these may differ in shape.</summary>
    public bool IsRagged => Arrays.Any(a => a.Place is not null);
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
