namespace L2T.Dsl.Compiler.Problems;

/// <summary>
/// Every rule of the DSL, once. 1xxx: declarations; 2xxx: bodies; 3xxx: shapes; 4xxx: derivatives; 5xxx: teachers and
/// experiments; 9xxx: defects of L2T.Dsl. Each has a page in <c>generators/docs/rules</c>.
/// </summary>
public static class Rules
{
    /// <summary>A DSL type is not partial.</summary>
    public static readonly Rule NotPartial = new("L2T1001", "DSL types are partial", "'{0}' is marked [{1}] and must be declared partial, so that the generator can add to it", Severity.Error);

    /// <summary>A DSL type stands inside another type.</summary>
    public static readonly Rule Nested = new("L2T1002", "DSL types are not nested", "'{0}' is marked [{1}] and must stand directly in a namespace, not inside '{2}'", Severity.Error);

    /// <summary>A DSL type has type parameters.</summary>
    public static readonly Rule Generic = new("L2T1003", "DSL types are not generic", "'{0}' is marked [{1}] and must not have type parameters; pass sizes through the primary constructor instead", Severity.Error);

    /// <summary>A block, student, loss form or metric lacks its entry method.</summary>
    public static readonly Rule NoEntryMethod = new("L2T1004", "The entry method is missing", "'{0}' is marked [{1}] and needs a method '{2}'", Severity.Error);

    /// <summary>A tensor parameter of an entry method says no shape.</summary>
    public static readonly Rule NoShape = new("L2T1005", "Tensors of entry methods have shapes", "Parameter '{0}' of '{1}' needs [Shape(...)] or [Labels(...)]", Severity.Error);

    /// <summary>A size in an attribute can't be read.</summary>
    public static readonly Rule BadSize = new("L2T1006", "Sizes are integers or expressions", "'{0}' is no size{1}: write an integer or an expression over integer constructor parameters and dimension names, such as \"N\" or \"2*hidden\"", Severity.Error);

    /// <summary>A tensor property is not a partial get-only property of type Tensor.</summary>
    public static readonly Rule BadTensorProperty = new("L2T1007", "Parameters and coefficients are partial Tensor properties", "'{0}' is marked [{1}] and must be a get-only partial property of type {2}", Severity.Error);

    /// <summary>A field holds a block made in a way that can't be read.</summary>
    public static readonly Rule BadBlockField = new("L2T1008", "Blocks are made in field initialisers", "Field '{0}' holds the block '{1}' and must be readonly and initialised with 'new' from constants and constructor parameters, an array of blocks with 'BlockArray.Of(count, () => new ...)'", Severity.Error);

    /// <summary>The program of a block of another assembly is not to be had.</summary>
    public static readonly Rule UnknownBlock = new("L2T1009", "Blocks of other assemblies carry their program", "'{0}' comes from assembly '{1}', which holds no program for it; build that assembly with the L2T.Dsl generator", Severity.Error);

    /// <summary>A type marked with two attributes of the DSL.</summary>
    public static readonly Rule TwoKinds = new("L2T1010", "DSL types have one kind", "'{0}' is marked both [{1}] and [{2}]; make two types of it", Severity.Error);

    /// <summary>A syntax that the reader can't read.</summary>
    public static readonly Rule Unreadable = new("L2T2001", "Unsupported construct", "{0} can't be differentiated here; {1}", Severity.Error);

    /// <summary>A tensor op without rule; autograd differentiates this one call.</summary>
    public static readonly Rule UnknownOp = new("L2T2002", "No derivative rule; autograd is used", "'{0}' has no derivative rule and is differentiated through autograd; its result is taken to have the shape of its first tensor, which is checked at run time", Severity.Info);

    /// <summary>A known op called in a form without rule.</summary>
    public static readonly Rule BadArgument = new("L2T2003", "Unsupported argument", "'{0}': {1}", Severity.Error);

    /// <summary>An op that draws random numbers which no step could draw again.</summary>
    public static readonly Rule RandomOp = new("L2T2004", "Random numbers that can not be drawn again", "'{0}' draws from libtorch's stream of random numbers, and going back through training needs the same ones again; use functional.dropout(x, p, Training), or pass the noise in with the data", Severity.Error);

    /// <summary>Shapes that do not fit.</summary>
    public static readonly Rule ShapeMismatch = new("L2T3001", "Shapes do not fit", "'{0}': {1} does not fit {2}: {3}", Severity.Error);

    /// <summary>A result whose shape is not the one promised.</summary>
    public static readonly Rule WrongResultShape = new("L2T3002", "The result has the wrong shape", "'{0}' must return {1}, but returns {2}", Severity.Error);

    /// <summary>A parameter that no gradient reaches.</summary>
    public static readonly Rule NoGradient = new("L2T4001", "No gradient reaches the parameter", "No gradient of '{0}' reaches parameter '{1}': {2}", Severity.Error);

    /// <summary>A coefficient that the loss's gradient does not depend on.</summary>
    public static readonly Rule UnusedCoefficient = new("L2T4002", "The coefficient has no effect", "Coefficient '{0}' has no effect on the student's gradient under '{1}', so no teacher could learn it: {2}", Severity.Error);

    /// <summary>A teacher's output does not fit the loss form.</summary>
    public static readonly Rule TeacherWidth = new("L2T5001", "The teacher does not fit the loss form", "'{0}' outputs {1}, but '{2}' needs {3}", Severity.Error);

    /// <summary>A state feature through which a gradient would flow.</summary>
    public static readonly Rule FeatureGradient = new("L2T5002", "State features are constants", "State feature '{0}' {1}; features are constants of the step: take 'in StudentState' alone and return float or ReadOnlySpan<float>", Severity.Error);

    /// <summary>A state feature whose size is wrong.</summary>
    public static readonly Rule FeatureSize = new("L2T5003", "Wrong size of a state feature", "State feature '{0}' has Size = {1}, but {2}", Severity.Error);

    /// <summary>A reference to a type that is not what it should be.</summary>
    public static readonly Rule NotA = new("L2T5004", "Not the expected kind of type", "'{0}' is not marked [{1}]", Severity.Error);

    /// <summary>A constructor parameter of a loss form or student that nothing determines.</summary>
    public static readonly Rule Undetermined = new("L2T5005", "A size or constructor parameter is not determined", "Nothing determines '{0}' of '{1}'; {2}", Severity.Error);

    /// <summary>A teacher without state features.</summary>
    public static readonly Rule NoFeatures = new("L2T5006", "The teacher sees nothing", "'{0}' has no [StateFeature], so its loss could not change with the student's state", Severity.Error);

    /// <summary>An attribute value that makes no sense.</summary>
    public static readonly Rule BadValue = new("L2T5007", "Value out of range", "'{0}' = {1}: {2}", Severity.Error);

    /// <summary>An experiment that more code sees than its student, which must be given.</summary>
    public static readonly Rule HiddenStudent = new("L2T5008", "The student is less visible than the experiment", "'{0}' is public, but its student '{1}' is internal and has constructor parameters, so whoever sees '{0}' could not give it a student; make '{1}' public, '{0}' internal, or give every parameter a default value", Severity.Error);

    /// <summary>A loss or metric whose targets are not those of the taught loss, or not of the shape of the student's output.</summary>
    public static readonly Rule TargetMismatch = new("L2T5009", "Losses and metric have the same targets", "'{0}' takes the targets {1}, but {2}", Severity.Error);

    /// <summary>A defect of the generator itself.</summary>
    public static readonly Rule InternalError = new("L2T9001", "Defect in L2T.Dsl", "L2T.Dsl failed on '{0}', which is a defect of L2T.Dsl and not yours; please report it at https://github.com/l2t-dsl/L2T.Dsl/issues: {1}", Severity.Error);

    /// <summary>Every rule, in the order of ids.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        NotPartial, Nested, Generic, NoEntryMethod, NoShape, BadSize, BadTensorProperty, BadBlockField, UnknownBlock, TwoKinds,
        Unreadable, UnknownOp, BadArgument, RandomOp,
        ShapeMismatch, WrongResultShape,
        NoGradient, UnusedCoefficient,
        TeacherWidth, FeatureGradient, FeatureSize, NotA, Undetermined, NoFeatures, BadValue, HiddenStudent, TargetMismatch,
        InternalError,
    ];
}
