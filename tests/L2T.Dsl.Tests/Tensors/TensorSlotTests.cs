using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Tensors;

public sealed class TensorSlotTests
{
    private static readonly TensorSlot Slot = new("Memory", [2, 6], Init.Identity, 1) { RowShape = [2, 3], Noise = 0.01 };

    [Fact]
    public void Is_equal_by_value()
    {
        var same = new TensorSlot("Memory", [2, 6], Init.Identity, 1) { RowShape = [2, 3], Noise = 0.01 };

        Assert.Equal(Slot, same);
        Assert.Equal(Slot.GetHashCode(), same.GetHashCode());
    }

    [Fact]
    public void Every_member_counts()
    {
        Assert.All(
            [
                Slot with { Name = "Other" }, Slot with { Shape = [6, 2] }, Slot with { Init = Init.Zeros }, Slot with { Scale = 2 },
                Slot with { RowShape = [3, 2] }, Slot with { RowShape = null }, Slot with { Noise = 0 },
            ],
            other => Assert.NotEqual(Slot, other));
    }

    [Fact]
    public void A_size_that_is_not_whole_is_refused()
    {
        Assert.Equal([2, 4], ((ITensorModule)new HalvedStudent(4)).Layout[0].Shape);
        Assert.Contains("3/2 of 'Weight'", Assert.Throws<L2TException>(() => ((ITensorModule)new HalvedStudent(3)).Layout).Message);
    }

    [Fact]
    public void A_prefix_changes_the_name_alone()
    {
        var prefixed = Slot.Prefixed("_hidden");

        Assert.Equal("_hidden.Memory", prefixed.Name);
        Assert.Equal(Slot, prefixed with { Name = "Memory" });
    }

    [Fact]
    public void The_cursor_hands_out_in_order_and_says_when_there_is_no_more()
    {
        using var first = zeros(1);
        using var second = zeros(2);
        var cursor = new TensorCursor([first, second]);

        Assert.Same(first, cursor.Next());
        Assert.Equal(1, cursor.Remaining);
        Assert.Same(second, cursor.Next());
        Assert.Contains("2 tensors", Assert.Throws<L2TException>(cursor.Next).Message);
    }
}

/// <summary>A student whose size is a quotient.</summary>
[Student]
public sealed partial class HalvedStudent(int width)
{
    [Parameter("width/2", 4)]
    public partial Tensor Weight { get; }

    public Tensor Forward([Shape("N", 4)] Tensor x) => nn.functional.linear(x, Weight);
}
