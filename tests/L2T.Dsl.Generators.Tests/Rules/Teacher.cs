namespace L2T.Dsl.Generators.Tests.Rules;

/// <summary>Sources with a teacher in them.</summary>
internal static class Teacher
{
    /// <summary>A loss form, and a teacher <c>Guide</c> of it with these members.</summary>
    public static string With(string members, string arguments = "") => $$"""
        [LossForm] public sealed partial class Form(int K)
        {
            [Coefficient("K", Init = Init.Ones)] public partial Tensor Weight { get; }
            public Tensor Loss([Shape("N", "K")] Tensor output, [Labels("N")] Tensor target) => (output * Weight).mean();
        }

        [Teacher(typeof(Form){{arguments}})] public sealed partial class Guide
        {
            {{members}}
        }
        """;
}
