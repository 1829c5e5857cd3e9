using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>The operators, on tensors, numbers and truth values in any mixture that C# allows.</summary>
public static class Arithmetic
{
    /// <summary>Applies a unary operator: <c>-</c> or <c>!</c>.</summary>
    /// <exception cref="LoweringException">It has no rule for such an operand.</exception>
    public static Lowered Unary(string op, Lowered operand, Builder b) => (op, operand) switch
    {
        ("-", NumberResult number) => number with { Value = -number.Value },
        ("-", TensorResult tensor) => new TensorResult(b.Scale(RequireReal(tensor.Value), -1)),
        ("!", BooleanResult truth) => new BooleanResult(!truth.Value),
        ("!", TensorResult tensor) => new TensorResult(b.Not(tensor.Value)),
        _ => throw new LoweringException($"'{op}' has no rule for such an operand"),
    };

    /// <summary>Applies a binary operator: <c>+ - * / %</c>, a comparison, <c>&amp;&amp;</c> or <c>||</c>.</summary>
    /// <exception cref="LoweringException">It has no rule for such operands.</exception>
    /// <exception cref="ShapeException">Tensors can't be broadcast to one another.</exception>
    public static Lowered Binary(string op, Lowered left, Lowered right, Builder b) => (left, right) switch
    {
        (NumberResult l, NumberResult r) => Numbers(op, l, r),
        (BooleanResult l, BooleanResult r) => new BooleanResult(Truths(op, l.Value, r.Value)),
        (TensorResult l, TensorResult r) => new TensorResult(Tensors(op, l.Value, r.Value, b)),
        (TensorResult l, NumberResult r) => new TensorResult(WithNumber(op, l.Value, r.Value, b)),
        (NumberResult l, TensorResult r) => new TensorResult(OfNumber(op, l.Value, r.Value, b)),
        _ => throw new LoweringException($"'{op}' has no rule for such operands"),
    };

    private static Comparison? ComparisonOf(string op) => op switch
    {
        "==" => Comparison.Equal,
        "!=" => Comparison.NotEqual,
        "<" => Comparison.Less,
        "<=" => Comparison.LessOrEqual,
        ">" => Comparison.Greater,
        ">=" => Comparison.GreaterOrEqual,
        _ => null,
    };

    private static Value Tensors(string op, Value left, Value right, Builder b)
    {
        if (ComparisonOf(op) is { } comparison)
        {
            var (x, y) = Broadcasting.Promoted(b, left, right);
            return b.Compare(comparison, x, y);
        }

        if (!left.IsReal && !right.IsReal)
        {
            throw new LoweringException($"'{op}' has no rule for two tensors of integers or truth values; convert one of them with to_type first");
        }

        var (l, r) = Broadcasting.RealTogether(b, left, right);
        return op switch
        {
            "+" => b.Add(l, r),
            "-" => b.Sub(l, r),
            "*" => b.Mul(l, r),
            "/" => b.Div(l, r),
            _ => throw NoRule(op),
        };
    }

    private static Value WithNumber(string op, Value left, Scalar right, Builder b) => ComparisonOf(op) is { } comparison
        ? b.Compare(comparison, left, right)
        : op switch
        {
            "+" => b.Shift(RequireReal(left), right),
            "-" => b.Shift(RequireReal(left), -right),
            "*" => b.Scale(RequireReal(left), right),
            "/" => b.Scale(RequireReal(left), 1 / right),
            _ => throw NoRule(op),
        };

    private static Value OfNumber(string op, Scalar left, Value right, Builder b) => ComparisonOf(op) is { } comparison
        ? b.Compare(comparison.Mirrored(), right, left)
        : op switch
        {
            "+" => b.Shift(RequireReal(right), left),
            "-" => b.Shift(b.Scale(RequireReal(right), -1), left),
            "*" => b.Scale(RequireReal(right), left),
            "/" => b.Scale(b.Pow(RequireReal(right), -1), left),
            _ => throw NoRule(op),
        };

    private static Lowered Numbers(string op, NumberResult left, NumberResult right)
    {
        if (ComparisonOf(op) is { } comparison)
        {
            return new BooleanResult(Compare(comparison, left.Value, right.Value));
        }

        return left.IsInteger && right.IsInteger
            ? new NumberResult(Scalar.Of(Integers(op, AsDim(left), AsDim(right))), true)
            : new NumberResult(
                op switch
                {
                    "+" => left.Value + right.Value,
                    "-" => left.Value - right.Value,
                    "*" => left.Value * right.Value,
                    "/" => left.Value / right.Value,
                    _ => throw NoRule(op),
                },
                false);
    }

    private static Dim Integers(string op, Dim left, Dim right) => op switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => Quotient(left, right),
        "%" => left - (Quotient(left, right) * right),
        _ => throw NoRule(op),
    };

    /// <summary>The quotient of integers rounded towards zero, as in C#; of sizes, which are not negative, it is rounded down.</summary>
    private static Dim Quotient(Dim left, Dim right) => (left.Value, right.Value) switch
    {
        (_, 0) => throw new LoweringException("this divides by zero"),
        ({ } l, { } r) => l / r,
        _ => left / right,
    };

    private static Dim AsDim(NumberResult number) =>
        number.Value.AsDim() ?? throw new LoweringException($"{number.Value} is no integer that is known at compile time");

    private static bool Compare(Comparison comparison, Scalar left, Scalar right) => (left.Value, right.Value, left.AsDim(), right.AsDim()) switch
    {
        ({ } l, { } r, _, _) => comparison.Holds(l, r),
        (_, _, { } l, { } r) when (l - r).Value is { } difference => comparison.Holds(difference, 0),
        _ => throw new LoweringException($"how {left} compares with {right} is not known at compile time"),
    };

    private static bool Truths(string op, bool left, bool right) => op switch
    {
        "&&" => left && right,
        "||" => left || right,
        "==" => left == right,
        "!=" => left != right,
        _ => throw NoRule(op),
    };

    private static Value RequireReal(Value x) => x.IsReal
        ? x
        : throw new LoweringException("arithmetic has rules for reals; convert integers and truth values with to_type(ScalarType.Float32) first");

    private static LoweringException NoRule(string op) => new($"'{op}' has no rule for such operands");
}
