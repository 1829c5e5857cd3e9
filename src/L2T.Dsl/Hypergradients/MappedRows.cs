using System.IO.MemoryMappedFiles;
using L2T.Dsl.Reporting;
using L2T.Dsl.Tensors;
using static TorchSharp.torch;

namespace L2T.Dsl.Hypergradients;

/// <summary>
/// Rows in a memory-mapped temporary file. The file has no name while it is used (where the system allows that): however the process ends,
/// nothing is left. All its space is reserved before the first row is written, since a write to a mapping has no way to report a full disk.
/// </summary>
internal sealed unsafe class MappedRows : IRows
{
    private readonly Owned _owned = new();
    private readonly MemoryMappedViewAccessor _view;
    private readonly long[] _offsets;
    private readonly long _rowBytes;
    private readonly byte* _start;
    private readonly (long Elements, ScalarType Dtype, Device Device)[] _columns;
    private readonly Tensor?[] _places;

    /// <param name="folder">Where the file is made.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="like">For each column a tensor of its size and type; not kept.</param>
    /// <exception cref="L2TException">The folder cannot be written to, or has too little space.</exception>
    public MappedRows(string folder, int rows, params IReadOnlyList<Tensor> like)
    {
        _columns = [.. like.Select(value => (value.numel(), value.dtype, value.device))];
        _places = new Tensor?[like.Count];
        _offsets = new long[like.Count];
        for (var i = 0; i < like.Count; i++)
        {
            _offsets[i] = _rowBytes;
            _rowBytes += like[i].numel() * like[i].element_size();
        }
        var length = rows * _rowBytes;
        try
        {
            var file = _owned.Add(TemporaryFile.Create(folder, length));
            var map = _owned.Add(MemoryMappedFile.CreateFromFile(
                file, null, length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true));
            _view = _owned.Add(map.CreateViewAccessor(0, length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            _owned.Dispose();
            throw new L2TException($"{Training.MemoryPlan.Text(length)} for the trajectory cannot be had in '{folder}': {e.Message} "
                + "Set TrajectoryFolder to a folder with that much space, or choose another TrajectoryPolicy.", e);
        }
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    public void Write(int row, int column, Tensor value)
    {
        using var host = HostAccess.IsHost(value) ? null : value.cpu();
        var bytes = HostAccess.View<byte>(host ?? value);
        bytes.CopyTo(Place(row, column, bytes.Length));
    }

    public void Read(int row, int column, Tensor value)
    {
        using var host = HostAccess.IsHost(value) ? null : empty_like(value, device: CPU);
        var bytes = HostAccess.View<byte>(host ?? value);
        Place(row, column, bytes.Length).CopyTo(bytes);
        if (host is not null)
            value.copy_(host);
    }

    public Tensor Lend(int row, int column, long elements)
    {
        var (size, dtype, device) = _columns[column];
        var place = _places[column] ??= _owned.Add(empty(size, dtype, device).DetachFromDisposeScope());
        var part = place.narrow(0, 0, elements);
        Read(row, column, part);
        return part;
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _owned.Dispose();
    }

    private Span<byte> Place(int row, int column, int length) => new(_start + row * _rowBytes + _offsets[column], length);
}
