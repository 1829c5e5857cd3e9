namespace L2T.Dsl.Compiler.Ir;

/// <summary>
/// Checks a program between passes: each value is bound once and before its use, each result has the type that the
/// op's shape rule gives, and only ops legal at the stage occur.
/// </summary>
public static class Verifier
{
    private const int LinesAround = 5;

    /// <summary>Checks a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="pass">The pass that made it, for the message.</param>
    /// <param name="isLegal">Whether an op may occur after that pass; null allows all.</param>
    /// <exception cref="InvalidOperationException">A fault, with the program printed around it: a bug of the pass.</exception>
    public static void Check(Program program, string pass, Func<Op, bool>? isLegal = null)
    {
        var bound = new HashSet<Value>();
        var indices = new HashSet<int>();
        foreach (var input in program.Inputs)
        {
            if (!bound.Add(input.Value) || !indices.Add(input.Value.Index))
            {
                throw Fault(0, $"input {input.Name} is bound twice");
            }
        }

        for (var i = 0; i < program.Equations.Count; i++)
        {
            var equation = program.Equations[i];
            foreach (var operand in equation.Operands)
            {
                if (!bound.Contains(operand))
                {
                    throw Fault(i, $"{operand} is used before it is bound");
                }
            }

            if (isLegal is not null && !isLegal(equation.Op))
            {
                throw Fault(i, $"{equation.Op} is not legal here");
            }

            var types = equation.Op.Infer(new([.. equation.Operands.Select(o => o.Type)]));
            if (!types.SequenceEqual(equation.Results.Select(r => r.Type)))
            {
                throw Fault(i, $"{equation.Op} gives {types}, but its results are bound as something else");
            }

            foreach (var result in equation.Results)
            {
                if (!bound.Add(result) || !indices.Add(result.Index))
                {
                    throw Fault(i, $"{result} is bound twice");
                }
            }
        }

        foreach (var output in program.Outputs)
        {
            if (!bound.Contains(output.Value))
            {
                throw Fault(program.Equations.Count - 1, $"output {output.Name} is not bound");
            }
        }

        InvalidOperationException Fault(int at, string fault)
        {
            var lines = program.Equations
                .Select((e, i) => $"{(i == at ? "> " : "  ")}{i,4}  {e}")
                .Skip(at - LinesAround)
                .Take((2 * LinesAround) + 1);
            return new($"After {pass}, {program.Name} is wrong: {fault}.\n{string.Join("\n", lines)}");
        }
    }
}
