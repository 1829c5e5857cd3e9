using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Planning;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Tests.Kernels;

/// <summary>The reference evaluation of a gradient kernel's program, and behind it of the hyper kernel's, which reads what the first keeps.</summary>
internal static class ReferenceKernels
{
    /// <summary>Both programs' outputs, by name.</summary>
    /// <param name="programs">The programs.</param>
    /// <param name="point">The values of the objective's inputs, by name.</param>
    /// <param name="direction">What each parameter is pushed by.</param>
    /// <param name="seed">The cotangent of the objective.</param>
    public static (IReadOnlyDictionary<string, NdArray> Gradient, IReadOnlyDictionary<string, NdArray> Hyper) Run(
        (KernelProgram Gradient, KernelProgram Hyper) programs, Dictionary<string, NdArray> point, Dictionary<string, NdArray> direction, double seed)
    {
        var bindings = new Bindings(new Dictionary<string, long>(), new Dictionary<string, double> { [Symbols.Seed] = seed });
        var first = Interpreter.Run(programs.Gradient.Program, point, bindings);

        // What the gradient kernel keeps, and what is pushed, go by role: a tangent has the name of its parameter.
        var hyper = programs.Hyper.Program with
        {
            Inputs = [.. programs.Hyper.Program.Inputs.Select(i => i.Role == InputRole.Tangent ? i with { Name = "t." + i.Name } : i)],
        };
        var inputs = point
            .Concat(direction.Select(d => new KeyValuePair<string, NdArray>("t." + d.Key, d.Value)))
            .Concat(first.Where(f => f.Key.StartsWith("kept", StringComparison.Ordinal)).Select((f, i) => new KeyValuePair<string, NdArray>("kept" + i, f.Value)));
        return (first, Interpreter.Run(hyper, inputs.ToDictionary(p => p.Key, p => p.Value), bindings));
    }
}
