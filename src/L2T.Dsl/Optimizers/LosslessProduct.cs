namespace L2T.Dsl.Optimizers;

/// <summary>
/// Multiplication of integers by n/d &lt; 1 without loss (Maclaurin, Duvenaud and Adams, 2015, "Gradient-based Hyperparameter Optimization
/// through Reversible Learning", algorithm 3): what the quotient loses goes into an integer i, and what it gains comes out of it.
/// <code>
/// forward   x = i d + c mod d;   c' = n (c div d) + x mod n;   i' = x div n
/// backward  x = i' n + c' mod n; c = d (c' div n) + x mod d;   i = x div d
/// </code>
/// i grows by log2(d/n) bits at a product. It is no long integer for each number, as there, but one word of 64 bits for a whole run of
/// numbers, which gives its low bits to a stack and takes them back: a coder by asymmetric numeral systems (Duda, 2013). i stays in
/// [n k, 2^16 n k) between products; whether a word was given away can be read off i.
/// </summary>
internal readonly struct LosslessProduct
{
    /// <summary>The largest denominator.</summary>
    public const int MaxDenominator = 1 << 15;

    /// <summary>The largest number that can be multiplied, in absolute value.</summary>
    public const long Range = 1L << 61;

    private const int WordBits = 16;

    private readonly ulong _n;
    private readonly ulong _d;
    private readonly Divisor _byN;
    private readonly Divisor _byD;
    private readonly ulong _least;
    private readonly ulong _end;
    private readonly ulong _fewest;

    // Multiples of n and d that make numbers in range positive: floors are then quotients of unsigned numbers.
    private readonly long _shiftN;
    private readonly long _shiftD;

    public LosslessProduct(Fraction factor)
    {
        _n = (ulong)factor.Numerator;
        _d = (ulong)factor.Denominator;
        _byN = new Divisor(_n);
        _byD = new Divisor(_d);
        // As large as i d < 2^64 allows: the larger i, the less its integer part rounds off.
        var k = ((1UL << (64 - WordBits)) - 1) / (_n * _d);
        _least = _n * k;
        _end = _least << WordBits;
        _fewest = _d * k;
        _shiftN = 2 * Range / (long)_n * (long)_n;
        _shiftD = 2 * Range / (long)_d * (long)_d;
        BitsPerProduct = Math.Log2((double)_d / _n) + 1.4427 / _least;
    }

    /// <summary>By how many bits a product can grow i: log2(d/n), and what is rounded off.</summary>
    public double BitsPerProduct { get; }

    /// <summary>i before the first product, and after the last was undone.</summary>
    public ulong Start => _least;

    /// <summary>How many words at most are given away in so many products.</summary>
    public long MaxWords(double products) => (long)(products * BitsPerProduct / WordBits) + 1;

    /// <summary>n/d times a number; -1 or the word that was given away in <paramref name="word"/>.</summary>
    public long Multiply(long number, ref ulong i, out int word)
    {
        var (quotient, lost) = _byD.Divide((ulong)(number + _shiftD));
        var (next, gained) = _byN.Divide(i * _d + lost);
        word = -1;
        if (next >= _end)
        {
            word = (ushort)next;
            next >>= WordBits;
        }
        i = next;
        return (long)(quotient * _n + gained) - _shiftD / (long)_d * (long)_n;
    }

    /// <summary>Whether undoing the product that left i takes a word back.</summary>
    public bool NeedsWord(ulong i) => i < _fewest;

    /// <summary>Takes a word back.</summary>
    public static ulong TakeWord(ulong i, ushort word) => (i << WordBits) | word;

    /// <summary>The number that <see cref="Multiply"/> was given, once its word is back.</summary>
    public long Undo(long product, ref ulong i)
    {
        var (quotient, gained) = _byN.Divide((ulong)(product + _shiftN));
        (i, var lost) = _byD.Divide(i * _n + gained);
        return (long)(quotient * _d + lost) - _shiftN / (long)_n * (long)_d;
    }
}
