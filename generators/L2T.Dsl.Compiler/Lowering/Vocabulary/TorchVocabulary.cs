using L2T.Dsl.Compiler.Ir;

namespace L2T.Dsl.Compiler.Lowering.Vocabulary;

/// <summary>The methods, properties and constants of TorchSharp that have rules.</summary>
public static class TorchVocabulary
{
    private static readonly VocabularyTable Table = Fill();

    /// <summary>The names of what has a rule: <c>torch.exp</c>, <c>Tensor.exp</c>, <c>torch.nn.functional.relu</c>.</summary>
    public static IEnumerable<string> Names => Table.Names;

    /// <summary>The rule of a method. It throws <see cref="LoweringException"/> or <see cref="ShapeException"/> where a call does not fit it.</summary>
    public static bool TryGet(string method, out Func<CallArguments, Builder, Lowered> rule)
    {
        if (!Table.TryGet(method, out var write))
        {
            rule = write;
            return false;
        }

        rule = (arguments, b) =>
        {
            var result = write(arguments, b);
            arguments.RequireAllRead();
            return result;
        };
        return true;
    }

    private static VocabularyTable Fill()
    {
        var table = new VocabularyTable();
        PointwiseVocabulary.AddTo(table);
        ActivationVocabulary.AddTo(table);
        LogicVocabulary.AddTo(table);
        LinearVocabulary.AddTo(table);
        ConvolutionVocabulary.AddTo(table);
        PoolingVocabulary.AddTo(table);
        ReductionVocabulary.AddTo(table);
        StructureVocabulary.AddTo(table);
        ConstantVocabulary.AddTo(table);
        IndexingVocabulary.AddTo(table);
        LossVocabulary.AddTo(table);
        NumberVocabulary.AddTo(table);
        NormalizationVocabulary.AddTo(table);
        RandomVocabulary.AddTo(table);
        return table;
    }
}
