using static TorchSharp.torch;

namespace L2T.Dsl.Tensors;

/// <summary>
/// Fills tensors as <c>torch.nn.init</c> does, from an explicit generator.
/// <list type="table">
/// <item><term><see cref="Init.Zeros"/>, <see cref="Init.Ones"/></term><description>0, 1.</description></item>
/// <item><term><see cref="Init.Constant"/></term><description>Scale.</description></item>
/// <item><term><see cref="Init.Normal"/></term><description>N(0, Scale^2).</description></item>
/// <item><term><see cref="Init.KaimingUniform"/></term><description>
/// U(-b, b), b = Scale * sqrt(3 / fan_in) (He et al. 2015). Scale is the gain: sqrt(2) before a relu; <c>nn.Linear</c> and
/// <c>nn.Conv2d</c> start at sqrt(1/3).</description></item>
/// <item><term><see cref="Init.XavierUniform"/></term><description>
/// U(-b, b), b = Scale * sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010).</description></item>
/// <item><term><see cref="Init.Identity"/></term><description>Scale on the diagonal of a matrix, else 0.</description></item>
/// </list>
/// As in PyTorch, a weight is [out, in, kernel...]: fan_in = in * kernel, fan_out = out * kernel.
/// </summary>
/// <remarks>
/// Random numbers are drawn in float64 on the CPU and then rounded and copied, so that a seed means the same start for every
/// element type and device.
/// </remarks>
public static class TensorInitialiser
{
    // Numbers that are drawn at once: 64 kB. A multiple of 16, since libtorch draws normal numbers in groups of 16.
    private const long Piece = 1 << 13;
    private const long Group = 16;

    /// <summary>Fills <paramref name="tensor"/>, of the slot's shape, as <paramref name="slot"/> says.</summary>
    /// <exception cref="L2TException">The slot's initialisation needs a matrix, or more dimensions than it has.</exception>
    public static void Fill(Tensor tensor, TensorSlot slot, Generator generator)
    {
        if (slot.Count == 0)
            return;
        using var noGradient = no_grad();
        if (slot.Noise == 0 && tensor.is_contiguous())
        {
            FillRows(tensor, slot, generator);
            return;
        }
        using var values = empty(slot.Shape, float64, CPU);
        FillRows(values, slot, generator);
        if (slot.Noise != 0)
        {
            using var noise = empty(slot.Shape, float64, CPU);
            values.add_(noise.normal_(0, slot.Noise, generator), Products.One);
        }
        tensor.copy_(values);
    }

    private static void FillRows(Tensor values, TensorSlot slot, Generator generator)
    {
        if (slot.PartShapes is { } shapes)
        {
            using var flat = values.view(-1);
            var start = 0L;
            foreach (var shape in shapes)
            {
                var count = TensorSlot.Elements(shape);
                using var stretch = flat.narrow(0, start, count);
                using var part = stretch.view(shape);
                FillOne(part, slot, generator);
                start += count;
            }
            return;
        }
        if (slot.RowShape is null)
        {
            FillOne(values, slot, generator);
            return;
        }
        using var rows = values.view([-1, .. slot.RowShape]);
        for (var row = 0L; row < rows.shape[0]; row++)
        {
            using var one = rows.select(0, row);
            FillOne(one, slot, generator);
        }
    }

    private static void FillOne(Tensor values, TensorSlot slot, Generator generator)
    {
        switch (slot.Init)
        {
            case Init.Zeros:
                values.fill_(0);
                break;
            case Init.Ones:
                values.fill_(1);
                break;
            case Init.Constant:
                values.fill_(slot.Scale);
                break;
            case Init.Normal:
                Draw(values, piece => piece.normal_(0, slot.Scale, generator));
                break;
            case Init.KaimingUniform:
                Uniform(values, slot.Scale * Math.Sqrt(3.0 / Fans(values.shape, slot).In), generator);
                break;
            case Init.XavierUniform:
                var (fanIn, fanOut) = Fans(values.shape, slot);
                Uniform(values, slot.Scale * Math.Sqrt(6.0 / (fanIn + fanOut)), generator);
                break;
            case Init.Identity:
                if (values.dim() != 2)
                    throw new L2TException($"{slot}: Init.Identity is for matrices. Choose another Init.");
                values.fill_(0);
                using (var diagonal = values.diagonal())
                    diagonal.fill_(slot.Scale);
                break;
            default:
                throw new L2TException($"{slot}: {slot.Init} is not an Init. Use one of {string.Join(", ", Enum.GetNames<Init>())}.");
        }
    }

    private static void Uniform(Tensor values, double bound, Generator generator) =>
        Draw(values, piece => piece.uniform_(-bound, bound, generator));

    // Piece by piece, to the same numbers as at once: drawn at once, they would take as much memory as two or more sets of float32 weights.
    private static void Draw(Tensor values, Action<Tensor> draw)
    {
        var count = values.numel();
        using var flat = values.view(count);
        using var buffer = empty(Math.Min(count, Piece + Group), float64, CPU);
        for (var start = 0L; start < count;)
        {
            // Fewer than a group would be drawn otherwise.
            var size = count - start < Piece + Group ? count - start : Piece;
            using var piece = buffer.narrow(0, 0, size);
            draw(piece);
            using var place = flat.narrow(0, start, size);
            place.copy_(piece);
            start += size;
        }
    }

    private static (long In, long Out) Fans(long[] shape, TensorSlot slot)
    {
        if (shape.Length < 2)
            throw new L2TException($"{slot}: {slot.Init} needs at least two dimensions, [out, in, kernel...]. Use Init.Normal or Init.Zeros.");
        var kernel = TensorSlot.Elements(shape.AsSpan(2));
        return (shape[1] * kernel, shape[0] * kernel);
    }
}
