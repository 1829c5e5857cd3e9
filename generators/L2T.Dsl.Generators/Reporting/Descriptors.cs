using L2T.Dsl.Compiler.Problems;
using Microsoft.CodeAnalysis;

namespace L2T.Dsl.Generators.Reporting;

/// <summary>
/// The descriptors of <see cref="Rules"/>. They are spelled out once more because release tracking reads literals only;
/// a test holds them equal to the rules.
/// </summary>
internal static class Descriptors
{
    /// <summary>Where the pages of the rules are; a page is this followed by the id and <c>.md</c>.</summary>
    public const string HelpRoot = "https://github.com/l2t-dsl/L2T.Dsl/blob/main/generators/docs/rules/";

    private const string Declarations = "L2T.Declarations";
    private const string Bodies = "L2T.Bodies";
    private const string Shapes = "L2T.Shapes";
    private const string Derivatives = "L2T.Derivatives";
    private const string Experiments = "L2T.Experiments";
    private const string Internal = "L2T.Internal";


    /// <summary>A DSL type is not partial.</summary>
    public static readonly DiagnosticDescriptor NotPartial = new(
        "L2T1001", "DSL types are partial", "'{0}' is marked [{1}] and must be declared partial, so that the generator can add to it",
        Declarations, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T1001.md");

    /// <summary>A DSL type stands inside another type.</summary>
    public static readonly DiagnosticDescriptor Nested = new(
        "L2T1002", "DSL types are not nested", "'{0}' is marked [{1}] and must stand directly in a namespace, not inside '{2}'",
        Declarations, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T1002.md");

    /// <summary>A DSL type has type parameters.</summary>
    public static readonly DiagnosticDescriptor Generic = new(
        "L2T1003", "DSL types are not generic", "'{0}' is marked [{1}] and must not have type parameters; pass sizes through the primary constructor instead",
        Declarations, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T1003.md");

    /// <summary>A block, student, loss form or metric lacks its entry method.</summary>
    public static readonly DiagnosticDescriptor NoEntryMethod = new(
        "L2T1004", "The entry method is missing", "'{0}' is marked [{1}] and needs a method '{2}'",
        Declarations, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T1004.md");

    /// <summary>A tensor parameter of an entry method says no shape.</summary>
    public static readonly DiagnosticDescriptor NoShape = new(
        "L2T1005", "Tensors of entry methods have shapes", "Parameter '{0}' of '{1}' needs [Shape(...)] or [Labels(...)]",
        Declarations, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T1005.md");

    /// <summary>A size in an attribute can't be read.</summary>
    public static readonly DiagnosticDescriptor BadSize = new(
        "L2T1006", "Sizes are integers or expressions", "'{0}' is no size{1}: write an integer or an expression over integer constructor parameters and dimension names, such as \"N\" or \"2*hidden\"",
        Declarations, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T1006.md");

    /// <summary>A tensor property is not a partial get-only property of type Tensor.</summary>
    public static readonly DiagnosticDescriptor BadTensorProperty = new(
        "L2T1007", "Parameters and coefficients are partial Tensor properties", "'{0}' is marked [{1}] and must be a get-only partial property of type {2}",
        Declarations, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T1007.md");

    /// <summary>A field holds a block made in a way that can't be read.</summary>
    public static readonly DiagnosticDescriptor BadBlockField = new(
        "L2T1008", "Blocks are made in field initialisers", "Field '{0}' holds the block '{1}' and must be readonly and initialised with 'new' from constants and constructor parameters, an array of blocks with 'BlockArray.Of(count, () => new ...)'",
        Declarations, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T1008.md");

    /// <summary>The program of a block of another assembly is not to be had.</summary>
    public static readonly DiagnosticDescriptor UnknownBlock = new(
        "L2T1009", "Blocks of other assemblies carry their program", "'{0}' comes from assembly '{1}', which holds no program for it; build that assembly with the L2T.Dsl generator",
        Declarations, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T1009.md");

    /// <summary>A type marked with two attributes of the DSL.</summary>
    public static readonly DiagnosticDescriptor TwoKinds = new(
        "L2T1010", "DSL types have one kind", "'{0}' is marked both [{1}] and [{2}]; make two types of it",
        Declarations, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T1010.md");

    /// <summary>A syntax that the reader can't read.</summary>
    public static readonly DiagnosticDescriptor Unreadable = new(
        "L2T2001", "Unsupported construct", "{0} can't be differentiated here; {1}",
        Bodies, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T2001.md");

    /// <summary>A tensor op without rule; autograd differentiates this one call.</summary>
    public static readonly DiagnosticDescriptor UnknownOp = new(
        "L2T2002", "No derivative rule; autograd is used", "'{0}' has no derivative rule and is differentiated through autograd; its result is taken to have the shape of its first tensor, which is checked at run time",
        Bodies, DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T2002.md");

    /// <summary>A known op called in a form without rule.</summary>
    public static readonly DiagnosticDescriptor BadArgument = new(
        "L2T2003", "Unsupported argument", "'{0}': {1}",
        Bodies, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T2003.md");

    /// <summary>An op that draws random numbers which no step could draw again.</summary>
    public static readonly DiagnosticDescriptor RandomOp = new(
        "L2T2004", "Random numbers that can not be drawn again", "'{0}' draws from libtorch's stream of random numbers, and going back through training needs the same ones again; use functional.dropout(x, p, Training), or pass the noise in with the data",
        Bodies, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T2004.md");

    /// <summary>Shapes that do not fit.</summary>
    public static readonly DiagnosticDescriptor ShapeMismatch = new(
        "L2T3001", "Shapes do not fit", "'{0}': {1} does not fit {2}: {3}",
        Shapes, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T3001.md");

    /// <summary>A result whose shape is not the one promised.</summary>
    public static readonly DiagnosticDescriptor WrongResultShape = new(
        "L2T3002", "The result has the wrong shape", "'{0}' must return {1}, but returns {2}",
        Shapes, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T3002.md");

    /// <summary>A parameter that no gradient reaches.</summary>
    public static readonly DiagnosticDescriptor NoGradient = new(
        "L2T4001", "No gradient reaches the parameter", "No gradient of '{0}' reaches parameter '{1}': {2}",
        Derivatives, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T4001.md");

    /// <summary>A coefficient that the loss's gradient does not depend on.</summary>
    public static readonly DiagnosticDescriptor UnusedCoefficient = new(
        "L2T4002", "The coefficient has no effect", "Coefficient '{0}' has no effect on the student's gradient under '{1}', so no teacher could learn it: {2}",
        Derivatives, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T4002.md");

    /// <summary>A teacher's output does not fit the loss form.</summary>
    public static readonly DiagnosticDescriptor TeacherWidth = new(
        "L2T5001", "The teacher does not fit the loss form", "'{0}' outputs {1}, but '{2}' needs {3}",
        Experiments, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T5001.md");

    /// <summary>A state feature through which a gradient would flow.</summary>
    public static readonly DiagnosticDescriptor FeatureGradient = new(
        "L2T5002", "State features are constants", "State feature '{0}' {1}; features are constants of the step: take 'in StudentState' alone and return float or ReadOnlySpan<float>",
        Experiments, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T5002.md");

    /// <summary>A state feature whose size is wrong.</summary>
    public static readonly DiagnosticDescriptor FeatureSize = new(
        "L2T5003", "Wrong size of a state feature", "State feature '{0}' has Size = {1}, but {2}",
        Experiments, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T5003.md");

    /// <summary>A reference to a type that is not what it should be.</summary>
    public static readonly DiagnosticDescriptor NotA = new(
        "L2T5004", "Not the expected kind of type", "'{0}' is not marked [{1}]",
        Experiments, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T5004.md");

    /// <summary>A constructor parameter of a loss form or student that nothing determines.</summary>
    public static readonly DiagnosticDescriptor Undetermined = new(
        "L2T5005", "A size or constructor parameter is not determined", "Nothing determines '{0}' of '{1}'; {2}",
        Experiments, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T5005.md");

    /// <summary>A teacher without state features.</summary>
    public static readonly DiagnosticDescriptor NoFeatures = new(
        "L2T5006", "The teacher sees nothing", "'{0}' has no [StateFeature], so its loss could not change with the student's state",
        Experiments, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T5006.md");

    /// <summary>An attribute value that makes no sense.</summary>
    public static readonly DiagnosticDescriptor BadValue = new(
        "L2T5007", "Value out of range", "'{0}' = {1}: {2}",
        Experiments, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T5007.md");

    /// <summary>An experiment that more code sees than its student, which must be given.</summary>
    public static readonly DiagnosticDescriptor HiddenStudent = new(
        "L2T5008", "The student is less visible than the experiment", "'{0}' is public, but its student '{1}' is internal and has constructor parameters, so whoever sees '{0}' could not give it a student; make '{1}' public, '{0}' internal, or give every parameter a default value",
        Experiments, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T5008.md");

    /// <summary>A loss or metric whose targets are not those of the taught loss, or not of the shape of the student's output.</summary>
    public static readonly DiagnosticDescriptor TargetMismatch = new(
        "L2T5009", "Losses and metric have the same targets", "'{0}' takes the targets {1}, but {2}",
        Experiments, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T5009.md");

    /// <summary>A defect of the generator itself.</summary>
    public static readonly DiagnosticDescriptor InternalError = new(
        "L2T9001", "Defect in L2T.Dsl", "L2T.Dsl failed on '{0}', which is a defect of L2T.Dsl and not yours; please report it at https://github.com/l2t-dsl/L2T.Dsl/issues: {1}",
        Internal, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + "L2T9001.md");

    /// <summary>Every descriptor by the id of its rule.</summary>
    public static IReadOnlyDictionary<string, DiagnosticDescriptor> All { get; } = new[]
    {
        NotPartial, Nested, Generic, NoEntryMethod, NoShape, BadSize,
        BadTensorProperty, BadBlockField, UnknownBlock, TwoKinds, Unreadable, UnknownOp,
        BadArgument, RandomOp, ShapeMismatch, WrongResultShape, NoGradient, UnusedCoefficient, TeacherWidth,
        FeatureGradient, FeatureSize, NotA, Undetermined, NoFeatures, BadValue, HiddenStudent, TargetMismatch,
        InternalError,
    }.ToDictionary(d => d.Id);

    /// <summary>The descriptor of a rule.</summary>
    public static DiagnosticDescriptor Of(Rule rule) => All[rule.Id];
}
