namespace Sample;

[Block]
public sealed partial class Cell(int inputs, int hidden, double rate = 0.5, bool biased = true)
{
    [Parameter("4*hidden", "inputs + hidden", Init = Init.XavierUniform, Scale = 2)] private partial Tensor Weight { get; }
    [Parameter] protected internal partial Tensor Gain { get; }

    public (Tensor h, Tensor c) Forward([Shape("N", "inputs")] Tensor x, [Shape("N", "hidden")] Tensor h, [Shape("N", "hidden")] Tensor c) =>
        (h * rate, biased ? c : x);

    public Tensor Start([Shape("N", "inputs")] Tensor x) => x.new_zeros(x.shape[0], hidden);

    public override string ToString() => $"Cell of {hidden}";
}

[Student]
internal sealed partial class Recurrent(int hidden = 8, float rate = 0.25f)
{
    private readonly Cell _first = new(4, 2 * hidden + 1, biased: false);
    private readonly Cell _second = new(hidden: hidden / 2, inputs: hidden, rate: 1 - rate * 0.5);

    public Tensor Forward([Shape("N", 4)] Tensor x)
    {
        var h = _first.Start(x);
        (h, var c) = _first.Forward(x, h, c: h);
        return _second.Forward(h, h, c).h;
    }
}
