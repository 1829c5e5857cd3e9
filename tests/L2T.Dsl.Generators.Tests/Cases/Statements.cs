namespace Sample;

[Student]
public sealed partial class Statements(bool deep = true, int depth = 2)
{
    public bool Training { get; set; }

    [return: Shape("N", 4)]
    public Tensor Forward([Shape("N", 4)] Tensor x)
    {
        const double scale = 0.5;
        var h = x * scale;
        Tensor y, z = h + 1;
        h += z;
        h = -h;
        x = h;
        var (values, indices) = max(x, 1);
        var (best, _) = max(x, dim: 1);
        (y, z) = (z, h);
        _ = y.abs();
        if (deep && depth > 1)
        {
            y = y.tanh();
        }
        else if (!Training)
            return z;

        {
            var inner = y.exp();
            y = inner / 2;
        }

        ;
        Tensor either;
        if (depth == 2) either = y; else either = z;
        return Training ? functional.dropout(either, 0.1, Training) : either * (values + best).mean();
    }
}
