using System.Globalization;
using L2T.Dsl.Compiler.Collections;

namespace L2T.Dsl.Compiler.Specs;

/// <summary>
/// A symbolic size: a polynomial with integer coefficients over names (constructor parameters such as <c>hidden</c>,
/// dimensions such as <c>N</c>) and integer quotients, kept in canonical form, so that equal sizes compare equal
/// however they were written. Its text is both what <see cref="TryParse"/> reads and a C# expression.
/// </summary>
public sealed class Dim : IEquatable<Dim>
{
    private readonly EquatableArray<Term> _terms;
    private readonly int _hash;

    private Dim(IEnumerable<Term> terms)
        : this(Canonical(terms))
    {
    }

    private Dim(EquatableArray<Term> canonical)
    {
        _terms = canonical;
        _hash = canonical.GetHashCode();
    }

    /// <summary>The size 0.</summary>
    public static Dim Zero { get; } = Constant(0);

    /// <summary>The size 1.</summary>
    public static Dim One { get; } = Constant(1);

    /// <summary>Whether the size is one number, and which.</summary>
    public long? Value => _terms.Count switch
    {
        0 => 0,
        1 when _terms[0].Factors.Count == 0 => _terms[0].Coefficient,
        _ => null,
    };

    /// <summary>The names in the size.</summary>
    public IEnumerable<string> Symbols => _terms.SelectMany(t => t.Factors).SelectMany(f => f.Symbols).Distinct();

    /// <summary>The one name that the size is, if it is just that.</summary>
    public string? AsSymbol =>
        _terms.Count == 1 && _terms[0].Coefficient == 1 && _terms[0].Factors.Count == 1 ? _terms[0].Factors[0].Name : null;

    /// <summary>A known size.</summary>
    public static Dim Constant(long value) => new(value == 0 ? EquatableArray<Term>.Empty : [new Term(value, [])]);

    /// <summary>A named size.</summary>
    public static Dim Symbol(string name) => new((EquatableArray<Term>)[new Term(1, [new Factor(name, null, null)])]);

    /// <summary>A known size.</summary>
    public static implicit operator Dim(long value) => Constant(value);

    /// <summary>The sum.</summary>
    public static Dim operator +(Dim left, Dim right) => (left.Value, right.Value) switch
    {
        ({ } l, { } r) => Constant(l + r),
        (0, _) => right,
        (_, 0) => left,
        _ => new(left._terms.Concat(right._terms)),
    };

    /// <summary>The difference.</summary>
    public static Dim operator -(Dim left, Dim right) => left + (right * -1);

    /// <summary>The product.</summary>
    public static Dim operator *(Dim left, Dim right) => (left.Value, right.Value) switch
    {
        ({ } l, { } r) => Constant(l * r),
        (1, _) => right,
        (_, 1) => left,
        _ => new(
            from l in left._terms
            from r in right._terms
            select new Term(
                l.Coefficient * r.Coefficient,
                l.Factors.Concat(r.Factors).OrderBy(f => f.Text, StringComparer.Ordinal).ToEquatableArray())),
    };

    /// <summary>The quotient rounded down; exact where the division is.</summary>
    public static Dim operator /(Dim left, Dim right)
    {
        if (left.TryDivide(right, out var exact))
        {
            return exact;
        }

        return (left.Value, right.Value) switch
        {
            ({ } l, { } r and not 0) => Constant(Floor(l, r)),
            (_, { } by and > 1) => Quotient(left, by),
            _ => new((EquatableArray<Term>)[new Term(1, [new Factor(null, left, right)])]),
        };
    }

    /// <summary>
    /// floor((b q + r) / b) = q + floor(r / b): what can be divided stands outside, so that equal quotients are equal however they came
    /// about, and nothing inside is negative.
    /// </summary>
    private static Dim Quotient(Dim left, long by)
    {
        var whole = new Dim(left._terms.Select(t => t with { Coefficient = Floor(t.Coefficient, by) }));
        var rest = left - (whole * by);
        if (rest.Value is { } number)
        {
            return whole + (number / by);
        }

        var common = rest._terms.Aggregate(by, (divisor, term) => Common(divisor, term.Coefficient));
        return whole + new Dim((EquatableArray<Term>)[new Term(1, [new Factor(null, rest / common, by / common)])]);
    }

    private static long Floor(long dividend, long divisor) =>
        Math.DivRem(dividend, divisor, out var rest) - (rest != 0 && (rest < 0) != (divisor < 0) ? 1 : 0);

    private static long Common(long a, long b) => b == 0 ? a : Common(b, a % b);

    /// <summary>Divides where the quotient is a polynomial again by one term of <paramref name="divisor"/>.</summary>
    public bool TryDivide(Dim divisor, out Dim quotient)
    {
        quotient = Zero;
        if (Equals(divisor) && Value != 0)
        {
            quotient = One;
            return true;
        }

        if (divisor._terms.Count != 1)
        {
            return false;
        }

        var by = divisor._terms[0];
        var result = new List<Term>();
        foreach (var term in _terms)
        {
            var factors = term.Factors.ToList();
            if (term.Coefficient % by.Coefficient != 0 || !by.Factors.All(factors.Remove))
            {
                return false;
            }

            result.Add(new Term(term.Coefficient / by.Coefficient, factors.ToEquatableArray()));
        }

        quotient = new Dim(result);
        return true;
    }

    /// <summary>The size with names replaced.</summary>
    public Dim Substitute(IReadOnlyDictionary<string, Dim> sizes) =>
        Symbols.Any(sizes.ContainsKey)
            ? _terms.Aggregate(Zero, (sum, term) => sum + term.Factors.Aggregate(Constant(term.Coefficient), (product, f) => product * f.Substitute(sizes)))
            : this;

    /// <summary>The sum of the size over the values of a name from 0 up to a count, excluded; null where the name stands in a quotient.</summary>
    public Dim? Sum(string name, Dim count) => IsPolynomialIn(name)
        ? _terms.Aggregate(Zero, (sum, term) => sum + (term.Without(name) * PowerSum(term.PowerOf(name), count)))
        : null;

    /// <summary>
    /// The largest value of the size where a name takes the values from 0 up to a count, excluded, and other names are not negative; null where it
    /// neither grows nor shrinks all along.
    /// </summary>
    public Dim? Largest(string name, Dim count)
    {
        var moving = _terms.Where(t => t.PowerOf(name) > 0).ToArray();
        Dim? at = !IsPolynomialIn(name) ? null
            : moving.All(t => t.Coefficient > 0) ? count - 1
            : moving.All(t => t.Coefficient < 0) ? Zero
            : null;
        return at is null ? null : Substitute(new Dictionary<string, Dim> { [name] = at });
    }

    private bool IsPolynomialIn(string name) => !_terms.SelectMany(t => t.Factors).Any(f => f.Name is null && f.Symbols.Contains(name));

    /// <summary>
    /// 0^p + 1^p + ... + (n - 1)^p. s^p is the sum of S(p, j) s (s - 1) ... (s - j + 1) with the Stirling numbers of the second kind, and these products
    /// sum to n (n - 1) ... (n - j) / (j + 1).
    /// </summary>
    private static Dim PowerSum(int power, Dim count)
    {
        var stirling = new long[power + 1];
        stirling[0] = 1;
        for (var p = 1; p <= power; p++)
        {
            for (var j = p; j > 0; j--)
            {
                stirling[j] = (j * stirling[j]) + stirling[j - 1];
            }

            stirling[0] = 0;
        }

        Dim sum = Zero, falling = One;
        for (var j = 0; j <= power; j++)
        {
            falling *= count - j;
            sum += stirling[j] * (falling / (j + 1));
        }

        return sum;
    }

    /// <summary>The quotients in the size, innermost first: sizes in attributes must divide without remainder.</summary>
    public IEnumerable<(Dim Numerator, Dim Denominator)> Quotients => _terms
        .SelectMany(t => t.Factors)
        .Where(f => f.Name is null)
        .SelectMany(f => f.Numerator!.Quotients.Concat(f.Denominator!.Quotients).Append((f.Numerator!, f.Denominator!)));

    /// <summary>The number that the size is where every name has a value.</summary>
    public long Evaluate(IReadOnlyDictionary<string, long> sizes)
    {
        var value = Substitute(sizes.ToDictionary(s => s.Key, s => Constant(s.Value))).Value;
        return value ?? throw new InvalidOperationException($"The size {this} has no value: a name in it has none.");
    }

    /// <summary>Reads a size: integers, names, <c>+ - * /</c> and parentheses.</summary>
    public static bool TryParse(string text, out Dim dim)
    {
        var position = 0;
        dim = Zero;
        if (!TrySum(out var result))
        {
            return false;
        }

        SkipSpace();
        dim = result;
        return position == text.Length;

        void SkipSpace()
        {
            while (position < text.Length && text[position] == ' ')
            {
                position++;
            }
        }

        bool Take(char c)
        {
            SkipSpace();
            if (position < text.Length && text[position] == c)
            {
                position++;
                return true;
            }

            return false;
        }

        bool TrySum(out Dim sum)
        {
            if (!TryProduct(out sum))
            {
                return false;
            }

            while (true)
            {
                var plus = Take('+');
                if (!plus && !Take('-'))
                {
                    return true;
                }

                if (!TryProduct(out var next))
                {
                    return false;
                }

                sum = plus ? sum + next : sum - next;
            }
        }

        bool TryProduct(out Dim product)
        {
            if (!TryFactor(out product))
            {
                return false;
            }

            while (true)
            {
                var times = Take('*');
                if (!times && !Take('/'))
                {
                    return true;
                }

                if (!TryFactor(out var next) || (!times && next.Value == 0))
                {
                    return false;
                }

                product = times ? product * next : product / next;
            }
        }

        bool TryFactor(out Dim factor)
        {
            factor = Zero;
            if (Take('('))
            {
                return TrySum(out factor) && Take(')');
            }

            if (Take('-'))
            {
                var negated = TryFactor(out factor);
                factor *= -1;
                return negated;
            }

            SkipSpace();
            var start = position;
            while (position < text.Length && (char.IsLetterOrDigit(text[position]) || text[position] == '_'))
            {
                position++;
            }

            var word = text.Substring(start, position - start);
            if (word.Length == 0)
            {
                return false;
            }

            if (!char.IsDigit(word[0]))
            {
                factor = Symbol(word);
                return true;
            }

            var number = long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
            factor = Constant(value);
            return number;
        }
    }

    /// <inheritdoc/>
    public bool Equals(Dim? other) => ReferenceEquals(this, other) || (other is not null && _hash == other._hash && _terms == other._terms);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Dim);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public override string ToString() => _terms.Count == 0
        ? "0"
        : string.Concat(_terms.Select((t, i) => (i, t.Coefficient < 0) switch
        {
            (0, false) => t.Text,
            (0, true) => "-" + t.Negated.Text,
            (_, false) => " + " + t.Text,
            (_, true) => " - " + t.Negated.Text,
        }));

    private static EquatableArray<Term> Canonical(IEnumerable<Term> terms) => terms
        .GroupBy(t => t.Factors)
        .Select(g => new Term(g.Sum(t => t.Coefficient), g.Key))
        .Where(t => t.Coefficient != 0)
        .OrderBy(t => t.Factors.Count == 0)
        .ThenBy(t => t.Key, StringComparer.Ordinal)
        .ToEquatableArray();

    private sealed record Term(long Coefficient, EquatableArray<Factor> Factors)
    {
        public string Key => string.Join("*", Factors.Select(f => f.Text));

        public int PowerOf(string name) => Factors.Count(f => f.Name == name);

        public Dim Without(string name) => new((EquatableArray<Term>)[this with { Factors = Factors.Where(f => f.Name != name).ToEquatableArray() }]);

        public Term Negated => this with { Coefficient = -Coefficient };

        public string Text => (Coefficient, Factors.Count) switch
        {
            (_, 0) => Coefficient.ToString(CultureInfo.InvariantCulture),
            (1, _) => Key,
            _ => Coefficient.ToString(CultureInfo.InvariantCulture) + "*" + Key,
        };
    }

    /// <summary>A name, or an integer quotient that is no polynomial.</summary>
    private sealed record Factor(string? Name, Dim? Numerator, Dim? Denominator)
    {
        public string Text => Name ?? $"(({Numerator})/({Denominator}))";

        public IEnumerable<string> Symbols => Name is null ? Numerator!.Symbols.Concat(Denominator!.Symbols) : [Name];

        public Dim Substitute(IReadOnlyDictionary<string, Dim> sizes) => Name is null
            ? Numerator!.Substitute(sizes) / Denominator!.Substitute(sizes)
            : sizes.TryGetValue(Name, out var size) ? size : Symbol(Name);
    }
}
