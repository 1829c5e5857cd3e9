using L2T.Dsl.Compiler.Differentiation;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Ops;

namespace L2T.Dsl.Compiler.Tests;

/// <summary>Programs differentiated by the passes, at a point and in a random direction.</summary>
internal static class Derivatives
{
    /// <summary>The program that gives the tangents of the outputs, and a random direction of the inputs.</summary>
    public static (Program Pushed, Dictionary<string, NdArray> Direction) Push(
        Program program,
        IReadOnlyDictionary<string, NdArray> at,
        IEnumerable<ProgramInput> inputs,
        Random random)
    {
        var b = new Builder(program);
        var tangents = inputs.ToDictionary(i => i, i => b.Input("d" + i.Name, InputRole.Tangent, i.Value.Type));
        var results = Jvp.Write(b, tangents.ToDictionary(t => t.Key.Value, t => t.Value), [.. program.Outputs.Select(o => o.Value)]);
        ProgramOutput[] outputs = [.. program.Outputs.Zip(results, (o, t) => new ProgramOutput(o.Name, t ?? b.Full(o.Value.Shape, 0)))];
        var pushed = b.Build("jvp", outputs);
        Verifier.Check(pushed, "Jvp");
        return (pushed, tangents.Keys.ToDictionary(i => i.Name, i => Direction(at[i.Name], random)));
    }

    /// <summary>
    /// The program that gives the cotangents of the inputs that have one, by the inputs' names, and random cotangents of
    /// the outputs, called <c>g.</c> and the output's name.
    /// </summary>
    public static (Program Pulled, Dictionary<string, NdArray> Cotangents) Pull(Program program, IReadOnlyDictionary<string, NdArray> at, Random random)
    {
        var b = new Builder(program);
        var outputs = program.Outputs.Where(o => o.Value.IsReal).ToArray();
        var seeds = outputs.Select(o => (o.Value, b.Input("g." + o.Name, InputRole.Cotangent, o.Value.Type))).ToArray();
        var wrt = program.Inputs.Where(i => i.Value.IsReal).ToArray();
        var results = Vjp.Write(b, seeds, [.. wrt.Select(i => i.Value)]);
        var pulled = b.Build("vjp", wrt.Zip(results).Where(r => r.Second is not null).Select(r => new ProgramOutput(r.First.Name, r.Second!)));
        Verifier.Check(pulled, "Vjp");
        var values = Interpreter.Run(program, at, Bindings.Empty);
        return (pulled, outputs.ToDictionary(o => "g." + o.Name, o => Direction(values[o.Name], random)));
    }

    /// <summary>The inputs of a pushed program that say in which direction.</summary>
    public static Dictionary<string, NdArray> Tangents(Dictionary<string, NdArray> direction) => direction.ToDictionary(d => "d" + d.Key, d => d.Value);

    /// <summary>A random array of the same shape.</summary>
    public static NdArray Direction(NdArray like, Random random) => like.Map(_ => random.NextDouble() - 0.5);

    /// <summary>Inputs from two sources.</summary>
    public static Dictionary<string, NdArray> Merge(IReadOnlyDictionary<string, NdArray> left, IReadOnlyDictionary<string, NdArray> right) =>
        left.Concat(right).ToDictionary(p => p.Key, p => p.Value);
}
