using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Lowering;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;

namespace L2T.Dsl.Compiler.Compilation;

/// <summary>
/// A student and what it is measured by, a loss form or a metric, lowered into one program: w, x, Phi, y -> a scalar.
/// </summary>
/// <param name="Builder">Holds the program, and takes its derivatives.</param>
/// <param name="Student">The student.</param>
/// <param name="Objective">The loss form or metric.</param>
/// <param name="Output">The student's output.</param>
/// <param name="Value">The scalar.</param>
public sealed record ObjectiveProgram(Builder Builder, ModuleInstance Student, ModuleInstance Objective, Value Output, Value Value)
{
    /// <summary>What the output is to be: class labels, or real numbers.</summary>
    public Value Target => Builder.Inputs.Single(i => i.Name == KernelNames.Y).Value;

    /// <summary>The student's parameters w, in layout order.</summary>
    public IReadOnlyList<Value> Parameters => InputsOf(InputRole.Parameter);

    /// <summary>The loss's coefficients Phi, in layout order.</summary>
    public IReadOnlyList<Value> Coefficients => InputsOf(InputRole.Coefficient);

    /// <summary>The student's buffers, in layout order.</summary>
    public IReadOnlyList<Value> Buffers => InputsOf(InputRole.Buffer);

    /// <summary>Lowers.</summary>
    /// <param name="student">The student.</param>
    /// <param name="objective">The loss form or metric.</param>
    /// <param name="modules">All modules by type name.</param>
    /// <param name="training">Whether the student is in training mode.</param>
    /// <param name="place">Where to report that the two do not fit.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="mixture">What the objective is mixed with; null for nothing.</param>
    /// <returns>The program; null where a problem was reported.</returns>
    public static ObjectiveProgram? Lower(
        ModuleSpec student,
        ModuleSpec objective,
        IReadOnlyDictionary<string, ModuleSpec> modules,
        bool training,
        SourceAnchor place,
        ProblemSink problems,
        Mixture? mixture = null)
    {
        var b = new Builder();
        var lowerer = new Lowerer(b, training, problems);
        if (StudentProgram.Lower(b, lowerer, student, modules, problems) is not { } lowered)
        {
            return null;
        }

        var (instance, output) = lowered;
        var entry = objective.Entry;
        if (Scalars(objective, entry.Parameters[0].Type!, output, place, problems) is not { } scalars)
        {
            return null;
        }

        if (!ModuleInstance.CheckSizes(ModuleInstance.Layout(objective, scalars, modules), problems))
        {
            return null;
        }

        var measured = ModuleInstance.Create(b, InputRole.Coefficient, objective, scalars, modules);
        var promised = entry.Parameters[1].Type!;
        var sizes = new Dictionary<string, Dim>(measured.Sizes.ToDictionary(s => s.Key, s => s.Value));
        Lowerer.Unify(entry.Parameters[0].Type!.Shape, output.Shape, sizes);
        var y = b.Input(KernelNames.Y, InputRole.Data, promised with { Shape = promised.Shape.Substitute(sizes) });
        if (lowerer.CallEntry(measured, output, y) is not { } value)
        {
            return null;
        }

        // A step and its reverse round otherwise, and a weight that is another by one bit may draw another class.
        if (training && b.Equations.FirstOrDefault(e => e.Op is MultinomialOp) is { } draw)
        {
            problems.Report(Rules.Unreadable, draw.At ?? new(objective.Type.Full, entry.Node), "'multinomial' in training", "its samples depend on the weights to the last bit, and the way back could draw others; draw in a metric alone");
            return null;
        }

        if (value.Shape.Rank != 0 || !value.IsReal)
        {
            problems.Report(Rules.WrongResultShape, new(objective.Type.Full, entry.Node), entry.Name, TensorType.Real(Shape.Scalar).ToString(), value.Type.ToString());
            return null;
        }

        return mixture is null ? new(b, instance, measured, output, value)
            : Mixed(mixture) is { } other ? new(b, instance, measured, output, b.Add(b.Scale(other, mixture.Share), b.Scale(value, 1 - mixture.Share)))
            : null;

        // On the same output and targets: one program, whose derivatives are those of the sum.
        Value? Mixed(Mixture with)
        {
            var loss = modules[with.Loss.Full];
            var at = new SourceAnchor(place.Type, with.Loss.Node);
            var (takesOutput, takesTarget) = (loss.Entry.Parameters[0].Type!, loss.Entry.Parameters[1].Type!);
            if (Scalars(loss, takesOutput, output, at, problems) is not { } settings)
            {
                return null;
            }

            var shape = new Dictionary<string, Dim>();
            Lowerer.Unify(takesOutput.Shape, output.Shape, shape);
            if (takesTarget.Element != y.Type.Element || takesTarget.Shape.Substitute(shape) != y.Shape)
            {
                problems.Report(Rules.ShapeMismatch, at, loss.Type.Name, y.Type.ToString(), takesTarget.ToString(), $"that is what it takes for targets, and '{objective.Type.Name}' takes something else");
                return null;
            }

            return lowerer.CallEntry(ModuleInstance.Create(b, InputRole.Coefficient, loss, settings, modules), output, y);
        }
    }

    /// <summary>The constructor parameters of a loss form or metric: sizes from the student's output, the rest by default.</summary>
    private static IReadOnlyDictionary<string, Scalar>? Scalars(ModuleSpec objective, TensorType promised, Value output, SourceAnchor at, ProblemSink problems)
    {
        var sizes = new Dictionary<string, Dim>();
        if (promised.Element != output.Type.Element || !Lowerer.Unify(promised.Shape, output.Shape, sizes))
        {
            problems.Report(Rules.ShapeMismatch, at, objective.Type.Name, output.Type.ToString(), promised.ToString(), "that is what the loss or metric takes, and the student gives something else");
            return null;
        }

        var scalars = new Dictionary<string, Scalar>();
        foreach (var parameter in objective.Scalars)
        {
            if (sizes.TryGetValue(parameter.Name, out var size))
            {
                scalars[parameter.Name] = Scalar.Of(size);
            }
            else if (parameter.Default is { } value)
            {
                scalars[parameter.Name] = value;
            }
            else
            {
                // A name that is nearly the parameter's is a slip of the shape, not a lack of a default.
                var slip = Spelling.Nearest(parameter.Name, sizes.Keys.Where(s => objective.Scalars.All(p => p.Name != s)));
                if (slip is null)
                {
                    problems.Report(Rules.Undetermined, at, parameter.Name, objective.Type.Name, "give it a default value, or name it in the shape of what the student gives");
                }
                else
                {
                    var entry = objective.Entry;
                    problems.Report(Rules.Undetermined, new(objective.Type.Full, entry.Parameters[0].Node), parameter.Name, objective.Type.Name, $"the shape of '{entry.Parameters[0].Name}' says '{slip}', and '{parameter.Name}' may be meant");
                }

                return null;
            }
        }

        return scalars;
    }

    private IReadOnlyList<Value> InputsOf(InputRole role) => [.. Builder.Inputs.Where(i => i.Role == role).Select(i => i.Value)];
}
