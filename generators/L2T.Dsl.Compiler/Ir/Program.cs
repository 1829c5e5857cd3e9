using System.Text;
using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Ir;

/// <summary>A flat, typed, single-assignment program: what every pass reads and makes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Inputs">What it is given.</param>
/// <param name="Equations">What it does, in order.</param>
/// <param name="Outputs">What it gives.</param>
public sealed record Program(
    string Name,
    EquatableArray<ProgramInput> Inputs,
    EquatableArray<Equation> Equations,
    EquatableArray<ProgramOutput> Outputs)
{
    /// <summary>The known floating-point operations of all equations; see <see cref="Op.Flops"/>.</summary>
    public Dim Flops => Equations
        .Select(e => e.Op.Flops(e))
        .GroupBy(flops => flops) // many equations have one shape, and sums of sizes are slow
        .Aggregate(Dim.Zero, (sum, same) => sum + (same.Key * same.Count()));

    /// <summary>Whether none of the equations takes operations that are not known.</summary>
    public bool HasKnownFlops => Equations.All(e => e.Op.HasKnownFlops);

    /// <summary>The input of this name.</summary>
    public Value Input(string name) => Inputs.First(i => i.Name == name).Value;

    /// <summary>The output of this name.</summary>
    public Value Output(string name) => Outputs.First(o => o.Name == name).Value;

    /// <summary>The same program with its values numbered from 0 in the order in which they are bound.</summary>
    public Program Renumbered()
    {
        var numbered = new Dictionary<Value, Value>();
        return new(
            Name,
            Inputs.Select(i => i with { Value = Bind(i.Value) }).ToEquatableArray(),
            Equations.Select(e => e with { Operands = e.Operands.Select(o => numbered[o]).ToEquatableArray(), Results = e.Results.Select(Bind).ToEquatableArray() }).ToEquatableArray(),
            Outputs.Select(o => o with { Value = numbered[o.Value] }).ToEquatableArray());

        Value Bind(Value value) => numbered[value] = value with { Index = numbered.Count };
    }

    /// <summary>The program as text, one equation a line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(Name).Append('(');
        text.Append(string.Join(", ", Inputs.Select(i => $"{i.Name} {i.Value}: {i.Value.Type}"))).Append(")\n");
        foreach (var equation in Equations)
        {
            text.Append("  ").Append(equation).Append('\n');
        }

        text.Append("  -> ").Append(string.Join(", ", Outputs.Select(o => $"{o.Name} {o.Value}")));
        return text.ToString();
    }
}

/// <summary>An input of a program.</summary>
/// <param name="Name">Its name, unique among the inputs.</param>
/// <param name="Role">What it is.</param>
/// <param name="Value">The value it binds.</param>
public sealed record ProgramInput(string Name, InputRole Role, Value Value);

/// <summary>An output of a program.</summary>
/// <param name="Name">Its name, unique among the outputs.</param>
/// <param name="Value">The value given.</param>
public sealed record ProgramOutput(string Name, Value Value);

/// <summary>What an input is.</summary>
public enum InputRole
{
    /// <summary>A parameter of the student (w) or of the teacher (theta).</summary>
    Parameter,

    /// <summary>A coefficient of the loss (Phi).</summary>
    Coefficient,

    /// <summary>Data: a batch's inputs and targets, a state vector.</summary>
    Data,

    /// <summary>The tangent of another input.</summary>
    Tangent,

    /// <summary>The cotangent of an output.</summary>
    Cotangent,

    /// <summary>A buffer of the student, as the step finds it.</summary>
    Buffer,

    /// <summary>The adjoint of a buffer as the step left it.</summary>
    BufferAdjoint,

    /// <summary>A value that an earlier kernel kept.</summary>
    Kept,

    /// <summary>In the body of a loop: a value from outside.</summary>
    Constant,

    /// <summary>In the body of a loop: what the iteration before handed on.</summary>
    Carry,

    /// <summary>In the body of a loop: the iteration's element of a sequence.</summary>
    Element,
}
