using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using L2T.Dsl.Tensors;

namespace L2T.Dsl.Experiments.Exports;

/// <summary>
/// The body of a loss form as C#, from the program that its assembly carries, with its coefficients and constructor parameters replaced by what
/// they are. Straight-line bodies only: what branches or loops is refused.
/// </summary>
internal sealed partial class LossFormSource
{
    private const string Version = "3";

    private static readonly HashSet<string> Operators = ["+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!="];

    private readonly Type _form;
    private readonly IReadOnlyList<ProgramText> _members;
    private readonly IReadOnlyList<ProgramText> _method;
    private readonly Dictionary<string, string> _scalars = [];
    private readonly Dictionary<string, string> _tensors = [];

    /// <param name="form">The loss form's type.</param>
    /// <param name="layout">Its coefficients, with the sizes that they have.</param>
    /// <exception cref="L2TException">Its assembly carries no program of it, or one of another version.</exception>
    public LossFormSource(Type form, IReadOnlyList<TensorSlot> layout)
    {
        _form = form;
        var name = form.FullName!.Replace('+', '.');
        var program = form.Assembly.GetCustomAttributes<ModuleProgramAttribute>().FirstOrDefault(attribute => attribute.Module == name)?.Program
            ?? throw Refused("its assembly carries no program of it. Build it with the generator");
        _members = ProgramText.Read(program).Items is [{ Word: "module" }, { Word: Version }, .. var members] ? [.. members]
            : throw Refused("its program is of another version. Build it with the generator of this one");
        _method = Members("method").FirstOrDefault(method => method[1].Word == "Loss") ?? throw Refused("it has no method Loss");
        foreach (var member in Members("scalar").Where(member => member.Count > 3))
            _scalars[member[1].Word] = member[3].Word;
        foreach (var (member, slot) in Members("tensor").Zip(layout))
        {
            // A size that is a parameter by itself tells what that was.
            foreach (var (size, given) in member[3].Items!.Zip(slot.Shape))
            {
                if (Members("scalar").Any(scalar => scalar[1].Word == size.Word))
                    _scalars[size.Word] = given.ToString(CultureInfo.InvariantCulture);
            }
        }
        var taken = Locals().Concat(Members("method").SelectMany(method => method[2].Items!.Select(parameter => parameter.Items![0].Word))).ToHashSet();
        foreach (var slot in layout)
        {
            var local = char.ToLowerInvariant(slot.Name[0]) + slot.Name[1..];
            while (!taken.Add(local))
                local += "Of";
            _tensors[slot.Name] = local;
        }
    }

    /// <summary>The local variable that holds a coefficient.</summary>
    public string LocalOf(string coefficient) => _tensors[coefficient];

    /// <summary>The parameters of <c>Loss</c>, with their attributes.</summary>
    public string Parameters() => string.Join(", ", _method[2].Items!.Select(Parameter));

    /// <summary>The names of the parameters.</summary>
    public IReadOnlyList<string> ParameterNames() => [.. _method[2].Items!.Select(parameter => parameter.Items![0].Word)];

    /// <summary>The statements of <c>Loss</c>.</summary>
    /// <exception cref="L2TException">They are more than a straight line.</exception>
    public IEnumerable<string> Statements() => _method.Skip(3).Where(statement => statement.Head != "returns").Select(Statement);

    private IEnumerable<IReadOnlyList<ProgramText>> Members(string kind) => _members.Where(member => member.Head == kind).Select(member => member.Items!);

    private IEnumerable<string> Locals() => _method.Skip(3).Where(statement => statement.Head == "let").SelectMany(statement => statement.Items![1].Items!).Select(name => name.Word);

    private string Parameter(ProgramText parameter)
    {
        var items = parameter.Items!;
        if (items.Length < 2 || items[1].Items is not [{ Word: "type" }, var element, { Items: { } sizes }])
            throw Refused($"its parameter {items[0].Word} is no tensor of a known shape");
        var shape = string.Join(", ", sizes.Select(size => Size(size.Word)));
        return $"[{(element.Word == "Integer" ? "Labels" : "Shape")}({shape})] Tensor {items[0].Word}";
    }

    private string Size(string size)
    {
        var value = _scalars.GetValueOrDefault(size, size);
        return long.TryParse(value, CultureInfo.InvariantCulture, out _) ? value : $"\"{value}\"";
    }

    private string Statement(ProgramText statement) => statement.Items switch
    {
        [{ Word: "let" }, { Items: [var name] }, var value] => $"var {name.Word} = {Expression(value)};",
        [{ Word: "return" }, var value] => $"return {Expression(value)};",
        _ => throw Refused($"its body has a statement '{statement.Head}'"),
    };

    private string Expression(ProgramText expression)
    {
        if (expression.Items is null)
            return Word(expression.Word);
        return expression.Items switch
        {
            [{ Word: "call" }, ..] => Call(expression.Items),
            [{ Word: "element" }, var collection, var index] => $"{Operand(collection)}[{Expression(index)}]",
            [{ Word: var sign }, var left, var right] when Operators.Contains(sign) => $"{Operand(left)} {sign} {Operand(right)}",
            [{ Word: "-" }, var operand] => $"-{Operand(operand)}",
            _ => throw Refused($"its body has '{expression.Head}'"),
        };
    }

    // In parentheses where it is more than a name, a number or a call.
    private string Operand(ProgramText expression) =>
        expression.Items is null or [{ Word: "call" or "element" }, ..] ? Expression(expression) : $"({Expression(expression)})";

    private string Word(string word) => word[0] switch
    {
        '@' => _tensors.GetValueOrDefault(word[1..]) ?? throw Refused($"its body reads '{word[1..]}', which is no coefficient"),
        '$' => _scalars.GetValueOrDefault(word[1..])
            ?? throw Refused($"its body reads its parameter '{word[1..]}', whose value no size and no default tells"),
        '#' => word is "#true" or "#false" ? word[1..] : throw Refused($"its body has '{word}'"),
        _ => word,
    };

    // A call says how it is written in C#, with a hole for each argument that is more than a literal.
    private string Call(IReadOnlyList<ProgramText> call)
    {
        var template = call[^1].Items is [{ Word: "as" }, var text] ? text.Word : throw Refused($"its call of {call[1].Word} does not say how it is written");
        var arguments = new List<string>();
        for (var i = 2; i + 1 < call.Count; i += 2)
        {
            if (!IsLiteral(call[i + 1]))
                arguments.Add(call[i].Word == ":this" ? Operand(call[i + 1]) : Expression(call[i + 1]));
        }
        if (Holes().Matches(template).Select(hole => hole.Value).Distinct().Count() != arguments.Count)
            throw Refused($"its call of {call[1].Word} is written in a way that is not known here");
        var filled = Holes().Replace(template, hole => arguments[int.Parse(hole.Groups[1].Value, CultureInfo.InvariantCulture)]);
        return Casts().Replace(filled, "$1")
            .Replace("global::TorchSharp.torch.nn.functional.", "functional.", StringComparison.Ordinal)
            .Replace("global::TorchSharp.torch.", "", StringComparison.Ordinal)
            .Replace("global::", "", StringComparison.Ordinal);
    }

    private static bool IsLiteral(ProgramText expression) => expression.Items is { } items
        ? items[0].Word is "string" or "enum" || (items[0].Word == "list" && items.Skip(1).All(IsLiteral))
        : expression.Word[0] == '#' || double.TryParse(expression.Word, CultureInfo.InvariantCulture, out _);

    private L2TException Refused(string why) => new($"The loss form {_form.Name} cannot be written out: {why}. Train under the teacher itself, with --teacher.");

    [GeneratedRegex(@"\{(\d+)\}")]
    private static partial Regex Holes();

    // (long)(1L) is 1L.
    [GeneratedRegex(@"\((?:long|double)\)\((-?[\d.E+-]+L?)\)")]
    private static partial Regex Casts();
}
