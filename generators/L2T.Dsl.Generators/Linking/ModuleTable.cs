using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Generators.Reading;

namespace L2T.Dsl.Generators.Linking;

/// <summary>All modules that a compilation can refer to; compares by content.</summary>
internal sealed class ModuleTable : IEquatable<ModuleTable>
{
    private readonly EquatableArray<Declared<ModuleSpec>> _own;
    private readonly EquatableArray<ReferencedModule> _referenced;
    private readonly Dictionary<string, ModuleSpec?> _specs = [];
    private readonly Dictionary<string, string> _assemblies = [];

    /// <summary>A table of the modules declared here and of those of references.</summary>
    public ModuleTable(IEnumerable<Declared<ModuleSpec>> own, IEnumerable<ReferencedModule> referenced)
    {
        _own = own.ToEquatableArray();
        _referenced = referenced.ToEquatableArray();
        foreach (var module in _referenced)
        {
            _specs[module.Type] = module.Spec;
            _assemblies[module.Type] = module.Assembly;
        }

        // What the compilation declares hides what a reference brings, as in C#.
        foreach (var module in _own)
        {
            _specs[module.Type] = module.Spec;
            _assemblies.Remove(module.Type);
        }
    }

    /// <summary>Whether there is a module of this name; <paramref name="spec"/> is null where it can't be read.</summary>
    public bool TryGet(string type, out ModuleSpec? spec) => _specs.TryGetValue(type, out spec);

    /// <summary>The assembly that a module comes from; null for this one.</summary>
    public string? Assembly(string type) => _assemblies.TryGetValue(type, out var assembly) ? assembly : null;

    /// <inheritdoc/>
    public bool Equals(ModuleTable? other) => other is not null && _own == other._own && _referenced == other._referenced;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ModuleTable);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((_own.GetHashCode() * 31) + _referenced.GetHashCode());
}
