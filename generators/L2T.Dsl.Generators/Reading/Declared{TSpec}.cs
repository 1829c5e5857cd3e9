namespace L2T.Dsl.Generators.Reading;

/// <summary>A declaration as far as linking sees it.</summary>
/// <param name="Type">The full name of the declared type.</param>
/// <param name="Spec">The spec; null where the declaration could not be read, which is reported already.</param>
internal sealed record Declared<TSpec>(string Type, TSpec? Spec)
    where TSpec : class;
