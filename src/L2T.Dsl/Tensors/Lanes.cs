using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace L2T.Dsl.Tensors;

/// <summary>
/// The functions of fused loops over the lanes of a vector, for float and double; each agrees with libtorch's to a few
/// units in the last place. The branch on the type is decided when the loop is compiled.
/// </summary>
public static class Lanes
{
    /// <summary>e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp<T>(Vector<T> x)
        where T : unmanaged =>
        typeof(T) == typeof(double)
            ? Vector.Exp(x.As<T, double>()).As<double, T>()
            : Exp(x.As<T, float>()).As<float, T>();

    /// <summary>The natural logarithm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Log<T>(Vector<T> x)
        where T : unmanaged =>
        typeof(T) == typeof(double)
            ? Vector.Log(x.As<T, double>()).As<double, T>()
            : Vector.Log(x.As<T, float>()).As<float, T>();

    /// <summary>The square root.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sqrt<T>(Vector<T> x)
        where T : unmanaged => Vector.SquareRoot(x);

    /// <summary>max(x, 0); NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Relu<T>(Vector<T> x)
        where T : unmanaged => Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), Vector<T>.Zero, x);

    /// <summary>1 where x &gt; 0, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Step<T>(Vector<T> x)
        where T : unmanaged => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), Vector<T>.One, Vector<T>.Zero);

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sigmoid<T>(Vector<T> x)
        where T : unmanaged => Vector<T>.One / (Vector<T>.One + Exp(-x));

    /// <summary>1 / x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Reciprocal<T>(Vector<T> x)
        where T : unmanaged => Vector<T>.One / x;

    /// <summary>1 / sqrt(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Rsqrt<T>(Vector<T> x)
        where T : unmanaged => Vector<T>.One / Vector.SquareRoot(x);

    /// <summary>|x|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Abs<T>(Vector<T> x)
        where T : unmanaged => Vector.Abs(x);

    /// <summary>-1, 0 or 1 by the sign of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sign<T>(Vector<T> x)
        where T : unmanaged => Step(x) - Step(-x);

    /// <summary>The greater of x and y; NaN where one of them is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Max<T>(Vector<T> x, Vector<T> y)
        where T : unmanaged => Vector.Max(x, y);

    /// <summary>The lesser of x and y; NaN where one of them is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Min<T>(Vector<T> x, Vector<T> y)
        where T : unmanaged => Vector.Min(x, y);

    /// <summary>x limited to [lower, upper]; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Clamp<T>(Vector<T> x, Vector<T> lower, Vector<T> upper)
        where T : unmanaged => Vector.Min(Vector.Max(x, lower), upper);

    /// <summary>1 where x = y, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Equal<T>(Vector<T> x, Vector<T> y)
        where T : unmanaged => Vector.ConditionalSelect(Vector.Equals(x, y), Vector<T>.One, Vector<T>.Zero);

    /// <summary>1 where x differs from y, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> NotEqual<T>(Vector<T> x, Vector<T> y)
        where T : unmanaged => Vector<T>.One - Equal(x, y);

    /// <summary>1 where x &lt; y, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Less<T>(Vector<T> x, Vector<T> y)
        where T : unmanaged => Vector.ConditionalSelect(Vector.LessThan(x, y), Vector<T>.One, Vector<T>.Zero);

    /// <summary>1 where x &lt;= y, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> LessOrEqual<T>(Vector<T> x, Vector<T> y)
        where T : unmanaged => Vector.ConditionalSelect(Vector.LessThanOrEqual(x, y), Vector<T>.One, Vector<T>.Zero);

    /// <summary>1 where x &gt; y, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Greater<T>(Vector<T> x, Vector<T> y)
        where T : unmanaged => Vector.ConditionalSelect(Vector.GreaterThan(x, y), Vector<T>.One, Vector<T>.Zero);

    /// <summary>1 where x &gt;= y, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> GreaterOrEqual<T>(Vector<T> x, Vector<T> y)
        where T : unmanaged => Vector.ConditionalSelect(Vector.GreaterThanOrEqual(x, y), Vector<T>.One, Vector<T>.Zero);

    /// <summary>The sine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sin<T>(Vector<T> x)
        where T : unmanaged =>
        typeof(T) == typeof(double)
            ? Vector.Sin(x.As<T, double>()).As<double, T>()
            : Vector.Sin(x.As<T, float>()).As<float, T>();

    /// <summary>The cosine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Cos<T>(Vector<T> x)
        where T : unmanaged =>
        typeof(T) == typeof(double)
            ? Vector.Cos(x.As<T, double>()).As<double, T>()
            : Vector.Cos(x.As<T, float>()).As<float, T>();

    /// <summary>
    /// The hyperbolic tangent: a rational function where |x| is small, so that tanh x keeps its relative accuracy there
    /// (Moshier's Cephes, tanh.c), else 1 - 2 / (e^2|x| + 1) with the sign of x.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Tanh<T>(Vector<T> x)
        where T : unmanaged
    {
        var z = x * x;
        var p = (((Number<T>(-9.64399179425052238628e-1) * z) + Number<T>(-9.92877231001918586564e1)) * z) + Number<T>(-1.61468768441708447952e3);
        var q = (((((z + Number<T>(1.12811678491632931402e2)) * z) + Number<T>(2.23548839060100448583e3)) * z) + Number<T>(4.84406305325125486048e3));
        var near = x + (x * z * (p / q));
        var magnitude = Vector.Abs(x);
        var far = Vector<T>.One - (Number<T>(2) / (Exp(magnitude + magnitude) + Vector<T>.One));
        return Vector.ConditionalSelect(Vector.LessThan(magnitude, Number<T>(0.625)), near, Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), -far, far));
    }

    /// <summary>log(1 + x): the logarithm of the rounded sum, corrected for its rounding (Kahan).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Log1p<T>(Vector<T> x)
        where T : unmanaged
    {
        var u = Vector<T>.One + x;
        var corrected = Log(u) * (x / (u - Vector<T>.One));
        return Vector.ConditionalSelect(Vector.Equals(u, Vector<T>.One), x, corrected);
    }

    /// <summary>log(1 + e^x), without overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Softplus<T>(Vector<T> x)
        where T : unmanaged => Relu(x) + Log1p(Exp(-Vector.Abs(x)));

    // Without an instruction for it, multiply-add is a call for each lane.
    private static bool MultipliesAndAdds => Fma.IsSupported || AdvSimd.IsSupported;

    // e^x = 2^n e^r with a whole number n and |r| <= ln 2 / 2, for which there is a polynomial (Moshier's Cephes, expf.c). Vector.Exp computes floats
    // as doubles, which takes more than twice as long.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Exp(Vector<float> x)
    {
        if (!MultipliesAndAdds)
            return Vector.Exp(x);

        const float Least = -104; // whose power is half of the least number above zero
        const float Most = 89; // whose power is infinite
        const float Whole = 12582912; // 3 * 2^22: in a sum with it the last place is 1
        x = Vector.ConditionalSelect(Vector.LessThan(x, new(Least)), new(Least), x);
        x = Vector.ConditionalSelect(Vector.GreaterThan(x, new(Most)), new(Most), x);
        var shifted = Vector.FusedMultiplyAdd(x, new(1.44269504088896341f), new(Whole));
        var n = shifted - new Vector<float>(Whole);
        var r = Vector.FusedMultiplyAdd(n, new(-0.693359375f), x);
        r = Vector.FusedMultiplyAdd(n, new(2.12194440e-4f), r);
        var p = Vector.FusedMultiplyAdd(new(1.9875691500e-4f), r, new(1.3981999507e-3f));
        p = Vector.FusedMultiplyAdd(p, r, new(8.3334519073e-3f));
        p = Vector.FusedMultiplyAdd(p, r, new(4.1665795894e-2f));
        p = Vector.FusedMultiplyAdd(p, r, new(1.6666665459e-1f));
        p = Vector.FusedMultiplyAdd(p, r, new(5.0000001201e-1f));
        p = Vector.FusedMultiplyAdd(p, r * r, r) + Vector<float>.One;

        // In two factors, as neither 2^128 nor the powers below 2^-126 are floats of their own.
        var exponent = shifted.As<float, int>() - new Vector<int>(BitConverter.SingleToInt32Bits(Whole));
        var half = Vector.ShiftRightArithmetic(exponent, 1);
        return p * PowerOfTwo(half) * PowerOfTwo(exponent - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> PowerOfTwo(Vector<int> exponent) =>
        Vector.ShiftLeft(exponent + new Vector<int>(127), 23).As<int, float>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Number<T>(double number)
        where T : unmanaged =>
        typeof(T) == typeof(double) ? new Vector<double>(number).As<double, T>() : new Vector<float>((float)number).As<float, T>();
}
