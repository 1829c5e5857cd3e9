namespace L2T.Dsl.Optimizers;

/// <summary>Divides by one number many times: a multiplication by its reciprocal and a correction.</summary>
internal readonly struct Divisor(ulong divisor)
{
    private readonly ulong _reciprocal = ulong.MaxValue / divisor;

    /// <summary>Quotient and remainder of any <paramref name="value"/>.</summary>
    public (ulong Quotient, ulong Remainder) Divide(ulong value)
    {
        // value / divisor - 1 < value reciprocal / 2^64 <= value / divisor: too small by one at most.
        var quotient = Math.BigMul(value, _reciprocal, out _);
        var remainder = value - quotient * divisor;
        return remainder >= divisor ? (quotient + 1, remainder - divisor) : (quotient, remainder);
    }
}
