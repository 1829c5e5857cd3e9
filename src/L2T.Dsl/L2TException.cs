namespace L2T.Dsl;

/// <summary>
/// Every fault of the library that its caller can do something about: the message says what is wrong and what to do.
/// </summary>
public class L2TException : Exception
{
    /// <param name="message">What is wrong, and what to do.</param>
    public L2TException(string message) : base(message) { }

    /// <param name="message">What is wrong, and what to do.</param>
    /// <param name="cause">The fault underneath.</param>
    public L2TException(string message, Exception cause) : base(message, cause) { }

    /// <summary>The setting that is out of range; null where the fault is another.</summary>
    internal SettingRange? Setting { get; init; }

    /// <summary>A tensor property of a module was read before the module was bound.</summary>
    public static L2TException Unbound(string property) =>
        new($"{property} has no tensor yet. Lend the module its tensors first: ((ITensorModule)module).Bind(new TensorCursor(tensors)).");
}
