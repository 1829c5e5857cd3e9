using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Emit;
using L2T.Dsl.Compiler.Lowering;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Compilation;

/// <summary>Compiles a teacher by itself: its reading of the student's state, and the storage of a body of its own.</summary>
internal static class TeacherCompiler
{
    /// <summary>Checks and writes.</summary>
    public static CompiledUnit Compile(TeacherUnit unit)
    {
        var problems = new ProblemSink();
        var teacher = unit.Teacher;
        if (teacher.Slots < 1)
        {
            problems.Report(Rules.BadValue, new(teacher.Type.Full, 0), "Slots", teacher.Slots.ToString(System.Globalization.CultureInfo.InvariantCulture), "attention needs at least one slot");
        }

        var modules = unit.Modules.ToDictionary(m => m.Type.Full);
        if (!problems.HasErrors && teacher.Body is not null && modules.TryGetValue(teacher.LossForm, out var loss))
        {
            TeacherKernels.Write(teacher, ModuleInstance.Layout(loss, StudentProgram.ScalarsByName(loss), modules), sizesKnown: false, modules, problems);
        }

        var code = SourceFile.Begin(teacher.Type);
        TeacherWriter.Write(code, teacher);
        var files = new List<GeneratedFile> { new(teacher.Type.Full + ".g.cs", code.ToString()) };
        if (teacher.Body is { } body)
        {
            var storage = SourceFile.Begin(teacher.Type);
            ModuleWriter.Write(storage, body);
            files.Add(new(teacher.Type.Full + ".Body.g.cs", storage.ToString()));
        }

        return new(files.ToEquatableArray(), problems.Problems);
    }
}
