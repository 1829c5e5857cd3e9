using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;
using Tensorboard;

namespace L2T.Dsl.Experiments.TensorBoard;

/// <summary>
/// An event file of TensorBoard, <c>events.out.tfevents.*</c>: TFRecords (length, its checksum, content, its checksum), each an
/// <see cref="Event"/> of TensorBoard's protocol buffers, which TorchSharp carries. Its own writer of such files is not used: the times that it
/// writes are not in seconds.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private readonly FileStream _file;

    /// <param name="folder">Where to; TensorBoard calls the run by its name.</param>
    /// <param name="firstStep">The step of the first event. What earlier files of the folder say of it and of later ones is void.</param>
    /// <exception cref="L2TException">The file cannot be written.</exception>
    public EventFile(string folder, int firstStep = 0)
    {
        var path = "";
        try
        {
            Directory.CreateDirectory(folder);
            // Readers sort by name, and take each for a later one than those before it.
            var name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds():D14}.{Environment.MachineName}.{Environment.ProcessId}");
            path = Path.Combine(folder, name);
            for (var i = 1; File.Exists(path); i++)
                path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}.{i}"));
            _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            Write(new Event { FileVersion = "brain.Event:2" });
            if (firstStep > 0)
                Write(new Event { Step = firstStep, SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start } });
            Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            _file?.Dispose();
            throw new L2TException($"The file '{path}' cannot be written: {e.Message} Check its permissions and the free space.", e);
        }
    }

    /// <summary>Writes what is to be said of a step.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Write(long step, Summary summary) => Write(new Event { Step = step, Summary = summary });

    /// <summary>Hands what was written to the system, so that readers see it.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Flush() => _file.Flush();

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
            // What a full disk has refused, Write or Flush has said; it is still in the buffer.
        }
    }

    private void Write(Event content)
    {
        content.WallTime = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        var bytes = content.ToByteArray();
        Span<byte> head = stackalloc byte[sizeof(ulong) + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[sizeof(ulong)..], MaskedCrc32C.Of(head[..sizeof(ulong)]));
        Span<byte> tail = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(tail, MaskedCrc32C.Of(bytes));
        _file.Write(head);
        _file.Write(bytes);
        _file.Write(tail);
    }
}
