using L2T.Dsl.Blocks;
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
    public void Parts_are_equal_by_value()
    {
        var parts = Slot with { PartShapes = [[2, 3], [6]] };

        Assert.Equal(parts, Slot with { PartShapes = [[2, 3], [6]] });
        Assert.NotEqual(parts, Slot with { PartShapes = [[3, 2], [6]] });
        Assert.NotEqual(parts, Slot with { PartShapes = [[2, 3]] });
    }

    [Fact]
    public void Every_member_counts()
    {
        Assert.All(
            [
                Slot with { Name = "Other" }, Slot with { Shape = [6, 2] }, Slot with { Init = Init.Zeros }, Slot with { Scale = 2 },
                Slot with { RowShape = [3, 2] }, Slot with { RowShape = null }, Slot with { Noise = 0 },
                Slot with { PartShapes = [[2, 3], [6]] },
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
    public void Tensors_of_blocks_that_differ_in_size_lie_one_behind_the_other()
    {
        var widening = new WideningStudent(3);
        using var block = new TensorBlock(((ITensorModule)widening).Layout, float64, CPU);
        block.LendTo(widening);
        using var generator = new Generator(1);
        block.Initialise(generator);

        Assert.Equal(["_layers.Weight", "_layers.Bias"], block.Layout.Select(slot => slot.Name));
        Assert.Equal([[2 * (4 + 6 + 8)], [2 + 2 + 2]], block.Layout.Select(slot => slot.Shape));
        Assert.Equal([[2, 4], [2, 6], [2, 8]], block.Layout[0].PartShapes);
        Assert.Equal([[2, 4], [2, 6], [2, 8]], widening.Layers.Select(layer => layer.Weight.shape));
        Assert.Equal(block[0].data<double>().ToArray(), widening.Layers.SelectMany(layer => layer.Weight.data<double>().ToArray()));
        Assert.Equal([[0], [0]], ((ITensorModule)new WideningStudent(0)).Layout.Select(slot => slot.Shape));
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

/// <summary>A student whose layers differ in size.</summary>
[Student]
public sealed partial class WideningStudent(int count)
{
    private readonly Linear[] _layers = BlockArray.Of(count, i => new Linear(4 + (2 * i), 2));

    public IReadOnlyList<Linear> Layers => _layers;

    public Tensor Forward([Shape("N", 4)] Tensor x)
    {
        foreach (var layer in _layers)
        {
            x = cat([x, layer.Forward(x)], 1);
        }

        return x;
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
