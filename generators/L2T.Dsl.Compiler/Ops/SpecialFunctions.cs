namespace L2T.Dsl.Compiler.Ops;

/// <summary>Functions that netstandard2.0 lacks, to the accuracy of a double; for the reference evaluation.</summary>
internal static class SpecialFunctions
{
    /// <summary>log(1 + x), exact for small x too (Kahan's correction of the rounding of 1 + x).</summary>
    public static double Log1p(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : double.IsInfinity(u) ? u : Math.Log(u) * x / (u - 1);
    }

    /// <summary>
    /// The error function: its series of positive terms (Abramowitz and Stegun 7.1.6) where it converges fast, else
    /// one minus the continued fraction of the complement (7.1.14).
    /// </summary>
    public static double Erf(double x)
    {
        var a = Math.Abs(x);
        if (double.IsNaN(x) || a > 6)
        {
            return double.IsNaN(x) ? x : Math.Sign(x);
        }

        if (a < 3)
        {
            double term = x, sum = x;
            for (var n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
            {
                term *= 2 * x * x / ((2 * n) + 1);
                sum += term;
            }

            return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
        }

        var fraction = a;
        for (var n = 60; n >= 1; n--)
        {
            fraction = a + (n / 2.0 / fraction);
        }

        return Math.Sign(x) * (1 - (Math.Exp(-a * a) / (Math.Sqrt(Math.PI) * fraction)));
    }
}
