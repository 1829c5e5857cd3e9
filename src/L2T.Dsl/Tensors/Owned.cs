namespace L2T.Dsl.Tensors;

/// <summary>What an object owns and must dispose, also where its constructor fails halfway; the last is disposed first.</summary>
internal sealed class Owned : IDisposable
{
    private readonly Stack<IDisposable> _items = [];

    public T Add<T>(T item) where T : IDisposable
    {
        _items.Push(item);
        return item;
    }

    public void Dispose()
    {
        while (_items.TryPop(out var item))
            item.Dispose();
    }
}
