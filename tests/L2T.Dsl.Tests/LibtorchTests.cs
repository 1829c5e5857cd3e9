using L2T.Dsl.Tensors;
using TorchSharp;

namespace L2T.Dsl.Tests;

public sealed class LibtorchTests
{
    [Fact]
    public void One_plus_one_is_two()
    {
        Libtorch.EnsureLoaded();
        using var one = torch.ones(1, torch.float64);
        using var two = one + one;

        Assert.Equal(2.0, two.item<double>());
    }

    [Fact]
    public void The_message_for_a_library_that_does_not_load_names_both_causes_and_keeps_the_original()
    {
        var cause = new TypeInitializationException("TorchSharp.torch", new NotSupportedException("no reference to libtorch-cpu-linux-x64"));

        var fault = Libtorch.Explain(cause);

        Assert.Contains("libtorch-cpu-linux-x64", fault.Message);
        Assert.Contains("GLIBCXX_3.4.32", fault.Message);
        Assert.Contains("no reference to libtorch-cpu-linux-x64", fault.Message);
        Assert.Same(cause, fault.InnerException);
    }
}
