using L2T.Dsl.Compiler.Lowering;
using L2T.Dsl.Compiler.Planning;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Emit;

/// <summary>Writes an experiment's part: what the training loops of the library call, typed and bound to its kernels.</summary>
public static class ExperimentWriter
{
    /// <summary>The class of the taught loss's kernel.</summary>
    public const string LossKernel = "LossKernel";

    private const string Block = "global::L2T.Dsl.Tensors.TensorBlock";
    private const string Tensors = "global::L2T.Dsl.Tensors.";

    private const string StudentField = "__student";

    /// <summary>What makes kernels: the type of the result, the method, its blocks.</summary>
    private static readonly (string Type, string Method, string Blocks)[] Factories =
    [
        ("ForwardKernel", "CreateForward", "w"),
        ("GradientKernel", "CreateMetric", "w, into"),
        ("GradientKernel", "CreateLoss", "w, phi, into"),
        ("HyperKernel", "CreateHyper", "w, phi, tangent, intoW, intoPhi"),
    ];

    // Our choice, the paper gives none: slots that start equal would learn nothing about when to use which.
    private const double MemoryNoise = 0.01;
    private const double AttentionDeviation = 0.1;

    /// <summary>The name of the file that derives an experiment.</summary>
    public static string FileName(ExperimentSpec experiment) => experiment.Type.Full + ".g.cs";

    /// <summary>A file with one kernel.</summary>
    public static string Kernel(TypeName experiment, string name, string summary, KernelShape shape, ExecutionPlan plan, string studentType)
    {
        var code = SourceFile.BeginKernels(experiment);
        KernelWriter.Write(code, name, summary, shape, plan, studentType);
        return code.ToString();
    }

    /// <summary>The file that derives the experiment from the library's loops.</summary>
    public static string Experiment(
        ExperimentSpec experiment,
        ModuleSpec student,
        TeacherSpec teacher,
        IReadOnlyList<TensorEntry> coefficients,
        Shape output,
        Shape? targets,
        bool hasKnownFlops,
        IReadOnlyList<(string Module, string Digest)> programs,
        IReadOnlyList<(string Name, string Kernel, string Digest, IReadOnlyList<TensorEntry> Coefficients)> baselines)
    {
        var kernels = "global::" + SourceFile.KernelNamespace(experiment.Type) + ".";
        var code = SourceFile.Begin(experiment.Type);
        using (code.Block(Declaration(experiment)))
        {
            var hasDefaults = HasDefaults(student);
            var required = hasDefaults || HidesStudent(experiment, student) ? "" : "required ";
            code.Line("/// <summary>The student: an instance that says its sizes; it is never trained itself.</summary>");
            code.Line($"{student.Type.Accessibility} {required}{student.Type.Global} Student {{ get => {StudentField}; init => {StudentField} = value; }}");
            code.Line();
            code.Line($"private {student.Type.Global} {StudentField} = {(hasDefaults ? "new()" : "null!")};");
            var input = student.Entry.Parameters[0].Type!.Shape;
            foreach (var size in coefficients.SelectMany(c => c.Shape.Dims).Concat(input.Dims).Concat(output.Dims).Concat(targets?.Dims ?? []).SelectMany(d => d.Symbols).Distinct().Where(s => s != Symbols.Batch))
            {
                code.Line();
                code.Line($"private long {SizeOf(size)} => (long)(({Tensors}ITensorModule)Student).Scalar(\"{size}\");");
            }

            code.Line();
            code.Line("/// <inheritdoc/>");
            using (code.Block($"protected override global::L2T.Dsl.Training.LossTeacherExperiment WithStudent({Tensors}ITensorModule student)"))
            {
                code.Line($"var other = ({experiment.Type.Global})MemberwiseClone();");
                code.Line($"other.{StudentField} = student as {student.Type.Global}");
                code.Line($"    ?? throw new global::L2T.Dsl.L2TException($\"{{student.GetType().Name}} is not the student of {experiment.Type.Name}. Give a {student.Type.Name}.\");");
                code.Line("return other;");
            }

            code.Line();
            TrajectoryWriter.Write(code, experiment.Trajectory);
            code.Line("/// <inheritdoc/>");
            code.Line($"protected override {LayoutWriter.Type} StudentLayout => (({Tensors}ITensorModule)Student).Layout;");
            code.Line();
            code.Line("/// <inheritdoc/>");
            code.Line($"protected override global::L2T.Dsl.Training.StudentSignature Signature(long n) => new(\"{student.Type.Name}\", [{Sizes(input)}], [{Sizes(output)}]{(targets is null ? "" : $", [{Sizes(targets)}]")});");
            code.Line();
            code.Line("/// <inheritdoc/>");
            code.Line("protected override global::System.Collections.Generic.IReadOnlyDictionary<string, string> Programs => new global::System.Collections.Generic.Dictionary<string, string>");
            code.Line("{");
            foreach (var (module, digest) in programs)
            {
                code.Line($"    [\"{module}\"] = \"{digest}\",");
            }

            code.Line("};");
            Layout(code, "CoefficientLayout", CheckCoefficients, coefficients.Select(c => LayoutWriter.Slot(c.Path, c.Member, c.Shape, Size, c.IsStacked ? c.Single : null)));
            TeacherLayout(code, teacher, coefficients, Size);

            code.Line();
            code.Line("/// <inheritdoc/>");
            code.Line($"protected override int StateSize => {teacher.Type.Global}.{TeacherWriter.StateSize};");
            code.Line();
            code.Line("/// <inheritdoc/>");
            code.Line($"protected override void ReadState(in global::L2T.Dsl.Training.StudentState student, global::System.Span<float> state) => {teacher.Type.Global}.{TeacherWriter.ReadState}(in student, state);");

            code.Line();
            code.Line("/// <inheritdoc/>");
            code.Line("protected override global::L2T.Dsl.Training.StepFlops Flops(long n) => new(");
            code.Line($"    {kernels}ForwardKernel.Flops(n, Student),");
            code.Line($"    {kernels}{LossKernel}.Flops(n, Student),");
            code.Line($"    {kernels}HyperKernel.Flops(n, Student)){(hasKnownFlops ? "" : " { IsPartial = true }")};");

            foreach (var (type, method, blocks) in Factories)
            {
                Factory(code, type, method, blocks, $"new {kernels}{method.Substring("Create".Length)}Kernel({blocks}, n, Student)");
            }

            code.Line();
            code.Line("/// <inheritdoc/>");
            code.Line($"protected override {Tensors}TeacherKernel CreateTeacher({Block} theta, {Block} phi, {Block} gradTheta, {Block} gradPhi) => new(");
            code.Line($"    new {kernels}TeacherForwardKernel(theta, phi, Student),");
            code.Line($"    new {kernels}TeacherBackwardKernel(theta, gradPhi, gradTheta, Student));");

            code.Line();
            code.Line("/// <inheritdoc/>");
            using (code.Block("protected override global::System.Collections.Generic.IReadOnlyList<global::L2T.Dsl.Training.FixedLoss> Baselines"))
            using (code.Block("get"))
            {
                code.Line("return");
                code.Line("[");
                foreach (var (name, kernel, digest, layout) in baselines)
                {
                    var slots = string.Join(", ", layout.Select(c => LayoutWriter.Slot(c.Path, c.Member, c.Shape, Size)));
                    code.Line($"    new(\"{name}\", [{slots}], (w, phi, into, n) => new {kernels}{kernel}(w, phi, into, n, Student), \"{digest}\"),");
                }

                code.Line("];");
            }
        }

        return code.ToString();

        void CheckCoefficients()
        {
            foreach (var coefficient in coefficients)
            {
                LayoutWriter.CheckQuotients(code, coefficient.Path, coefficient.Quotients.Select(q => (q.Numerator, q.Denominator)), Size);
            }
        }

        string Sizes(Shape shape) => string.Join(", ", shape.Dims.Select(d => Size(d.Substitute(new Dictionary<string, Dim> { [Symbols.Batch] = Dim.Symbol("n") }))));

        string Size(Dim dim) => dim.Substitute(student.Scalars.ToDictionary(s => s.Name, s => Dim.Symbol(SizeOf(s.Name)))).ToString();
    }

    /// <summary>
    /// That file where the experiment could not be compiled: the same properties, so that code which sets them is sound, and nothing behind
    /// them. Nothing is required, and the student is seen in this assembly only: less of it may be known than that would take.
    /// </summary>
    public static string Outline(ExperimentSpec experiment)
    {
        var code = SourceFile.Begin(experiment.Type);
        using (code.Block(Declaration(experiment)))
        {
            code.Line("// The experiment could not be compiled; the errors say why.");
            code.Line($"internal {(experiment.Student.Full.Length == 0 ? "object" : "global::" + experiment.Student.Full)} Student {{ get; init; }} = null!;");
            code.Line();
            TrajectoryWriter.Write(code, experiment.Trajectory, isOutline: true);
            foreach (var property in new[] { "StudentLayout", "CoefficientLayout", "TeacherLayout" })
            {
                code.Line($"protected override {LayoutWriter.Type} {property} => throw null!;");
            }

            code.Line("protected override global::L2T.Dsl.Training.StudentSignature Signature(long n) => throw null!;");
            code.Line("protected override global::System.Collections.Generic.IReadOnlyDictionary<string, string> Programs => throw null!;");
            code.Line("protected override int StateSize => throw null!;");
            code.Line("protected override void ReadState(in global::L2T.Dsl.Training.StudentState student, global::System.Span<float> state) => throw null!;");
            code.Line("protected override global::L2T.Dsl.Training.StepFlops Flops(long n) => throw null!;");
            code.Line("protected override global::System.Collections.Generic.IReadOnlyList<global::L2T.Dsl.Training.FixedLoss> Baselines => throw null!;");
            code.Line($"protected override {Tensors}TeacherKernel CreateTeacher({Block} theta, {Block} phi, {Block} gradTheta, {Block} gradPhi) => throw null!;");
            foreach (var (type, method, blocks) in Factories)
            {
                Factory(code, type, method, blocks, "throw null!");
            }
        }

        return code.ToString();
    }

    private static string Declaration(ExperimentSpec experiment) => $"partial class {experiment.Type.Name} : global::L2T.Dsl.Training.LossTeacherExperiment";

    /// <summary>Whether a student must be given that not all can see who see the experiment.</summary>
    public static bool HidesStudent(ExperimentSpec experiment, ModuleSpec student) =>
        experiment.Type.Accessibility == "public" && student.Type.Accessibility != "public" && !HasDefaults(student);

    private static bool HasDefaults(ModuleSpec student) => student.Scalars.All(s => s.Default is not null);

    private static string SizeOf(string parameter) => "SizeOf_" + parameter;

    private static void TeacherLayout(CodeWriter code, TeacherSpec teacher, IReadOnlyList<TensorEntry> coefficients, Func<Dim, string> size)
    {
        if (teacher.Body is not null)
        {
            code.Line();
            code.Line("/// <inheritdoc/>");
            code.Line($"protected override {LayoutWriter.Type} TeacherLayout => (({Tensors}ITensorModule)new {teacher.Type.Global}()).Layout;");
            return;
        }

        var features = teacher.Features.Sum(f => f.Size);
        Layout(code, "TeacherLayout", null, coefficients
            .Select(c => LayoutWriter.Memory(TeacherSpec.MemoryOf(c.Path), c, teacher.Slots, MemoryNoise, size))
            .Prepend($"new(\"{TeacherSpec.Attention}\", [{teacher.Slots}, {features}], global::L2T.Dsl.Init.Normal, {Scalar.Literal(AttentionDeviation)})"));
    }

    private static void Layout(CodeWriter code, string property, Action? check, IEnumerable<string> slots)
    {
        code.Line();
        code.Line("/// <inheritdoc/>");
        using (code.Block($"protected override {LayoutWriter.Type} {property}"))
        using (code.Block("get"))
        {
            check?.Invoke();
            code.Line("return");
            code.Line("[");
            foreach (var slot in slots)
            {
                code.Line($"    {slot},");
            }

            code.Line("];");
        }
    }

    private static void Factory(CodeWriter code, string type, string method, string blocks, string creation)
    {
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line($"protected override {Tensors}{type} {method}({string.Join(", ", blocks.Split([", "], StringSplitOptions.None).Select(b => $"{Block} {b}"))}, long n) => {creation};");
    }
}
