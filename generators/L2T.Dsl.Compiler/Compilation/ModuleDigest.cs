using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Compiler.Specs.Text;

namespace L2T.Dsl.Compiler.Compilation;

/// <summary>
/// Digests of specs, by which a teaching that goes on tells whether it is still the same. Names, initial values and bodies count; comments,
/// layout and places in the source do not.
/// </summary>
internal static class ModuleDigest
{
    private const int Bytes = 8;

    /// <summary>The modules that decide the numbers of a teaching, by name; baselines do not.</summary>
    public static IReadOnlyList<(string Module, string Digest)> OfTeaching(ExperimentUnit unit)
    {
        var modules = unit.Modules.ToDictionary(m => m.Type.Full);
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add(modules[unit.Experiment.Student.Full]);
        Add(modules[unit.Experiment.Metric.Full]);
        Add(modules[unit.Teacher.LossForm]);
        if (unit.Experiment.Mixture is { } mixture)
        {
            Add(modules[mixture.Loss.Full]);
            digests["CrossEntropyShare"] = mixture.Share.ToString("R", CultureInfo.InvariantCulture);
        }

        var teacher = new StringBuilder()
            .Append(unit.Teacher.LossForm).Append(' ').Append(unit.Teacher.Slots.ToString(CultureInfo.InvariantCulture));
        foreach (var feature in unit.Teacher.Features)
        {
            teacher.Append('\n').Append(feature.Method).Append(' ').Append(feature.Size.ToString(CultureInfo.InvariantCulture)).Append(' ').Append(feature.Source);
        }

        if (unit.Teacher.Body is { } body)
        {
            AddBlocks(body);
            teacher.Append('\n').Append(SpecPrinter.Print(body));
        }

        digests[unit.Teacher.Type.Full] = Of(teacher.ToString());
        return [.. digests.Select(d => (d.Key, d.Value))];

        void Add(ModuleSpec module)
        {
            if (!digests.ContainsKey(module.Type.Full))
            {
                digests[module.Type.Full] = Of(SpecPrinter.Print(module));
                AddBlocks(module);
            }
        }

        void AddBlocks(ModuleSpec module)
        {
            foreach (var field in module.Blocks)
            {
                Add(modules[field.Block]);
            }
        }
    }

    /// <summary>A module with all its blocks.</summary>
    public static string Of(ModuleSpec module, IReadOnlyDictionary<string, ModuleSpec> modules)
    {
        var text = new StringBuilder();
        Append(module);
        return Of(text.ToString());

        void Append(ModuleSpec part)
        {
            text.Append(SpecPrinter.Print(part)).Append('\n');
            foreach (var field in part.Blocks)
            {
                Append(modules[field.Block]);
            }
        }
    }

    private static string Of(string text)
    {
        using var sha = SHA256.Create();
        return string.Concat(sha.ComputeHash(Encoding.UTF8.GetBytes(text)).Take(Bytes).Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
    }
}
