using System.Reflection;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>What generated kernels know for themselves, and plain C# is told: whether a module is being trained.</summary>
internal static class EagerMode
{
    /// <summary>Says it to a module and to the blocks that it holds.</summary>
    public static void Use(object module, bool training)
    {
        module.GetType().GetProperty("Training")?.SetValue(module, training);
        foreach (var field in module.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic))
        {
            var held = field.GetValue(module);
            foreach (var block in (held as Array ?? new[] { held }).OfType<ITensorModule>())
            {
                Use(block, training);
            }
        }
    }
}
