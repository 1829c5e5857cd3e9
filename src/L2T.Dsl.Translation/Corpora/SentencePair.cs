namespace L2T.Dsl.Translation.Corpora;

/// <summary>A sentence and its translation.</summary>
/// <param name="Source">What is translated.</param>
/// <param name="Target">Its translation.</param>
public readonly record struct SentencePair(string Source, string Target);
