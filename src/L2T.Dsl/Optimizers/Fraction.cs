namespace L2T.Dsl.Optimizers;

/// <summary>A ratio of integers.</summary>
/// <param name="Numerator">n.</param>
/// <param name="Denominator">d.</param>
public readonly record struct Fraction(int Numerator, int Denominator)
{
    /// <summary>n / d.</summary>
    public double Value => (double)Numerator / Denominator;

    /// <summary>
    /// The fraction nearest to a number in [0, 1], with a denominator of at most <paramref name="limit"/>, by descent in the tree of Stern and
    /// Brocot: that of the smallest denominator where the number is one to the precision of a double.
    /// </summary>
    internal static Fraction Nearest(double value, int limit)
    {
        const double Exact = 1e-15;
        var (low, high) = (new Fraction(0, 1), new Fraction(1, 1));
        while (low.Denominator + high.Denominator <= limit && Error(low) > Exact && Error(high) > Exact)
        {
            var middle = new Fraction(low.Numerator + high.Numerator, low.Denominator + high.Denominator);
            if (value < middle.Value)
                high = middle;
            else
                low = middle;
        }
        return Error(low) <= Error(high) ? low : high;

        double Error(Fraction fraction) => Math.Abs(fraction.Value - value);
    }
}
