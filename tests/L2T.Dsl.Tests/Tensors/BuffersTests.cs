using CsCheck;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Tests.Tensors;

/// <summary>The buffers of a kernel, which share memory where they are not in use at the same time.</summary>
public sealed class BuffersTests
{
    [Fact]
    public void Buffers_in_use_at_the_same_time_do_not_meet()
    {
        Gen.Select(Gen.Long[0, 300], Gen.Int[0, 20], Gen.Int[0, 6]).Array[0, 40].Sample(drawn =>
        {
            (long Elements, int First, int Last)[] lives = [.. drawn.Select(d => (d.Item1, d.Item2, d.Item2 + d.Item3))];
            using var kernel = new Workspace();
            var buffers = kernel.Make(lives);

            long[] starts = [.. buffers.Select(b => b.numel() == 0 ? 0 : HostMemory.Address(b) / sizeof(float))];
            Assert.Equal(lives.Select(l => l.Elements), buffers.Select(b => b.numel()));
            for (var i = 0; i < lives.Length; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    var meet = starts[i] < starts[j] + lives[j].Elements && starts[j] < starts[i] + lives[i].Elements;
                    Assert.False(meet && lives[i].First <= lives[j].Last && lives[j].First <= lives[i].Last, $"{lives[i]} and {lives[j]} meet");
                }
            }
        });
    }

    [Theory]
    [InlineData(1, 2, 256)] // one behind the other in time: the largest is enough for all
    [InlineData(0, 0, 512)] // at the same time: all beside one another
    public void The_workspace_is_as_large_as_it_must_be(int firstOfSecond, int firstOfThird, long elements)
    {
        using var kernel = new Workspace();

        _ = kernel.Make((256, 0, 0), (128, firstOfSecond, firstOfSecond), (128, firstOfThird, firstOfThird));

        Assert.Equal(4 * elements, kernel.BufferBytes);
    }

    private sealed class Workspace() : Kernel(Block)
    {
        private static readonly TensorBlock Block = new([], ScalarType.Float32, CPU);

        public Tensor[] Make(params ReadOnlySpan<(long Elements, int First, int Last)> lives) => Buffers(lives);
    }
}
