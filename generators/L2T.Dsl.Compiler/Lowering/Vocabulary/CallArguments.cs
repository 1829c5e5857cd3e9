using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>
/// The arguments of a call of TorchSharp, by the names of its parameters. Whoever reads them by type says what the rule
/// supports; <see cref="RequireAllRead"/> refuses what no rule has looked at, so that no argument is silently ignored.
/// </summary>
/// <param name="receiver">The instance that the method was called on; null for static methods.</param>
/// <param name="arguments">The arguments given; those left out have their default values.</param>
public sealed class CallArguments(Lowered? receiver, IReadOnlyDictionary<string, Lowered> arguments)
{
    /// <summary>What static methods call the tensor that instance methods are called on.</summary>
    private static readonly string[] SubjectNames = ["input", "x", "left", "tensor", "dividend"];

    /// <summary>Parameters that only say where memory comes from or how it moves.</summary>
    private static readonly HashSet<string> WithoutMeaning = ["device", "deviceType", "deviceIndex", "copy", "disposeAfter", "non_blocking", "isImplicit"];

    /// <summary>Parameters that must be false: what they ask for has no meaning in a program without side effects.</summary>
    private static readonly HashSet<string> MustBeFalse = ["inplace", "requires_grad", "sparse_grad"];

    private readonly HashSet<string> _read = [];

    /// <summary>Whether an argument was given that is not null.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>The argument that was given under one of these names; null where there is none.</summary>
    public Lowered? Find(params string[] names)
    {
        foreach (var name in names)
        {
            if (arguments.TryGetValue(name, out var value))
            {
                _read.Add(name);
                if (value is not NothingResult)
                {
                    return value;
                }
            }
        }

        return null;
    }

    /// <summary>The argument that was given under one of these names.</summary>
    /// <exception cref="LoweringException">There is none.</exception>
    public Lowered Get(params string[] names) =>
        Find(names) ?? throw new LoweringException($"argument '{names[0]}' is missing");

    /// <summary>The tensor or number that the call is about: the receiver, or the first parameter of a static method.</summary>
    public Lowered SubjectOrNumber => receiver ?? Get(SubjectNames);

    /// <summary>The tensor that the call is about.</summary>
    public Value Subject(Builder b) => AsTensor(SubjectOrNumber, "this", b);

    /// <summary>The tensor that the call is about, as reals.</summary>
    public Value RealSubject(Builder b) => b.ToReal(Subject(b));

    /// <summary>A tensor.</summary>
    public Value Tensor(string name, Builder b) => AsTensor(Get(name), name, b);

    /// <summary>A tensor; null where it was left out.</summary>
    public Value? OptionalTensor(string name, Builder b) => Find(name) is { } value ? AsTensor(value, name, b) : null;

    /// <summary>A list of tensors.</summary>
    public IReadOnlyList<Value> Tensors(string name, Builder b) => Get(name) is ListResult list
        ? [.. list.Items.Select(i => AsTensor(i, name, b))]
        : throw new LoweringException($"'{name}' must be a list of tensors written at the call");

    /// <summary>A number.</summary>
    public Scalar Number(string name, Scalar? defaultValue = null) => Find(name) switch
    {
        NumberResult number => number.Value,
        null when defaultValue is not null => defaultValue,
        null => throw new LoweringException($"argument '{name}' is missing"),
        _ => throw new LoweringException($"'{name}' must be a number that is known before the kernel runs"),
    };

    /// <summary>A size.</summary>
    public Dim Size(string name) => AsSize(Get(name), name);

    /// <summary>An integer that is known at compile time.</summary>
    public int Integer(string name, int? defaultValue = null) => Find(name) switch
    {
        null when defaultValue is { } value => value,
        null => throw new LoweringException($"argument '{name}' is missing"),
        var given => AsInteger(given, name),
    };

    /// <summary>A truth value.</summary>
    public bool Boolean(string name, bool defaultValue) => Find(name) switch
    {
        null => defaultValue,
        BooleanResult truth => truth.Value,
        _ => throw new LoweringException($"'{name}' must be true or false at compile time"),
    };

    /// <summary>The member of an enum.</summary>
    public string Member(string name, string defaultValue) => Find(name) switch
    {
        null => defaultValue,
        EnumResult constant => constant.Member,
        _ => throw new LoweringException($"'{name}' must be a constant"),
    };

    /// <summary>The element type that a <c>dtype</c> asks for; null where none was given.</summary>
    public ElementType? ElementType(string name) => Find(name) switch
    {
        null => null,
        ElementTypeResult type => type.Element,
        EnumResult { Member: "Float32" or "Float64" } => Specs.ElementType.Real,
        EnumResult { Member: "Int64" } => Specs.ElementType.Integer,
        EnumResult { Member: "Bool" } => Specs.ElementType.Boolean,
        _ => throw new LoweringException($"'{name}' must be Float32 or Float64, which both stand for the student's own type, Int64 or Bool"),
    };

    /// <summary>Sizes: a list, or as many arguments as there are of these names.</summary>
    public IReadOnlyList<Dim> Sizes(string name, params string[] others) => Get(name) is ListResult list
        ? [.. list.Items.Select(i => AsSize(i, name))]
        : [AsSize(Get(name), name), .. others.Where(Has).Select(o => AsSize(Get(o), o))];

    /// <summary>A dimension of a tensor; negative ones count from the end.</summary>
    /// <exception cref="ShapeException">The tensor has no such dimension.</exception>
    public int Axis(string name, Shape of, int? defaultValue = null) => Normalise(Integer(name, defaultValue), of);

    /// <summary>Dimensions of a tensor, ascending: a list or one; all of them where none is given.</summary>
    /// <exception cref="ShapeException">The tensor has no such dimension.</exception>
    public EquatableArray<int> Axes(Shape of, params string[] names)
    {
        var all = Enumerable.Range(0, of.Rank);
        return (Find(names) switch
        {
            null or ListResult { Items.Count: 0 } => all,
            ListResult list => list.Items.Select(i => Normalise(AsInteger(i, names[0]), of)),
            TupleResult tuple => tuple.Items.Select(i => Normalise(AsInteger(i, names[0]), of)),
            var one => [Normalise(AsInteger(one, names[0]), of), .. new[] { "dim1", "dim2" }.Where(Has).Select(d => Normalise(Integer(d), of))],
        }).Distinct().OrderBy(a => a).ToEquatableArray();
    }

    /// <summary>Refuses a call with arguments that the rule did not look at.</summary>
    /// <exception cref="LoweringException">There is one.</exception>
    public void RequireAllRead()
    {
        foreach (var name in arguments.Keys.Where(n => !_read.Contains(n) && !WithoutMeaning.Contains(n)))
        {
            if (!(arguments[name] is NothingResult || (MustBeFalse.Contains(name) && arguments[name] is BooleanResult { Value: false })))
            {
                throw new LoweringException($"argument '{name}' is not supported");
            }
        }
    }

    /// <summary>A tensor; a number becomes a constant one.</summary>
    internal static Value AsTensor(Lowered value, string name, Builder b) => value switch
    {
        TensorResult tensor => tensor.Value,
        NumberResult number => b.Full(Shape.Scalar, number.Value),
        _ => throw new LoweringException($"'{name}' must be a tensor"),
    };

    /// <summary>A number.</summary>
    internal static Scalar AsNumber(Lowered value, string name) => value is NumberResult number
        ? number.Value
        : throw new LoweringException($"'{name}' must consist of numbers");

    /// <summary>A size.</summary>
    internal static Dim AsSize(Lowered value, string name) => value is NumberResult { IsInteger: true } number && number.Value.AsDim() is { } size
        ? size
        : throw new LoweringException($"'{name}' must consist of sizes: integers, constructor parameters, sizes of tensors, and sums, products and quotients of these");

    /// <summary>An integer that is known at compile time.</summary>
    internal static int AsInteger(Lowered value, string name) => value is NumberResult { IsInteger: true, Value.Value: { } number }
        ? (int)number
        : throw new LoweringException($"'{name}' must be an integer that is known at compile time");

    /// <summary>A dimension counted from the start.</summary>
    internal static int Normalise(int axis, Shape of) => axis >= -of.Rank && axis < of.Rank
        ? axis < 0 ? axis + of.Rank : axis
        : throw new ShapeException(of.ToString(), $"dimension {axis}", $"it has {of.Rank} dimensions");
}
