using System.Diagnostics;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Tests.Tensors;

public sealed class AllocatorTests
{
    [Fact]
    public void Is_set_up_on_glibc_and_says_so_every_time()
    {
        Assert.Equal(Environment.GetEnvironmentVariable(Allocator.Switch) != "0", Allocator.KeepMemory());
        Assert.Equal(Allocator.KeepMemory(), Allocator.KeepMemory());
    }

    [Fact]
    public void Large_tensors_then_keep_their_pages()
    {
        if (!Allocator.KeepMemory())
            return;
        Touch();
        var before = Faults();

        for (var i = 0; i < 50; i++)
            Touch();

        // 50 x 16 MiB would be 204,800 page faults.
        Assert.InRange(Faults() - before, 0, 20_000);

        static void Touch()
        {
            using var tensor = TorchSharp.torch.ones(4 << 20);
        }

        // Minor faults of this process: the tenth field, counted after the name in brackets.
        static long Faults()
        {
            var stat = File.ReadAllText($"/proc/{Process.GetCurrentProcess().Id}/stat");
            return long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[7], System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
