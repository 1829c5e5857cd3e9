using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Lowering;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Compilation;

/// <summary>The student's forward pass.</summary>
internal static class StudentProgram
{
    /// <summary>Writes w, x -> output.</summary>
    /// <returns>The student's instance and output; null where a problem was reported.</returns>
    public static (ModuleInstance Student, Value Output)? Lower(
        Builder b,
        Lowerer lowerer,
        ModuleSpec student,
        IReadOnlyDictionary<string, ModuleSpec> modules,
        ProblemSink problems)
    {
        var entry = student.Entry;
        if (entry.Parameters[0].Type is not { } input)
        {
            return null;
        }

        foreach (var free in input.Shape.Dims.SelectMany(d => d.Symbols).Where(s => s != Symbols.Batch && student.Scalars.All(p => p.Name != s)))
        {
            var advice = input.Shape.Rank > 0 && input.Shape[0].AsSymbol == free
                ? $"the number of examples in a batch is called '{Symbols.Batch}': write \"{Symbols.Batch}\" in its place"
                : Spelling.Nearest(free, student.Scalars.Select(s => s.Name)) is { } meant
                    ? $"'{meant}' may be meant"
                    : "write a number, or name a parameter of the constructor";
            problems.Report(Rules.Undetermined, new(student.Type.Full, entry.Parameters[0].Node), free, student.Type.Name, advice);
            return null;
        }

        var instance = ModuleInstance.Create(b, InputRole.Parameter, student, ScalarsByName(student), modules);
        var x = b.Input(KernelNames.X, InputRole.Data, input);
        return lowerer.CallEntry(instance, x) is { } output ? (instance, output) : null;
    }

    /// <summary>Each constructor parameter as itself: its value is read from the instance at run time.</summary>
    public static IReadOnlyDictionary<string, Scalar> ScalarsByName(ModuleSpec module) =>
        module.Scalars.ToDictionary(s => s.Name, s => Scalar.Named(s.Name));
}
