namespace L2T.Dsl.Compiler.Ir;

/// <summary>Runs a program by the reference evaluation of its ops: slow, plain, and independent of libtorch.</summary>
public static class Interpreter
{
    /// <summary>The outputs by name for inputs by name.</summary>
    public static IReadOnlyDictionary<string, NdArray> Run(Program program, IReadOnlyDictionary<string, NdArray> inputs, Bindings bindings)
    {
        var values = program.Inputs.ToDictionary(i => i.Value, i => inputs[i.Name]);
        foreach (var equation in program.Equations)
        {
            var results = equation.Op.Evaluate([.. equation.Operands.Select(o => values[o])], bindings);
            for (var i = 0; i < results.Count; i++)
            {
                values[equation.Results[i]] = results[i];
            }
        }

        return program.Outputs.ToDictionary(o => o.Name, o => values[o.Value]);
    }
}
