namespace Sample;

[Student]
public sealed partial class Calls(int width = 3, double rate = 0.5)
{
    public Tensor Forward([Shape("N", 6)] Tensor x)
    {
        var classes = x.shape[1];
        var sum = x.sum(dim: [0, -1], keepdim: true) + x.sum(1L) + x.mean([0]);
        var same = torch.where(x > 0, x, 0.0).to(float64).type(ScalarType.Float32);
        var parts = cat([x, x * 2], dim: 1).reshape(-1, width, 2).permute(0, 2, 1).flatten(1);
        var slice = x[0] + x[.., 1..3].sum() + x[TensorIndex.Ellipsis, -1].sum() + x[^1, ..^1].sum() + x[1..width].sum();
        var taken = x[TensorIndex.Slice(0, 2), TensorIndex.None].sum();
        var clamped = x.clamp(min: -1, max: rate);
        var named = functional.dropout(training: false, p: rate, input: x);
        var reduced = functional.cross_entropy(x, x.argmax(1), reduction: Reduction.Sum);
        var mask = (x > 0) & (x < 1) | ~(x == 2) ^ (x != 3);
        var tuple = topk(x, 2);
        var last = split(x, [2L, 4L], 1)[^1];
        var product = x.mT.matmul(x.T.mT).alias();
        return sum + same + parts + slice + taken + clamped + named + reduced + mask + tuple.values + tuple.Item2 + last + product + classes;
    }
}
