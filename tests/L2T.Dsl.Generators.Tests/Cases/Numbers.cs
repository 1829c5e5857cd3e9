namespace Sample;

[Student]
public sealed partial class Numbers(int classes = 10, long steps = 100, float rate = 0.1f, bool deep = false)
{
    private const double Eps = 1e-7;

    public Tensor Forward([Shape("N", 4)] Tensor x)
    {
        double share = classes;
        var folded = Eps * 2 + 1 / 3 + (int)2.7 + Math.PI + 0.1f;
        var real = 1.0 / classes + classes / (double)steps + rate * classes;
        var integer = classes / 2 + steps % 3 - (long)classes;
        var logarithm = Math.Log(10) + Math.Log(classes) + Math.Max(classes, 2) + MathF.Sqrt(rate) + Math.Pow(2, 0.5);
        var limits = double.NegativeInfinity + (deep ? float.Epsilon : 1e300);
        var truth = deep & true || !(classes >= 3) | steps != 2;
        Scalar scalar = 3;
        Tensor tensor = 0.5;
        return x * folded + real * x + x * integer + logarithm + limits + (truth ? scalar : 1) * x + tensor * +share;
    }
}
