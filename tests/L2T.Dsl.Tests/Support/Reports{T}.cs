namespace L2T.Dsl.Tests.Support;

/// <summary>Calls back at once, on the thread that reports; <see cref="Progress{T}"/> would post to another.</summary>
internal sealed class Reports<T>(Action<T> action) : IProgress<T>
{
    public void Report(T value) => action(value);
}
