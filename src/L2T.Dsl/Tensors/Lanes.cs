using System.Numerics;
using System.Runtime.CompilerServices;

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
            : Vector.Exp(x.As<T, float>()).As<float, T>();

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
}
