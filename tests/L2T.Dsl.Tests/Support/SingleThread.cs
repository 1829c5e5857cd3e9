using System.Runtime.CompilerServices;

namespace L2T.Dsl.Tests.Support;

/// <summary>The tensors of the tests are tiny: threads that wait for each other would only make them slow on a busy machine.</summary>
internal static class SingleThread
{
    [ModuleInitializer]
    internal static void Set() => TorchSharp.torch.set_num_threads(1);
}
