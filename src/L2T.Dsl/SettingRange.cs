namespace L2T.Dsl;

/// <summary>A setting that is out of its range: what an exception says, for those who know the setting by another name.</summary>
/// <param name="Name">The property.</param>
/// <param name="Optimizer">The type of the optimizer that has it; null where it is the experiment's.</param>
/// <param name="Value">What it is.</param>
/// <param name="Range">What it must be.</param>
internal sealed record SettingRange(string Name, string? Optimizer, object? Value, string Range)
{
    /// <summary>The exception to throw.</summary>
    public L2TException Exception => new(Message(Optimizer is null ? Name : $"{Name} of the optimizer ({Optimizer})")) { Setting = this };

    /// <summary>The message, with a name for the setting.</summary>
    public string Message(string name) => FormattableString.Invariant($"{name} is {Value}. It must be {Range}.");
}
