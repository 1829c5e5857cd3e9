using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Emit;

/// <summary>Writes how a teacher reads the student's state s_t.</summary>
internal static class TeacherWriter
{
    /// <summary>The constant of the number of elements of s_t; no name that a user would give.</summary>
    public const string StateSize = "__StateSize";

    /// <summary>The method that reads s_t.</summary>
    public const string ReadState = "__ReadState";

    /// <summary>Writes the teacher's part.</summary>
    public static void Write(CodeWriter code, TeacherSpec teacher)
    {
        using var type = code.Block($"partial class {teacher.Type.Name}");
        code.Line($"/// <summary>The number of elements of s_t.</summary>");
        code.Line($"internal const int {StateSize} = {teacher.Features.Sum(f => f.Size)};");
        code.Line();
        code.Line("/// <summary>Writes s_t: the features in order.</summary>");
        using (code.Block($"internal static void {ReadState}(in global::L2T.Dsl.Training.StudentState student, global::System.Span<float> state)"))
        {
            var offset = 0;
            foreach (var feature in teacher.Features)
            {
                code.Line(feature.IsSpan
                    ? $"global::L2T.Dsl.Training.StateFeatures.Copy({feature.Method}(in student), state.Slice({offset}, {feature.Size}), \"{feature.Method}\");"
                    : $"state[{offset}] = {feature.Method}(in student);");
                offset += feature.Size;
            }
        }
    }
}
