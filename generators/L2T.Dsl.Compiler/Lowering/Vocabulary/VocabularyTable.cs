using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>Rules by the names of the methods that they write as equations.</summary>
internal sealed class VocabularyTable
{
    private readonly Dictionary<string, Func<CallArguments, Builder, Lowered>> _rules = [];

    public IEnumerable<string> Names => _rules.Keys;

    /// <summary>Adds a rule under several names: the static method and the instance method, and their aliases.</summary>
    public void Add(string[] names, Func<CallArguments, Builder, Lowered> rule)
    {
        foreach (var name in names)
        {
            _rules.Add(name, rule);
        }
    }

    /// <summary>Adds a rule whose result is a tensor.</summary>
    public void Add(string[] names, Func<CallArguments, Builder, Value> rule) => Add(names, (a, b) => new TensorResult(rule(a, b)));

    /// <summary>Adds a rule for a function of one real tensor without further arguments.</summary>
    public void Add(string[] names, Func<Builder, Value, Value> function) => Add(names, (CallArguments a, Builder b) => function(b, a.RealSubject(b)));

    public bool TryGet(string name, out Func<CallArguments, Builder, Lowered> rule) => _rules.TryGetValue(name, out rule!);
}
