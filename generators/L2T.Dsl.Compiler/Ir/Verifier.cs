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
            Require(bound.Add(input.Value) && indices.Add(input.Value.Index), 0, $"input {input.Name} is bound twice");
        }

        for (var i = 0; i < program.Equations.Count; i++)
        {
            var equation = program.Equations[i];
            foreach (var operand in equation.Operands)
            {
                Require(bound.Contains(operand), i, $"{operand} is used before it is bound");
            }

            Require(isLegal?.Invoke(equation.Op) ?? true, i, $"{equation.Op} is not legal here");
            var types = equation.Op.Infer(new([.. equation.Operands.Select(o => o.Type)]));
            Require(types.SequenceEqual(equation.Results.Select(r => r.Type)), i, $"{equation.Op} gives {types}, but its results are bound as something else");
            foreach (var result in equation.Results)
            {
                Require(bound.Add(result) && indices.Add(result.Index), i, $"{result} is bound twice");
            }
        }

        foreach (var output in program.Outputs)
        {
            Require(bound.Contains(output.Value), program.Equations.Count - 1, $"output {output.Name} is not bound");
        }

        void Require(bool condition, int at, string fault)
        {
            if (condition)
            {
                return;
            }

            var lines = program.Equations
                .Select((e, i) => $"{(i == at ? "> " : "  ")}{i,4}  {e}")
                .Skip(at - LinesAround)
                .Take((2 * LinesAround) + 1);
            throw new InvalidOperationException($"After {pass}, {program.Name} is wrong: {fault}.\n{string.Join("\n", lines)}");
        }
    }
}
