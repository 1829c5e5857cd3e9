using System.Globalization;
using L2T.Dsl.Compiler.Collections;

namespace L2T.Dsl.Compiler.Specs;

/// <summary>
/// A number known when a kernel is made or called: a constant, a named value (a constructor parameter, the step's
/// seed), a size, or arithmetic on these. Constants fold on construction.
/// </summary>
public abstract record Scalar
{
    private Scalar()
    {
    }

    /// <summary>The number if it is known at compile time.</summary>
    public virtual double? Value => null;

    /// <summary>The names in it.</summary>
    public abstract IEnumerable<string> Symbols { get; }

    /// <summary>A known number.</summary>
    public static Scalar Of(double value) => new Constant(value);

    /// <summary>A named number.</summary>
    public static Scalar Named(string name) => new Symbol(name);

    /// <summary>A size as a number.</summary>
    public static Scalar Of(Dim size) => size.Value is { } value ? new Constant(value) : new Size(size);

    /// <summary>A known number.</summary>
    public static implicit operator Scalar(double value) => Of(value);

    /// <summary>The sum.</summary>
    public static Scalar operator +(Scalar left, Scalar right) => (left, right) switch
    {
        ({ Value: { } l }, { Value: { } r }) => l + r,
        ({ Value: 0 }, _) => right,
        (_, { Value: 0 }) => left,
        (Size l, Size r) => Of(l.Dim + r.Dim),
        _ => new Arithmetic('+', left, right),
    };

    /// <summary>The difference.</summary>
    public static Scalar operator -(Scalar left, Scalar right) => (left, right) switch
    {
        ({ Value: { } l }, { Value: { } r }) => l - r,
        (_, { Value: 0 }) => left,
        (Size l, Size r) => Of(l.Dim - r.Dim),
        _ => new Arithmetic('-', left, right),
    };

    /// <summary>The opposite.</summary>
    public static Scalar operator -(Scalar value) => value * -1.0;

    /// <summary>The product.</summary>
    public static Scalar operator *(Scalar left, Scalar right) => (left, right) switch
    {
        ({ Value: { } l }, { Value: { } r }) => l * r,
        ({ Value: 1 }, _) => right,
        (_, { Value: 1 }) => left,
        ({ Value: { } c }, Arithmetic { Operator: '*' or '/', Left.Value: { } d } a) => new Arithmetic(a.Operator, c * d, a.Right),
        (Arithmetic { Operator: '*' or '/', Left.Value: { } d } a, { Value: { } c }) => new Arithmetic(a.Operator, d * c, a.Right),
        (_, { Value: not null }) => new Arithmetic('*', right, left),
        (Size l, Size r) => Of(l.Dim * r.Dim),
        _ => new Arithmetic('*', left, right),
    };

    /// <summary>The quotient of real numbers.</summary>
    public static Scalar operator /(Scalar left, Scalar right) => (left, right) switch
    {
        ({ Value: { } l }, { Value: { } r }) => l / r,
        (_, { Value: 1 }) => left,
        _ => new Arithmetic('/', left, right),
    };

    /// <summary>A function of <c>System.Math</c> of numbers.</summary>
    /// <param name="name">The method, such as <c>Log</c>.</param>
    /// <param name="function">What it does.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Scalar Function(string name, Func<double[], double> function, params Scalar[] arguments) =>
        arguments.All(a => a.Value is not null) ? function([.. arguments.Select(a => a.Value!.Value)]) : new Call(name, function, [.. arguments]);

    /// <summary>The number with names replaced.</summary>
    public abstract Scalar Substitute(IReadOnlyDictionary<string, Scalar> values);

    /// <summary>The number where every name has a value.</summary>
    public double Evaluate(IReadOnlyDictionary<string, double> values)
    {
        var result = Substitute(values.ToDictionary(v => v.Key, v => Of(v.Value)));
        return result.Value ?? throw new InvalidOperationException($"The number {this} has no value: a name in it has none.");
    }

    /// <summary>Tells the forms of a number apart: a constant, a named value, a size, arithmetic with its operator.</summary>
    public T Match<T>(Func<double, T> constant, Func<string, T> symbol, Func<Dim, T> size, Func<char, Scalar, Scalar, T> arithmetic) => this switch
    {
        Constant c => constant(c.Number),
        Symbol s => symbol(s.Name),
        Size s => size(s.Dim),
        Arithmetic a => arithmetic(a.Operator, a.Left, a.Right),
        _ => throw new InvalidOperationException($"{GetType().Name} is no form of a number."),
    };

    /// <summary>The size that the number is, if it is one.</summary>
    public Dim? AsDim() => this switch
    {
        Constant { Number: var n } when n == Math.Floor(n) && Math.Abs(n) < 1e15 => (long)n,
        Size s => s.Dim,
        Symbol s => Dim.Symbol(s.Name),
        Arithmetic { Operator: '+' } a when a.Left.AsDim() is { } l && a.Right.AsDim() is { } r => l + r,
        Arithmetic { Operator: '-' } a when a.Left.AsDim() is { } l && a.Right.AsDim() is { } r => l - r,
        Arithmetic { Operator: '*' } a when a.Left.AsDim() is { } l && a.Right.AsDim() is { } r => l * r,
        _ => null,
    };

    /// <summary>The literal of a double: invariant culture, shortest text that reads back as the same number.</summary>
    public static string Literal(double value)
    {
        if (double.IsNaN(value) || double.IsInfinity(value))
        {
            return double.IsNaN(value) ? "double.NaN" : value > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity";
        }

        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.IndexOfAny(['.', 'E']) < 0 ? text + ".0" : text;
    }

    private sealed record Constant(double Number) : Scalar
    {
        public override double? Value => Number;

        public override IEnumerable<string> Symbols => [];

        public override Scalar Substitute(IReadOnlyDictionary<string, Scalar> values) => this;

        public override string ToString() => Literal(Number);
    }

    private sealed record Symbol(string Name) : Scalar
    {
        public override IEnumerable<string> Symbols => [Name];

        public override Scalar Substitute(IReadOnlyDictionary<string, Scalar> values) =>
            values.TryGetValue(Name, out var value) ? value : this;

        public override string ToString() => Name;
    }

    private sealed record Size(Dim Dim) : Scalar
    {
        public override IEnumerable<string> Symbols => Dim.Symbols;

        public override Scalar Substitute(IReadOnlyDictionary<string, Scalar> values)
        {
            var sizes = Dim.Symbols
                .Where(values.ContainsKey)
                .Select(name => (name, size: values[name].AsDim()))
                .Where(s => s.size is not null)
                .ToDictionary(s => s.name, s => s.size!);
            return Of(Dim.Substitute(sizes));
        }

        public override string ToString() => Dim.ToString();
    }

    private sealed record Arithmetic(char Operator, Scalar Left, Scalar Right) : Scalar
    {
        public override IEnumerable<string> Symbols => Left.Symbols.Concat(Right.Symbols).Distinct();

        public override Scalar Substitute(IReadOnlyDictionary<string, Scalar> values)
        {
            Scalar left = Left.Substitute(values), right = Right.Substitute(values);
            return Operator switch
            {
                '+' => left + right,
                '-' => left - right,
                '*' => left * right,
                _ => left / right,
            };
        }

        public override string ToString() => (Operator, Left.Value) switch
        {
            ('*', -1.0) => "-" + Text(Right),
            // Sizes are integers in C#, and this is the quotient of real numbers.
            ('/', null) => $"(double){Text(Left)} / {Text(Right)}",
            _ => $"{Text(Left)} {Operator} {Text(Right)}",
        };

        private static string Text(Scalar operand) => operand is Constant or Symbol or Call or Size { Dim.AsSymbol: not null } ? operand.ToString()! : $"({operand})";
    }

    private sealed record Call(string Name, Func<double[], double> Evaluation, EquatableArray<Scalar> Arguments) : Scalar
    {
        public override IEnumerable<string> Symbols => Arguments.SelectMany(a => a.Symbols).Distinct();

        public override Scalar Substitute(IReadOnlyDictionary<string, Scalar> values) =>
            Function(Name, Evaluation, [.. Arguments.Select(a => a.Substitute(values))]);

        // The name says what the function is: two delegates of one name are the same function.
        public bool Equals(Call? other) => other is not null && Name == other.Name && Arguments == other.Arguments;

        public override int GetHashCode() => Name.GetHashCode() ^ Arguments.GetHashCode();

        public override string ToString() => $"Math.{Name}({string.Join(", ", Arguments)})";
    }
}
