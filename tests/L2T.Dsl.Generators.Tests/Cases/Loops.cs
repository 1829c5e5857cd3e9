namespace Sample;

[Block]
public sealed partial class Layer(int width)
{
    [Parameter("width")]
    public partial Tensor Scale { get; }

    public Tensor Forward([Shape("N", "width")] Tensor x) => x * Scale;
}

[Student]
public sealed partial class Loops(int depth = 3)
{
    private readonly Layer[] _alike = BlockArray.Of(2 * depth, () => new Layer(4));
    private readonly Layer[] _apart = BlockArray.Of(3, i => new Layer(4 * i + 4));

    public Tensor Forward([Shape("N", 4)] Tensor x)
    {
        foreach (var layer in _alike)
            x = layer.Forward(x);

        for (var i = 0; i < _apart.Length; i++)
        {
            x = cat([x, _apart[i].Forward(x)[.., ..4]], 1);
        }

        var all = new List<Tensor>();
        for (long t = depth - 1; t >= 0; t -= 1)
        {
            var half = x / 2;
            (x, half) = (half, x);
            all.Add(x);
        }

        foreach (var one in all)
        {
            x += one * all[^1] * all.Count;
        }

        return _alike[0].Forward(x[.., ..4]) + _alike[^1].Forward(x[.., 4..8]);
    }
}
