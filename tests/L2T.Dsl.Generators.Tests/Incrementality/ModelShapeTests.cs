using System.Reflection;
using L2T.Dsl.Compiler;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Generators.Linking;
using L2T.Dsl.Generators.Reading;
using L2T.Dsl.Generators.Reporting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace L2T.Dsl.Generators.Tests.Incrementality;

/// <summary>
/// What the pipeline caches holds nothing of Roslyn, at any depth, and compares by content: one symbol or location in a
/// model keeps a whole compilation alive and makes every step run again.
/// </summary>
public sealed class ModelShapeTests
{
    /// <summary>The types whose values flow between cached steps.</summary>
    private static readonly Type[] Roots =
    [
        typeof(Declared<ModuleSpec>), typeof(Declared<TeacherSpec>), typeof(Declared<ExperimentSpec>), typeof(ReferencedModule), typeof(ModuleTable),
        typeof(Linked<ModuleUnit>), typeof(Linked<TeacherUnit>), typeof(Linked<ExperimentUnit>), typeof(CompiledUnit), typeof(UnitProblems),
    ];

    private static readonly Type[] Forbidden = [typeof(Compilation), typeof(ISymbol), typeof(SyntaxNode), typeof(SyntaxTree), typeof(SyntaxReference), typeof(SemanticModel), typeof(IOperation), typeof(Location), typeof(SourceText), typeof(NodeLocations)];

    [Fact]
    public void Models_hold_nothing_of_roslyn()
    {
        var types = Reachable();

        // The walk found the specs, so it can not pass for nothing.
        Assert.Contains(typeof(ModuleSpec), types);
        Assert.Contains(typeof(Compiler.Specs.Bodies.CallExpression), types);
        Assert.Contains(typeof(Problem), types);
        Assert.True(types.Count > 50, $"{types.Count} types");
        Assert.All(types, type => Assert.DoesNotContain(Forbidden, forbidden => forbidden.IsAssignableFrom(type)));
        Assert.All(types, type => Assert.False(type.Namespace?.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) ?? false, type.FullName));
    }

    [Fact]
    public void Models_compare_by_content()
    {
        foreach (var type in Reachable().Where(t => t.Assembly == typeof(ModuleSpec).Assembly || t.Assembly == typeof(L2TGenerator).Assembly))
        {
            // Arrays stand inside types that compare them by element.
            if (type.IsEnum || type.IsAbstract || type.IsArray)
            {
                continue;
            }

            var equals = type.GetMethod(nameof(Equals), [typeof(object)])!;
            Assert.True(equals.DeclaringType != typeof(object) && equals.DeclaringType != typeof(ValueType), $"{type} compares by reference");
        }
    }

    [Fact]
    public void Models_can_not_be_changed()
    {
        var specs = Reachable().Where(t => t.Namespace?.StartsWith("L2T.Dsl.Compiler.Specs", StringComparison.Ordinal) ?? false);

        Assert.All(specs.SelectMany(Fields), field => Assert.True(field.IsInitOnly || field.DeclaringType!.IsEnum, $"{field.DeclaringType}.{field.Name}"));
    }

    [Fact]
    public void The_walk_finds_what_is_forbidden()
    {
        var types = Reachable(typeof(Reading<ModuleSpec>));

        Assert.Contains(typeof(NodeLocations), types);
        Assert.Contains(types, typeof(SyntaxTree).IsAssignableFrom);
        Assert.Contains(types, typeof(Location).IsAssignableFrom);
    }

    /// <summary>All types of fields at any depth, type arguments, elements of arrays and derived types included.</summary>
    private static HashSet<Type> Reachable(params Type[] roots)
    {
        var seen = new HashSet<Type>();
        var pending = new Queue<Type>(roots.Length == 0 ? Roots : roots);
        while (pending.TryDequeue(out var type))
        {
            if (!seen.Add(type) || type.IsPrimitive || type == typeof(string))
            {
                continue;
            }

            foreach (var argument in type.GetGenericArguments())
            {
                pending.Enqueue(argument);
            }

            if (type.HasElementType)
            {
                pending.Enqueue(type.GetElementType()!);
            }

            // Framework types are seen through their type arguments.
            if (type.Assembly != typeof(ModuleSpec).Assembly && type.Assembly != typeof(L2TGenerator).Assembly)
            {
                continue;
            }

            foreach (var field in Fields(type))
            {
                pending.Enqueue(field.FieldType);
            }

            foreach (var derived in type.Assembly.GetTypes().Where(t => t != type && type.IsAssignableFrom(t) && !t.ContainsGenericParameters))
            {
                pending.Enqueue(derived);
            }
        }

        return seen;
    }

    private static IEnumerable<FieldInfo> Fields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
}
