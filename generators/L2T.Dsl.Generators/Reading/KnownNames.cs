using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Generators.Reading;

/// <summary>
/// The names by which the generator knows the library's attributes and TorchSharp's types. It references neither; a
/// test holds the names equal to the types.
/// </summary>
internal static class KnownNames
{
    /// <summary>The namespace of the attributes.</summary>
    public const string Namespace = "L2T.Dsl";

    public const string Block = "Block";
    public const string Student = "Student";
    public const string LossForm = "LossForm";
    public const string Metric = "Metric";
    public const string Teacher = "Teacher";
    public const string Experiment = "Experiment";
    public const string StateFeature = "StateFeature";
    public const string Parameter = "Parameter";
    public const string Coefficient = "Coefficient";
    public const string Buffer = "Buffer";
    public const string Shape = "Shape";
    public const string Labels = "Labels";
    public const string ModuleProgram = "ModuleProgram";
    public const string FallbackPlace = "FallbackPlace";

    /// <summary>What makes arrays of blocks.</summary>
    public const string BlockArray = "L2T.Dsl.BlockArray";

    /// <summary>The state that features read.</summary>
    public const string StudentState = "L2T.Dsl.Training.StudentState";

    /// <summary>The metric of an experiment that names none: the paper's, mean probability of the true class.</summary>
    public const string DefaultMetric = "L2T.Dsl.Metrics.ExpectedAccuracy";

    /// <summary>The loss that a taught one may be mixed with.</summary>
    public const string CrossEntropy = "L2T.Dsl.Losses.CrossEntropy";

    /// <summary>The bool property that says whether a module is being trained.</summary>
    public const string Training = "Training";

    /// <summary>The root namespace of the tensor library.</summary>
    public const string TorchSharp = "TorchSharp";

    /// <summary>The tensor type.</summary>
    public const string Tensor = "TorchSharp.torch.Tensor";

    /// <summary>The attributes that make a type part of the DSL.</summary>
    public static readonly string[] TypeAttributes = [Block, Student, LossForm, Metric, Teacher, Experiment];

    /// <summary>The full metadata name of an attribute.</summary>
    public static string AttributeType(string attribute) => Namespace + "." + attribute + "Attribute";

    /// <summary>The attribute that marks modules of a kind.</summary>
    public static string Attribute(ModuleKind kind) => kind switch
    {
        ModuleKind.Block => Block,
        ModuleKind.Student => Student,
        ModuleKind.LossForm => LossForm,
        ModuleKind.Metric => Metric,
        _ => Teacher,
    };

    /// <summary>The entry method of a module of a kind, as messages show it.</summary>
    public static string EntrySignature(ModuleKind kind) => kind switch
    {
        ModuleKind.LossForm => "Tensor Loss(Tensor output, Tensor target)",
        ModuleKind.Metric => "Tensor Measure(Tensor output, Tensor target)",
        ModuleKind.Teacher => "Tensor Teach(Tensor state)",
        _ => "Tensor Forward(Tensor x)",
    };
}
