using L2T.Dsl.Compiler.Collections;
using L2T.Dsl.Compiler.Ir;
using L2T.Dsl.Compiler.Loops;
using L2T.Dsl.Compiler.Lowering.Vocabulary;
using L2T.Dsl.Compiler.Ops;
using L2T.Dsl.Compiler.Problems;
using L2T.Dsl.Compiler.Specs;
using L2T.Dsl.Compiler.Specs.Bodies;

namespace L2T.Dsl.Compiler.Lowering;

/// <summary>
/// Loops. One whose iterations all do the same, to tensors of the same types, becomes a <see cref="LoopOp"/>: the counter may
/// only choose elements, and blocks whose sizes depend on their place, and a tensor may grow by as much each time. Any other is written out, if its
/// number of iterations is known at compile time.
/// </summary>
public sealed partial class Lowerer
{
    private const int MostWrittenOut = 1000;

    /// <summary>The loops around what is being lowered, outermost first.</summary>
    private readonly List<Level> _levels = [];

    /// <summary>Takes the equations of the innermost loop's body.</summary>
    private Builder Here => BuilderAt(_levels.Count);

    private Builder BuilderAt(int level) => level == 0 ? b : _levels[level - 1].Body.Builder;

    private void RunLoop(ForStatement loop, Frame frame)
    {
        var anchor = frame.Anchor(loop.Node);
        Dim first = Integer(loop.First), bound = Integer(loop.Bound);
        var isUp = loop.Comparison[0] == '<';
        var count = (isUp ? bound - first : first - bound) + (loop.Comparison.Length - 1);
        if (count.Value <= 0)
        {
            return;
        }

        var low = isUp ? first : first - count + 1;
        var (failure, found) = Tried(frame, () => RunAsLoop(loop, frame, low, count, isUp, new Dictionary<string, Growth>()));
        if (failure is not null && GrowthsOf(loop, frame, first, low, count, isUp) is { Count: > 0 } growths)
        {
            (failure, found) = Tried(frame, () => RunAsLoop(loop, frame, low, count, isUp, growths));
        }

        if (failure is not null && count.Value is <= MostWrittenOut)
        {
            for (var i = 0; i < count.Value; i++)
            {
                frame.Locals[loop.Name] = new NumberResult(Scalar.Of(isUp ? first + i : first - i), true);
                Run(loop.Body, frame);
            }

            return;
        }

        found.ToList().ForEach(_problems.Report);
        if (failure is LoopUnfit unfit)
        {
            throw Fail(
                Rules.Unreadable, unfit.At, unfit.Message,
                $"this loop runs {count} times, which is not known at compile time, so each iteration must do the same to tensors of the same shapes, or of such as grow by as much each time, and the counter may only choose elements that lie outside");
        }

        if (failure is not null)
        {
            throw failure;
        }

        Dim Integer(Expression expression) => Evaluate(expression, frame) is NumberResult { IsInteger: true } number && number.Value.AsDim() is { } value
            ? value
            : throw Fail(Rules.Unreadable, frame.Anchor(expression.Node), "this bound of a loop", "it must be an integer that is known before the kernel runs: a constant, a constructor parameter, a size of a tensor");
    }

    /// <summary>Tries something; where it fails, all is as it was before.</summary>
    /// <returns>How it failed, null where it did not, and the problems that it reported.</returns>
    private (Exception? Failure, IReadOnlyList<Problem> Problems) Tried(Frame frame, Action action)
    {
        var (sink, levels, before) = (_problems, _levels.Count, new Dictionary<string, Lowered>(frame.Locals));
        _problems = new ProblemSink();
        try
        {
            action();
            return (null, _problems.Problems);
        }
        catch (Exception e) when (e is LoopUnfit or LoweringAborted)
        {
            _levels.RemoveRange(levels, _levels.Count - levels);
            Restore(frame, before);
            return (e, _problems.Problems);
        }
        finally
        {
            _problems = sink;
        }
    }

    /// <summary>Which tensors grow in a loop and how, by what an iteration does with the first values.</summary>
    private Dictionary<string, Growth> GrowthsOf(ForStatement loop, Frame frame, Dim first, Dim low, Dim count, bool isUp)
    {
        var growths = new Dictionary<string, Growth>();
        var before = new Dictionary<string, Lowered>(frame.Locals);
        var (failure, _) = Tried(frame, () =>
        {
            var level = new Level(new LoopBody(Here, count, !isUp), low);
            var tensors = before.Where(l => loop.Assigned.Contains(l.Key) && l.Value is TensorResult).ToDictionary(l => l.Key, l => ((TensorResult)l.Value).Value);
            foreach (var tensor in tensors)
            {
                frame.Locals[tensor.Key] = new TensorResult(level.Body.Carry(Imported(tensor.Value, _levels.Count)).Inside);
            }

            foreach (var list in before.Where(l => loop.Assigned.Contains(l.Key) && l.Value is ListResult or StackResult))
            {
                frame.Locals[list.Key] = new GatheringResult(_levels.Count + 1);
            }

            _levels.Add(level);
            frame.Locals[loop.Name] = new NumberResult(Scalar.Of(first), true);
            Run(loop.Body, frame);
            foreach (var tensor in tensors.Where(t => t.Value.IsReal))
            {
                if (frame.Locals[tensor.Key] is TensorResult { Value: var next } && next.Type.Element == tensor.Value.Type.Element && next.Shape.Rank == tensor.Value.Shape.Rank
                    && Enumerable.Range(0, next.Shape.Rank).Where(d => !next.Shape[d].Equals(tensor.Value.Shape[d])).ToArray() is [var axis])
                {
                    growths[tensor.Key] = new(axis, next.Shape[axis] - tensor.Value.Shape[axis]);
                }
            }

            _levels.RemoveAt(_levels.Count - 1);
        });
        Restore(frame, before);
        return failure is null ? growths : [];
    }

    private void RunAsLoop(ForStatement loop, Frame frame, Dim low, Dim count, bool isUp, IReadOnlyDictionary<string, Growth> growths)
    {
        var anchor = frame.Anchor(loop.Node);
        var outside = _levels.Count;
        var level = new Level(new LoopBody(BuilderAt(outside), count, !isUp), low);
        var before = new Dictionary<string, Lowered>(frame.Locals);
        var carries = new List<(string Name, int Carry, Grown? Grown)>();
        var gathered = new List<string>();
        foreach (var name in loop.Assigned.Where(frame.Locals.ContainsKey))
        {
            switch (frame.Locals[name])
            {
                case TensorResult tensor when growths.TryGetValue(name, out var growth):
                    var element = Dim.Symbol(level.Body.Element);
                    var (grown, wide) = Grown.Begin(level.Body, Imported(tensor.Value, outside), growth, isUp ? element : count - 1 - element);
                    frame.Locals[name] = new TensorResult(grown.Found);
                    carries.Add((name, wide, grown));
                    break;
                case TensorResult tensor:
                    var (inside, carry) = level.Body.Carry(Imported(tensor.Value, outside));
                    frame.Locals[name] = new TensorResult(inside);
                    carries.Add((name, carry, null));
                    break;
                case ListResult or StackResult:
                    frame.Locals[name] = new GatheringResult(outside + 1);
                    gathered.Add(name);
                    break;
                default:
                    throw new LoopUnfit(anchor, $"'{name}', which this loop changes and which is no tensor,");
            }
        }

        _levels.Add(level);
        frame.Locals[loop.Name] = new CounterResult(outside + 1, Dim.Zero);
        Run(loop.Body, frame);
        foreach (var (name, carry, grown) in carries)
        {
            if (frame.Locals[name] is not TensorResult next)
            {
                throw new LoopUnfit(anchor, $"'{name}', which this loop leaves as something else than a tensor,");
            }

            var value = Imported(next.Value, outside + 1);
            if (grown is not null)
            {
                value = grown.End(level.Body.Builder, value)
                    ?? throw new LoopUnfit(anchor, $"'{name}', which grows along dimension {grown.Growth.Axis} and is not what 'cat([{name}, ...], {grown.Growth.Axis})' gives,");
            }

            if (value.Type != level.Body.TypeOf(carry))
            {
                throw new LoopUnfit(anchor, $"'{name}', which this loop finds as {level.Body.TypeOf(carry)} and leaves as {value.Type},");
            }

            level.Body.Next(carry, value);
        }

        var lists = gathered.Select(name => (Name: name, Stack: (frame.Locals[name] as GatheringResult)?.Position ??
            throw new LoopUnfit(anchor, $"The list '{name}', which this loop does not add to,"))).ToArray();

        foreach (var buffer in level.Buffers)
        {
            buffer.Close(level.Body);
        }

        _levels.RemoveAt(outside);
        var results = level.Body.Close();
        var sizes = BuilderAt(outside).Equations.Last(e => e.Op is LoopOp).Form.Dims.SelectMany(d => d.Symbols).ToArray();
        if (_levels.Any(around => sizes.Contains(around.Body.Element)))
        {
            throw new LoopUnfit(anchor, "A loop over tensors whose sizes depend on the counter of the loop around");
        }

        Restore(frame, before);
        foreach (var (name, carry, _) in carries)
        {
            frame.Locals[name] = new TensorResult(results.Carries[carry]);
        }

        foreach (var (name, stack) in lists)
        {
            // A stack is in the order of the elements, a list in that of the iterations.
            frame.Locals[name] = Joined(before[name], isUp ? results.Stacks[stack] : Here.Flip(results.Stacks[stack], [0]), outside);
        }

        foreach (var buffer in level.Buffers)
        {
            buffer.WriteBack(Here, results);
        }
    }

    private static void Restore(Frame frame, Dictionary<string, Lowered> locals)
    {
        frame.Locals.Clear();
        foreach (var local in locals)
        {
            frame.Locals[local.Key] = local.Value;
        }
    }

    /// <summary>What a loop has added to a list, behind what was in it.</summary>
    private StackResult Joined(Lowered list, Value added, int level)
    {
        Value[] before = list switch
        {
            StackResult stack => [Imported(stack.Value, level)],
            ListResult items => [.. items.Items.Select(i => Here.Reshape(Imported(((TensorResult)i).Value, level), new([Dim.One, .. ((TensorResult)i).Value.Shape.Dims])))],
            _ => [],
        };
        return new(before.Length == 0 ? added : Here.Cat(0, [.. before, added]));
    }

    private void Add(AddStatement add, Frame frame)
    {
        var anchor = frame.Anchor(add.Node);
        var element = RequireTensor(Evaluate(add.Element, frame), frame.Anchor(add.Element.Node));
        frame.Locals[add.List] = frame.Locals[add.List] switch
        {
            GatheringResult list when list.Level == _levels.Count && element.Shape.Mentions(_levels[list.Level - 1].Body.Element) =>
                throw new LoopUnfit(anchor, $"The list '{add.List}', whose tensors differ in size,"),
            GatheringResult { Position: null } list when list.Level == _levels.Count =>
                list with { Position = _levels[list.Level - 1].Body.Stack(Imported(element, list.Level)) },
            GatheringResult => throw new LoopUnfit(anchor, $"The list '{add.List}', which this loop adds to more than once an iteration,"),
            ListResult list => new ListResult([.. list.Items, new TensorResult(element)]),
            StackResult list => Guarded(add.Element, "Add", frame, () => Joined(list, Here.Reshape(element, new([Dim.One, .. element.Shape.Dims])), _levels.Count)),
            _ => throw Fail(Rules.Unreadable, anchor, $"'{add.List}.Add'", "it must be a list of tensors"),
        };
    }

    /// <summary>A value of this or an outer program, as the innermost loop's body knows it.</summary>
    private Lowered Imported(Lowered lowered, SourceAnchor at) => lowered switch
    {
        TensorResult tensor => new TensorResult(Imported(tensor.Value, _levels.Count)),
        StackResult stack => new StackResult(Imported(stack.Value, _levels.Count)),
        TupleResult tuple => new TupleResult(tuple.Items.Select(i => Imported(i, at)).ToEquatableArray()),
        ListResult list => new ListResult(list.Items.Select(i => Imported(i, at)).ToEquatableArray()),
        GatheringResult => throw new LoopUnfit(at, "A list that the loop is filling"),
        _ => lowered,
    };

    private Value Imported(Value value, int level)
    {
        if (level == 0 || BuilderAt(level).Owns(value))
        {
            return value;
        }

        return _levels[level - 1].Body.Constant(Imported(value, level - 1));
    }

    /// <summary>What a tensor of a module is here and now: buffers may have been set, and a loop hands them on.</summary>
    private Value Latest(Value tensor) => Here.Latest(KeyOf(tensor, _levels.Count));

    /// <summary>The input of a level by which it knows a tensor of a module.</summary>
    private Value KeyOf(Value tensor, int level)
    {
        if (level == 0 || BuilderAt(level).Owns(tensor))
        {
            return tensor;
        }

        var outer = KeyOf(tensor, level - 1);
        var (body, buffers) = (_levels[level - 1].Body, _levels[level - 1].Buffers);
        if (!BuilderAt(level - 1).IsBuffer(outer))
        {
            return body.Constant(outer);
        }

        if (buffers.FirstOrDefault(h => h.Outer == outer) is { } known)
        {
            return known.Inside;
        }

        var (inside, carry) = body.Carry(BuilderAt(level - 1).Latest(outer));
        body.Builder.MarkBuffer(inside);
        buffers.Add(new(outer, inside, carry, null));
        return inside;
    }

    /// <summary>The block that a call is about.</summary>
    private ModuleInstance BlockOf(BlockCallExpression call, Frame frame)
    {
        if (call.Index is not { } at)
        {
            return frame.Module.Blocks[call.Field];
        }

        var field = frame.Module.Spec.Blocks.First(f => f.Field == call.Field);
        var index = Evaluate(at, frame);
        var anchor = frame.Anchor(call.Node);
        var count = CountOf(field, frame.Module);
        var place = index is NumberResult { IsInteger: true } number ? number.Value.AsDim() : null;
        place = place?.Value < 0 ? count + place : place;
        if (place?.Value < 0 || (place is not null && (count - place).Value <= 0))
        {
            throw Fail(Rules.Unreadable, frame.Anchor(at.Node), $"Block {place} of the {count} in '{field.Field}'", "count from 0");
        }

        var blocks = frame.Module.Blocks[field.Field];
        var array = blocks.Arrays[0].Place;
        return index switch
        {
            CounterResult counter when _levels[counter.Level - 1] is var level =>
                blocks.Element(level.Low + counter.Offset + Dim.Symbol(level.Body.Element), (v, single) => ElementOf(v, new Parts(array, single), counter, anchor)),
            _ when place is not null => blocks.Element(place, (v, single) => PartOf(v, new Parts(array, single), place)),
            _ => throw Fail(Rules.Unreadable, frame.Anchor(at.Node), "this index", "it must be an integer that is known before the kernel runs"),
        };
    }

    /// <summary>One of stacked tensors of blocks, at a place that is no loop's counter.</summary>
    private Value PartOf(Value stacked, Parts parts, Dim place)
    {
        var (start, shape) = (parts.Before(place), parts.At(place));
        return Here.PartOf(
            KeyOf(stacked, _levels.Count),
            x => Here.Reshape(Here.Narrow(x, 0, start, parts.Extent(place)), shape),
            (whole, part) => Replaced(Here, whole, Here.Reshape(part, parts.AsStretch(place)), start));
    }

    /// <summary>Element t of stacked tensors of blocks.</summary>
    private Value ElementOf(Value stacked, Parts parts, CounterResult counter, SourceAnchor at)
    {
        var level = _levels[counter.Level - 1];
        var outer = KeyOf(stacked, counter.Level - 1);
        var outside = BuilderAt(counter.Level - 1);
        var first = level.Low + counter.Offset;
        var start = parts.Before(first);
        var element = parts.At(first + Dim.Symbol(level.Body.Element));
        if (outside.IsBuffer(outer) && level.Buffers.FirstOrDefault(h => h.Outer == outer) is { } known)
        {
            return start.Equals(known.Start)
                ? known.Inside
                : throw new LoopUnfit(at, "A block whose buffers another iteration sets as well");
        }

        var elements = level.Body.Stacked(element);
        var stretch = Stretch(outside, outside.Latest(outer), 0, start, parts.IsFlat ? elements.Elements : elements[0]);
        var inside = level.Body.Sequence(outside.Reshape(stretch, elements), element);
        if (outside.IsBuffer(outer))
        {
            level.Body.Builder.MarkBuffer(inside);
            level.Buffers.Add(new(outer, inside, null, start));
        }

        return inside;
    }

    private static Dim CountOf(BlockFieldSpec field, ModuleInstance module) => field.Count!.Substitute(module.Scalars).AsDim()!;

    private Lowered CountOf(CountExpression count, Frame frame)
    {
        if (count.Field is { } name)
        {
            return new NumberResult(Scalar.Of(CountOf(frame.Module.Spec.Blocks.First(f => f.Field == name), frame.Module)), true);
        }

        return Evaluate(count.List!, frame) switch
        {
            ListResult list => new NumberResult(list.Items.Count, true),
            StackResult stack => new NumberResult(Scalar.Of(stack.Value.Shape[0]), true),
            _ => throw Fail(Rules.Unreadable, frame.Anchor(count.Node), "this count", "only lists of tensors have one here"),
        };
    }

    /// <summary>Counter + c, counter - c; null where neither operand is a counter.</summary>
    private static CounterResult? OfCounter(BinaryExpression binary, Lowered left, Lowered right, Frame frame) => (binary.Operator, left, right) switch
    {
        ("+", CounterResult counter, NumberResult { IsInteger: true } n) when n.Value.AsDim() is { } by => counter with { Offset = counter.Offset + by },
        ("+", NumberResult { IsInteger: true } n, CounterResult counter) when n.Value.AsDim() is { } by => counter with { Offset = counter.Offset + by },
        ("-", CounterResult counter, NumberResult { IsInteger: true } n) when n.Value.AsDim() is { } by => counter with { Offset = counter.Offset - by },
        (_, CounterResult, _) or (_, _, CounterResult) => throw new LoopUnfit(frame.Anchor(binary.Node), "The counter as a number"),
        _ => null,
    };

    /// <summary>An element of a list that a loop has made, or element t of a list; null for anything else.</summary>
    private Lowered? ElementOfLoop(ElementExpression element, Lowered collection, Frame frame)
    {
        var anchor = frame.Anchor(element.Node);
        var index = Evaluate(element.Index, frame);
        var stack = collection switch
        {
            StackResult made => made.Value,
            ListResult { Items.Count: > 0 } list when index is CounterResult && list.Items.All(i => i is TensorResult) => null,
            _ => index is CounterResult ? throw new LoopUnfit(anchor, "The counter as an index here") : null,
        };
        if (stack is null && index is not CounterResult)
        {
            return null;
        }

        return Guarded(element, "this element", frame, () => new TensorResult((stack, index) switch
        {
            (null, CounterResult counter) => ElementOf(Stacked((ListResult)collection, counter.Level - 1, anchor), 0, counter, anchor),
            ({ } made, CounterResult counter) => ElementOf(made, 0, counter, anchor),
            ({ } made, NumberResult { IsInteger: true } number) when number.Value.AsDim() is { } at => StructureVocabulary.Select(Here, made, 0, at),
            _ => throw new LoweringException("the index must be an integer that is known before the kernel runs"),
        }));
    }

    private Value Stacked(ListResult list, int level, SourceAnchor at)
    {
        Value[] items = [.. list.Items.Select(i => Outside(((TensorResult)i).Value, level, at))];
        return items.All(i => i.Type == items[0].Type)
            ? BuilderAt(level).Cat(0, [.. items.Select(i => BuilderAt(level).Reshape(i, new([Dim.One, .. i.Shape.Dims])))])
            : throw new LoopUnfit(at, "A list of tensors of different shapes");
    }

    /// <summary>Takes element t of the tensor that an index or a select is about, and leaves the rest of the call to its rule.</summary>
    private (Lowered? Receiver, IReadOnlyDictionary<string, Lowered> Arguments) AtCounter(
        CallExpression call, Lowered? receiver, IReadOnlyDictionary<string, Lowered> arguments, Frame frame)
    {
        var anchor = frame.Anchor(call.Node);
        var given = arguments.Values.Append(receiver).Where(a => a is CounterResult || (a is ListResult list && list.Items.Any(i => i is CounterResult)) || IsRangeOfCounter(a)).ToArray();
        if (given.Length == 0)
        {
            return (receiver, arguments);
        }

        var subject = receiver ?? (arguments.TryGetValue("input", out var input) ? input : null);
        if (given.Length == 1 && subject is TensorResult { Value: var x })
        {
            if (given[0] is ListResult { Items: var indices } && call.Method is "Tensor.this[]" or "Tensor.index" && indices.Count(i => i is CounterResult) == 1 && !indices.Any(IsRangeOfCounter))
            {
                var place = Enumerable.Range(0, indices.Count).First(i => indices[i] is CounterResult);
                var ellipsis = indices.ToList().FindIndex(i => i is EnumResult);
                var taken = indices.Count(i => i is not NothingResult and not EnumResult);
                var axis = indices.Take(place).Count(i => i is not NothingResult and not EnumResult);
                axis += ellipsis >= 0 && ellipsis < place ? x.Shape.Rank - taken : 0;
                if (axis < x.Shape.Rank)
                {
                    var rest = arguments.ToDictionary(a => a.Key, a => a.Value);
                    rest["indices"] = new ListResult(indices.Where((_, i) => i != place).ToEquatableArray());
                    return (Guarded(call, "this[]", frame, () => new TensorResult(ElementOf(x, axis, (CounterResult)indices[place], anchor))), rest);
                }
            }
            else if (given[0] is CounterResult counter && call.Method is "Tensor.select" or "torch.select" && arguments["index"] == given[0] && arguments["dim"] is NumberResult { Value.Value: { } dim })
            {
                var taken = Guarded(call, "select", frame, () => new TensorResult(ElementOf(x, CallArguments.Normalise((int)dim, x.Shape), counter, anchor)));
                return (taken, new Dictionary<string, Lowered> { ["indices"] = new ListResult([]) });
            }
        }

        throw new LoopUnfit(anchor, "The counter in this call");
    }

    private static bool IsRangeOfCounter(Lowered? lowered) => lowered switch
    {
        RangeResult range => range.Start is CounterResult || range.End is CounterResult || range.Step is CounterResult,
        ListResult list => list.Items.Any(IsRangeOfCounter),
        _ => false,
    };

    /// <summary>Element t of a tensor along a dimension.</summary>
    private Value ElementOf(Value tensor, int axis, CounterResult counter, SourceAnchor at)
    {
        var level = _levels[counter.Level - 1];
        var outside = BuilderAt(counter.Level - 1);
        var whole = Outside(tensor, counter.Level - 1, at);
        var stretch = Stretch(outside, whole, axis, level.Low + counter.Offset, level.Body.Length);
        var first = axis == 0 ? stretch : outside.Permute(stretch, [axis, .. Enumerable.Range(0, axis), .. Enumerable.Range(axis + 1, stretch.Shape.Rank - axis - 1)]);
        return Imported(level.Body.Sequence(first), _levels.Count);
    }

    /// <summary>What a value was outside of a level's loop.</summary>
    private Value Outside(Value value, int level, SourceAnchor at)
    {
        for (var from = _levels.Count; from > level; from--)
        {
            if (BuilderAt(from).Owns(value))
            {
                value = _levels[from - 1].Body.Outside(value) ?? throw new LoopUnfit(at, "A tensor that the loop computes, and takes elements of by its counter,");
            }
        }

        return Imported(value, level);
    }

    /// <summary>The elements from a start on; all of them where that is what it comes to.</summary>
    private static Value Stretch(Builder at, Value x, int axis, Dim start, Dim length)
    {
        var left = x.Shape[axis] - start - length;
        return start.Value < 0 || left.Value < 0
            ? throw new ShapeException(x.Shape.ToString(), $"elements {start} to {start + length} of dimension {axis}", "the loop runs past the end")
            : at.Narrow(x, axis, start, length);
    }

    /// <summary>A stack with other elements from a start on.</summary>
    private static Value Replaced(Builder at, Value whole, Value elements, Dim start)
    {
        var end = start + elements.Shape[0];
        var behind = whole.Shape[0] - end;
        Value[] parts =
        [
            .. start.Value == 0 ? [] : new[] { at.Narrow(whole, 0, Dim.Zero, start) },
            elements,
            .. behind.Value == 0 ? [] : new[] { at.Narrow(whole, 0, end, behind) },
        ];
        return parts.Length == 1 ? elements : at.Cat(0, parts);
    }

    /// <summary>The tensors of an array's blocks in one (see <see cref="ArrayLevel"/>).</summary>
    /// <param name="Place">The name of the place that sizes depend on; null where the blocks are alike.</param>
    /// <param name="Single">The shape of one.</param>
    private sealed record Parts(string? Place, Shape Single)
    {
        /// <summary>Whether all lie flat.</summary>
        public bool IsFlat => Place is not null;

        /// <summary>The shape of the one at a place.</summary>
        public Shape At(Dim place) => Place is null ? Single : Single.Substitute(new Dictionary<string, Dim> { [Place] = place });

        /// <summary>How much of the first dimension lies before the one at a place.</summary>
        public Dim Before(Dim place) => IsFlat ? Single.Elements.Sum(Place!, place)! : place;

        /// <summary>How much of the first dimension the one at a place takes.</summary>
        public Dim Extent(Dim place) => IsFlat ? At(place).Elements : Dim.One;

        /// <summary>The shape of the one at a place as a stretch of all.</summary>
        public Shape AsStretch(Dim place) => IsFlat ? Shape.Of(Extent(place)) : new([Dim.One, .. Single.Dims]);
    }

    /// <summary>How a tensor grows in a loop.</summary>
    /// <param name="Axis">Along which dimension.</param>
    /// <param name="By">By how much in each iteration.</param>
    private sealed record Growth(int Axis, Dim By);

    /// <summary>
    /// A tensor that grows in a loop. The loop carries one as wide as it will be in the end, which begins with zeros behind what there is; each iteration
    /// reads what there is so far, and adds its own behind it.
    /// </summary>
    /// <param name="Growth">How it grows.</param>
    /// <param name="Wide">The carry.</param>
    /// <param name="Size">How much there is when an iteration begins.</param>
    /// <param name="Found">What an iteration finds.</param>
    private sealed record Grown(Growth Growth, Value Wide, Dim Size, Value Found)
    {
        /// <summary>Begins a body with it.</summary>
        /// <param name="body">The body.</param>
        /// <param name="initial">What the first iteration finds.</param>
        /// <param name="growth">How it grows.</param>
        /// <param name="before">How many iterations come before one.</param>
        public static (Grown Grown, int Carry) Begin(LoopBody body, Value initial, Growth growth, Dim before)
        {
            var (wide, carry) = body.Carry(body.Outer.Pad(initial, growth.Axis, Dim.Zero, growth.By * body.Length));
            var size = initial.Shape[growth.Axis] + (growth.By * before);
            return (new(growth, wide, size, body.Builder.Copy(body.Builder.Narrow(wide, growth.Axis, Dim.Zero, size))), carry);
        }

        /// <summary>The carry when what an iteration leaves is what it found and more behind it; null where that is something else.</summary>
        public Value? End(Builder b, Value next) =>
            b.Binder(next) is { Op: CatOp cat } joined && cat.Axis == Growth.Axis && joined.Operands[0] == Found
                && b.Cat(cat.Axis, [.. joined.Operands.Skip(1)]) is var added && added.Shape[cat.Axis].Equals(Growth.By)
                ? b.Apply(new AddAtOp(cat.Axis, Size), Wide, added)
                : null;
    }

    /// <summary>A loop that is being written.</summary>
    /// <param name="Body">Its body.</param>
    /// <param name="Low">The least value of its counter.</param>
    private sealed record Level(LoopBody Body, Dim Low)
    {
        /// <summary>The buffers that its body has asked for.</summary>
        public List<HandedBuffer> Buffers { get; } = [];
    }

    /// <summary>A buffer of a module that a loop hands on, or whose elements its iterations set.</summary>
    /// <param name="Outer">The input by which the level outside knows it.</param>
    /// <param name="Inside">What the body finds.</param>
    /// <param name="Carry">Its carry; null where iterations have an element each.</param>
    /// <param name="Start">Which element is the first iteration's in the order of elements; null for a carry.</param>
    private sealed record HandedBuffer(Value Outer, Value Inside, int? Carry, Dim? Start)
    {
        private int? _stack;

        public void Close(LoopBody body)
        {
            var next = body.Builder.Latest(Inside);
            if (Carry is { } carry)
            {
                body.Next(carry, next);
            }
            else if (next != Inside)
            {
                _stack = body.Stack(next);
            }
        }

        public void WriteBack(Builder outside, LoopResults results)
        {
            var before = outside.Latest(Outer);
            var next = Carry is { } carry ? results.Carries[carry] : _stack is { } stack ? Replaced(outside, before, Along(results.Stacks[stack]), Start!) : before;
            if (next != before)
            {
                outside.TryUpdate(before, next);
            }

            Value Along(Value stack) => before.Shape.Rank == 1 ? outside.Reshape(stack, Shape.Of(stack.Shape.Elements)) : stack;
        }
    }

    /// <summary>A list that a loop adds one element an iteration to.</summary>
    private sealed record GatheringResult(int Level, int? Position = null) : Lowered;

    /// <summary>Iterations differ in more than which elements they see.</summary>
    private sealed class LoopUnfit(SourceAnchor at, string what) : Exception(what)
    {
        public SourceAnchor At { get; } = at;
    }
}
