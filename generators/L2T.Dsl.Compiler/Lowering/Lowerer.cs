using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Lowering.Vocabulary;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Compiler.Specs.Bodies;

namespace L2T.Dsl.Compiler.Lowering;

/// <summary>
/// Runs bodies at compile time: numbers, shapes and branches are evaluated, tensor expressions become equations. Calls
/// of blocks and helpers are taken apart into the caller's program, so that fusion and sharing cross their borders;
/// each call checks the shapes that the callee promises.
/// </summary>
/// <param name="b">Takes the equations.</param>
/// <param name="training">What <c>Training</c> is.</param>
/// <param name="problems">Takes what is wrong.</param>
public sealed partial class Lowerer(Builder b, bool training, ProblemSink problems)
{
    private const int DeepestCall = 64;

    private int _depth;
    private ProblemSink _problems = problems;

    /// <summary>Whether a body has asked for <c>Training</c>; else the program is the same in both modes.</summary>
    public bool ReadsTraining { get; private set; }

    /// <summary>Calls a module's entry method.</summary>
    /// <returns>Its result; null where a problem was reported.</returns>
    public Value? CallEntry(ModuleInstance module, params Value[] arguments) =>
        Enter(module, arguments, (result, anchor) => RequireTensor(result, anchor));

    /// <summary>Calls an entry method that returns one tensor or a tuple of tensors.</summary>
    /// <returns>Its results; null where a problem was reported.</returns>
    public IReadOnlyList<Value>? CallEntryForTuple(ModuleInstance module, params Value[] arguments) =>
        Enter<IReadOnlyList<Value>>(module, arguments, (result, anchor) => result is TupleResult tuple
            ? [.. tuple.Items.Select(i => RequireTensor(i, anchor))]
            : [RequireTensor(result, anchor)]);

    private TResult? Enter<TResult>(ModuleInstance module, Value[] arguments, Func<Lowered, SourceAnchor, TResult> read)
        where TResult : class
    {
        try
        {
            var entry = module.Spec.Entry;
            var values = entry.Parameters.Select((p, i) => (p.Name, Value: arguments[i])).ToDictionary(a => a.Name, a => (Lowered)new TensorResult(a.Value));
            return read(Call(module, entry, values, null), new(module.Spec.Type.Full, entry.Node));
        }
        catch (LoweringAborted)
        {
            return null;
        }
    }

    private Lowered Call(ModuleInstance module, MethodSpec method, IReadOnlyDictionary<string, Lowered> arguments, Frame? caller, SourceAnchor? callSite = null)
    {
        var frame = new Frame(module, callSite);
        foreach (var size in module.Sizes)
        {
            frame.Sizes[size.Key] = size.Value;
        }

        foreach (var parameter in method.Parameters)
        {
            var value = arguments.TryGetValue(parameter.Name, out var given) ? given
                : parameter.Default is { } constant ? Evaluate(constant, frame)
                : new NothingResult();
            if (parameter.Type is { } promised && value is TensorResult tensor)
            {
                CheckPromise(method, parameter, promised, tensor.Value, frame, frame.Anchor(parameter.Node));
            }

            frame.Locals[parameter.Name] = value;
        }

        if (++_depth > DeepestCall)
        {
            throw Fail(Rules.Unreadable, frame.Anchor(method.Node), $"'{method.Name}'", "calls that go on calling each other never end at compile time; use a loop or fewer levels");
        }

        try
        {
            var result = Run(method.Body, frame) ?? throw Fail(Rules.Unreadable, frame.Anchor(method.Node), $"'{method.Name}'", "every path must end with a return");
            if (method.Returns is { } shape && result is TensorResult returned && returned.Value.Shape != shape.Substitute(frame.Sizes))
            {
                throw Fail(Rules.WrongResultShape, frame.Anchor(method.Node), method.Name, shape.Substitute(frame.Sizes).ToString(), returned.Value.Shape.ToString());
            }

            return result;
        }
        finally
        {
            _depth--;
            Here.At = caller is null ? null : Here.At;
        }
    }

    private void CheckPromise(MethodSpec method, MethodParameterSpec parameter, TensorType promised, Value actual, Frame frame, SourceAnchor at)
    {
        var fits = promised.Element == actual.Type.Element && Unify(promised.Shape, actual.Shape, frame.Sizes);
        if (!fits)
        {
            throw Fail(
                Rules.ShapeMismatch,
                at,
                method.Name,
                actual.Type.ToString(),
                (promised with { Shape = promised.Shape.Substitute(frame.Sizes) }).ToString(),
                $"that is what '{frame.Module.Spec.Type.Name}.{method.Name}' takes as '{parameter.Name}'");
        }
    }

    /// <summary>Fits a shape to a promised one; names that are still free take the sizes they meet.</summary>
    public static bool Unify(Shape promised, Shape actual, IDictionary<string, Dim> sizes)
    {
        if (promised.Rank != actual.Rank)
        {
            return false;
        }

        for (var i = 0; i < promised.Rank; i++)
        {
            if (promised[i].AsSymbol is { } name && !sizes.ContainsKey(name))
            {
                sizes[name] = actual[i];
            }
        }

        return promised.Substitute(new Dictionary<string, Dim>(sizes)) == actual;
    }

    private Lowered? Run(EquatableArray<Statement> statements, Frame frame)
    {
        foreach (var statement in statements)
        {
            switch (statement)
            {
                case ReturnStatement { Value: var value }:
                    return Evaluate(value, frame);
                case LetStatement { Names.Count: 1 } let:
                    frame.Locals[let.Names[0]] = Evaluate(let.Value, frame);
                    break;
                case LetStatement let:
                    Deconstruct(let, Evaluate(let.Value, frame), frame);
                    break;
                case AddStatement add:
                    Add(add, frame);
                    break;
                case ForStatement loop:
                    RunLoop(loop, frame);
                    break;
                case IfStatement branch:
                    if (Run(Condition(branch.Condition, frame) ? branch.Then : branch.Else, frame) is { } returned)
                    {
                        return returned;
                    }

                    break;
            }
        }

        return null;
    }

    private static void Deconstruct(LetStatement let, Lowered value, Frame frame)
    {
        var items = ((TupleResult)value).Items;
        for (var i = 0; i < let.Names.Count; i++)
        {
            if (let.Names[i].Length > 0)
            {
                frame.Locals[let.Names[i]] = items[i];
            }
        }
    }

    private bool Condition(Expression expression, Frame frame) => Evaluate(expression, frame) is BooleanResult condition
        ? condition.Value
        : throw Fail(Rules.Unreadable, frame.Anchor(expression.Node), "this condition", "it must be known at compile time: constants, Training, constructor parameters with constant values; for a choice by element use torch.where");

    private Lowered Evaluate(Expression expression, Frame frame)
    {
        switch (expression)
        {
            case NameExpression name:
                return Imported(frame.Locals[name.Name], frame.Anchor(name.Node));
            case TensorMemberExpression member:
                return TensorOf(member, frame);
            case ScalarNameExpression scalar:
                return ScalarOf(scalar, frame);
            case NumberExpression number:
                return new NumberResult(number.Value, number.IsInteger);
            case BooleanExpression boolean:
                return new BooleanResult(boolean.Value);
            case StringExpression text:
                return new TextResult(text.Value);
            case EnumExpression constant:
                return new EnumResult(constant.Type, constant.Member);
            case NullExpression:
                return new NothingResult();
            case TrainingExpression:
                ReadsTraining = true;
                return new BooleanResult(training);
            case RangeExpression range:
                return new RangeResult(range.Start is null ? null : Evaluate(range.Start, frame), range.End is null ? null : Evaluate(range.End, frame));
            case TupleExpression tuple:
                return new TupleResult(tuple.Items.Select(i => Evaluate(i, frame)).ToEquatableArray());
            case ListExpression list:
                return new ListResult(list.Items.Select(i => Evaluate(i, frame)).ToEquatableArray());
            case ElementExpression element:
                return ElementOf(element, frame);
            case ConditionalExpression choice:
                return Evaluate(Condition(choice.Condition, frame) ? choice.WhenTrue : choice.WhenFalse, frame);
            case UnaryExpression unary:
                var operand = Evaluate(unary.Operand, frame);
                return Guarded(unary, unary.Operator, frame, () => Arithmetic.Unary(unary.Operator, operand, Here));
            case BinaryExpression binary:
                Lowered left = Evaluate(binary.Left, frame), right = Evaluate(binary.Right, frame);
                return OfCounter(binary, left, right, frame) ?? Guarded(binary, binary.Operator, frame, () => Arithmetic.Binary(binary.Operator, left, right, Here));
            case CallExpression call:
                return Torch(call, frame);
            case HelperCallExpression call:
                var helper = frame.Module.Spec.Methods.First(m => m.Name == call.Method);
                return Call(frame.Module, helper, Arguments(call.Arguments, frame), frame, frame.CallSite);
            case BlockCallExpression call:
                var block = BlockOf(call, frame);
                var method = block.Spec.Methods.First(m => m.Name == call.Method);
                return Call(block, method, Arguments(call.Arguments, frame), frame, frame.CallSite ?? frame.Anchor(call.Node));
            case CountExpression count:
                return CountOf(count, frame);
            default:
                throw new InvalidOperationException($"No lowering of {expression.GetType().Name}.");
        }
    }

    /// <summary>A tensor of the module; nothing where its constructor parameters leave it out.</summary>
    private Lowered TensorOf(TensorMemberExpression member, Frame frame)
    {
        var spec = frame.Module.Spec.Tensors.First(t => t.Name == member.Name);
        return spec.IsPresent(frame.Module.Scalars) switch
        {
            true => new TensorResult(Latest(frame.Module.Tensors[member.Name])),
            false => new NothingResult(),
            null => throw Fail(
                Rules.Unreadable, frame.Anchor(member.Node), $"'{frame.Module.Spec.Type.Name}.{member.Name}'",
                $"whether it is there must be known at compile time: give the block true or false as '{spec.If}'"),
        };
    }

    private static Lowered ScalarOf(ScalarNameExpression scalar, Frame frame)
    {
        var kind = frame.Module.Spec.Scalars.First(s => s.Name == scalar.Name).Kind;
        var value = frame.Module.Scalars[scalar.Name];
        return kind == ScalarKind.Boolean && value.Value is { } truth ? new BooleanResult(truth != 0) : new NumberResult(value, kind == ScalarKind.Integer);
    }

    private Lowered ElementOf(ElementExpression element, Frame frame)
    {
        var collection = Evaluate(element.Collection, frame);
        if (ElementOfLoop(element, collection, frame) is { } found)
        {
            return found;
        }

        var items = collection switch
        {
            ListResult list => list.Items,
            TupleResult tuple => tuple.Items,
            _ => throw Fail(Rules.Unreadable, frame.Anchor(element.Node), "this element access", "only lists, tuples and shapes known at compile time have elements here"),
        };
        var index = Evaluate(element.Index, frame) is NumberResult { Value.Value: { } position } ? (int)position : int.MinValue;
        index = index < 0 && index != int.MinValue ? index + items.Count : index;
        return index >= 0 && index < items.Count
            ? items[index]
            : throw Fail(Rules.Unreadable, frame.Anchor(element.Index.Node), "this index", $"it must be a constant between 0 and {items.Count - 1}");
    }

    private IReadOnlyDictionary<string, Lowered> Arguments(EquatableArray<Argument> arguments, Frame frame) =>
        arguments.ToDictionary(a => a.Parameter, a => Evaluate(a.Value, frame));

    private Lowered Torch(CallExpression call, Frame frame)
    {
        var receiver = call.Receiver is null ? null : Evaluate(call.Receiver, frame);
        var arguments = Arguments(call.Arguments, frame);
        (receiver, arguments) = AtCounter(call, receiver, arguments, frame);
        var name = call.Method.Substring(call.Method.LastIndexOf('.') + 1);
        if (!TorchVocabulary.TryGet(call.Method, out var rule))
        {
            return Fallback(call, name, frame);
        }

        return Guarded(call, name, frame, () => rule(new CallArguments(receiver, arguments), Here));
    }

    /// <summary>A TorchSharp method without rule: autograd differentiates this one call.</summary>
    private Lowered Fallback(CallExpression call, string name, Frame frame)
    {
        var anchor = frame.Anchor(call.Node);
        if (RandomVocabulary.IsIrreproducible(name, call.Arguments.Select(a => a.Parameter)))
        {
            throw Fail(Rules.RandomOp, anchor, name);
        }

        var operands = new List<Value>();
        var text = call.CSharp;
        var holes = call.Holes();
        for (var i = 0; i < holes.Count; i++)
        {
            var filling = Evaluate(holes[i], frame) switch
            {
                TensorResult tensor => Operand(tensor.Value),
                NumberResult { Value.Value: { } number } => Scalar.Literal(number),
                BooleanResult truth => truth.Value ? "true" : "false",
                _ => throw Fail(Rules.Unreadable, anchor, $"'{call.Method}'", "it has no rule, and autograd can stand in only where all but the tensors is constant"),
            };
            text = text.Replace($"{{{i}}}", filling);
        }

        if (operands.Count == 0 || !operands[0].IsReal)
        {
            throw Fail(Rules.Unreadable, anchor, $"'{call.Method}'", "it has no rule, and autograd can stand in only for a call with a real tensor in front");
        }

        _problems.Report(Rules.UnknownOp, anchor, name);
        Here.At = anchor;
        return new TensorResult(Here.Apply(new AutogradCallOp(text, new(frame.Module.Spec.Type.Full, call.Node), operands.Count), [.. operands]));

        string Operand(Value value)
        {
            operands.Add(value);
            return AutogradOp.Operand(operands.Count - 1);
        }
    }

    private Lowered Guarded(Expression at, string name, Frame frame, Func<Lowered> write)
    {
        var anchor = frame.Anchor(at.Node);
        Here.At = anchor;
        try
        {
            return write();
        }
        catch (ShapeException e)
        {
            throw Fail(Rules.ShapeMismatch, anchor, name, e.Left, e.Right, e.Reason);
        }
        catch (LoweringException e)
        {
            throw Fail(Rules.BadArgument, anchor, name, e.Message);
        }
    }

    private Value RequireTensor(Lowered result, SourceAnchor at) => result is TensorResult tensor
        ? tensor.Value
        : throw Fail(Rules.Unreadable, at, "this result", "a tensor must be returned");

    private LoweringAborted Fail(Rule rule, SourceAnchor at, params string[] arguments)
    {
        _problems.Report(rule, at, arguments);
        return new LoweringAborted();
    }

    /// <summary>A problem was reported, and without what it is about nothing more can be said.</summary>
    private sealed class LoweringAborted : Exception;

    /// <summary>One call of a method.</summary>
    /// <param name="Module">Whose method.</param>
    /// <param name="CallSite">Where the outermost module's body called it; null in that body itself.</param>
    private sealed record Frame(ModuleInstance Module, SourceAnchor? CallSite)
    {
        public Dictionary<string, Lowered> Locals { get; } = [];

        public Dictionary<string, Dim> Sizes { get; } = [];

        /// <summary>Where to report: a fault inside a block is the fault of the call that brought in the wrong thing.</summary>
        public SourceAnchor Anchor(int node) => CallSite ?? new SourceAnchor(Module.Spec.Type.Full, node);
    }
}
