using System.Globalization;
using System.Text.Json;
using L2T.Dsl.Experiments.TensorBoard;
using L2T.Dsl.Training;

namespace L2T.Dsl.Experiments.Runs;

/// <summary>
/// The episodes of a teaching as they come: a line each in <c>episodes.csv</c> and <c>episodes.jsonl</c>, and an event of TensorBoard. All are
/// flushed one by one: what is there after a crash is whole, but perhaps the last.
/// </summary>
internal sealed class MetricsLog : IDisposable
{
    private readonly StreamWriter _csv;
    private readonly StreamWriter _json;
    private readonly EventFile _events;

    /// <param name="folder">Where to.</param>
    /// <param name="history">The episodes before, of a teaching that goes on.</param>
    /// <exception cref="L2TException">The files cannot be written.</exception>
    public MetricsLog(RunFolder folder, IReadOnlyList<EpisodeRecord> history)
    {
        try
        {
            _csv = Create(folder["episodes.csv"]);
            _json = Create(folder["episodes.jsonl"]);
            // The events of the episodes before are there, in a file of their own.
            _events = new EventFile(folder.Path, history.Count);
            _csv.WriteLine("episode,metric,dev_error,held_out_error,train_loss,gradient_norm,teacher_learning_rate");
            foreach (var record in history)
                AddLines(record);
        }
        catch
        {
            Close(_csv);
            Close(_json);
            _events?.Dispose();
            throw;
        }
    }

    /// <param name="record">The episode.</param>
    /// <param name="coefficients">The coefficients in it.</param>
    /// <exception cref="L2TException">The disk is full.</exception>
    public void Add(EpisodeRecord record, IReadOnlyList<CoefficientSnapshot> coefficients)
    {
        AddLines(record);
        try
        {
            _events.Write(record.Episode, Summaries.Episode(record, coefficients));
            _events.Flush();
        }
        catch (IOException e)
        {
            throw Unwritable(e);
        }
    }

    public void Dispose()
    {
        Close(_csv);
        Close(_json);
        _events.Dispose();
    }

    private void AddLines(EpisodeRecord record)
    {
        try
        {
            _csv.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{record.Episode},{record.Metric:R},{record.DevError:R},{record.HeldOutError:R},{record.TrainLoss:R},{record.GradientNorm:R},{record.TeacherLearningRate:R}"));
            _json.WriteLine(JsonSerializer.Serialize(record, EpisodeJson.Default.EpisodeRecord));
            _csv.Flush();
            _json.Flush();
        }
        catch (IOException e)
        {
            throw Unwritable(e);
        }
    }

    private static L2TException Unwritable(IOException e) => new($"The metrics cannot be written: {e.Message} Make room, then resume the run.", e);

    private static StreamWriter Create(string path)
    {
        try
        {
            return new StreamWriter(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new L2TException($"The file '{path}' cannot be written: {e.Message} Check its permissions and the free space.", e);
        }
    }

    // What a full disk has refused, Add has said; it is still in the buffer.
    private static void Close(StreamWriter? writer)
    {
        try
        {
            writer?.Dispose();
        }
        catch (IOException)
        {
        }
    }
}
