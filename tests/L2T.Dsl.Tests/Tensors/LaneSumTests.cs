using System.Numerics;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Tests.Tensors;

public sealed class LaneSumTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(1003)]
    public void Lanes_behind_the_row_do_not_count(int columns)
    {
        Assert.Equal(columns * (columns + 1) / 2, Sum(columns, j => (double)(j + 1)));
        Assert.Equal(columns * (columns + 1) / 2, Sum(columns, j => (float)(j + 1)));
    }

    [Fact]
    public void Long_rows_of_floats_lose_nothing() => Assert.Equal(0.1f * 1_000_000, Sum(1_000_000, _ => 0.1f), 1e-2f);

    [Fact]
    public void What_is_not_a_number_stays()
    {
        Assert.True(double.IsNaN(Sum(9, j => j == 3 ? double.NaN : 1)));
        Assert.True(float.IsNaN(Sum(9, j => j == 8 ? float.NaN : 1)));
        Assert.Equal(float.PositiveInfinity, Sum(9, j => j == 8 ? float.PositiveInfinity : 1));
    }

    /// <summary>Behind the last column each lane holds a number that must not be seen.</summary>
    private static T Sum<T>(int columns, Func<int, T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sum = default(LaneSum<T>);
        for (var j = 0; j < columns; j += Vector<T>.Count)
        {
            var lanes = new Vector<T>(T.CreateChecked(1e6));
            for (var i = 0; i < Vector<T>.Count && j + i < columns; i++)
            {
                lanes = lanes.WithElement(i, value(j + i));
            }

            sum.Add(columns - j, lanes);
        }

        return sum.Total;
    }
}
