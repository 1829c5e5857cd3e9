namespace L2T.Dsl.Compiler.Ir;

/// <summary>A dense row-major array of doubles: integers and truth values (0, 1) are kept as doubles too.</summary>
/// <param name="Shape">The sizes.</param>
/// <param name="Data">The elements, last dimension fastest.</param>
public sealed record NdArray(long[] Shape, double[] Data)
{
    /// <summary>The number of dimensions.</summary>
    public int Rank => Shape.Length;

    /// <summary>A single number.</summary>
    public static NdArray Scalar(double value) => new([], [value]);

    /// <summary>An array whose element at each multi-index is what <paramref name="element"/> says.</summary>
    public static NdArray Generate(long[] shape, Func<long[], double> element)
    {
        var data = new double[Count(shape)];
        var index = new long[shape.Length];
        for (var i = 0; i < data.Length; i++)
        {
            data[i] = element(index);
            for (var d = shape.Length - 1; d >= 0 && ++index[d] == shape[d]; d--)
            {
                index[d] = 0;
            }
        }

        return new(shape, data);
    }

    /// <summary>The element at a multi-index.</summary>
    public double this[params long[] index] => Data[Offset(index)];

    /// <summary>The number of elements of a shape.</summary>
    public static long Count(long[] shape) => shape.Aggregate(1L, (product, d) => product * d);

    /// <summary>Applies a function to each element.</summary>
    public NdArray Map(Func<double, double> f) => new(Shape, [.. Data.Select(f)]);

    /// <summary>Applies a function to each pair of elements of two arrays of one shape.</summary>
    public NdArray Zip(NdArray other, Func<double, double, double> f) => new(Shape, [.. Data.Zip(other.Data, f)]);

    /// <summary>Sums over dimensions, keeping them with size 1.</summary>
    public NdArray SumKeep(IEnumerable<int> dims) => Reduce(dims, 0, (sum, x) => sum + x);

    /// <summary>Folds dimensions, keeping them with size 1.</summary>
    public NdArray Reduce(IEnumerable<int> dims, double start, Func<double, double, double> fold)
    {
        var reduced = new HashSet<int>(dims);
        long[] shape = [.. Shape.Select((size, d) => reduced.Contains(d) ? 1 : size)];
        var data = Enumerable.Repeat(start, (int)Count(shape)).ToArray();
        var result = new NdArray(shape, data);
        Generate(Shape, index =>
        {
            long offset = 0;
            for (var d = 0; d < Shape.Length; d++)
            {
                offset = (offset * shape[d]) + (reduced.Contains(d) ? 0 : index[d]);
            }

            data[offset] = fold(data[offset], this[index]);
            return 0;
        });
        return result;
    }

    /// <summary>The same elements in another shape.</summary>
    public NdArray Reshape(long[] shape) => new(shape, Data);

    /// <summary>Zeros of a shape, to which each element is added where <paramref name="to"/> sends its multi-index.</summary>
    public NdArray ScatterAdd(long[] shape, Func<long[], long[]> to)
    {
        var result = new NdArray(shape, new double[Count(shape)]);
        Generate(Shape, index => result.Data[result.Offset(to(index))] += this[index]);
        return result;
    }

    private long Offset(long[] index)
    {
        long offset = 0;
        for (var d = 0; d < Shape.Length; d++)
        {
            offset = (offset * Shape[d]) + index[d];
        }

        return offset;
    }
}
