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
    public void A_missing_package_is_named_without_the_trace_that_follows()
    {
        var cause = new TypeInitializationException(
            "TorchSharp.torch", new NotSupportedException("\nno reference to libtorch-cpu-linux-x64\n\nTrace from LoadNativeBackend:"));

        var fault = Libtorch.Explain(cause);

        Assert.Contains("Add the package libtorch-cpu-linux-x64", fault.Message);
        Assert.EndsWith("TorchSharp says: no reference to libtorch-cpu-linux-x64", fault.Message);
        Assert.Same(cause, fault.InnerException);
    }

    [Fact]
    public void A_runtime_that_is_too_old_is_named_as_the_linker_names_it()
    {
        // As .NET reports it on Debian 12.
        var cause = new DllNotFoundException("""
            Unable to load shared library 'LibTorchSharp' or one of its dependencies.
            /app/LibTorchSharp.so: cannot open shared object file: No such file or directory
            /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)
            /app/LibTorchSharp: cannot open shared object file: No such file or directory
            """);

        var fault = Libtorch.Explain(cause);

        Assert.Contains("too old for libtorch: /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found", fault.Message);
        Assert.Contains("./build.sh dotnet", fault.Message);
        Assert.DoesNotContain('\n', fault.Message);
    }
}
