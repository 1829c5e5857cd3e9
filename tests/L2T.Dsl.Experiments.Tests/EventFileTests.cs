using System.Buffers.Binary;
using BigGustave;
using L2T.Dsl.Data;
using L2T.Dsl.Experiments.TensorBoard;
using L2T.Dsl.Tensors;
using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;
using Tensorboard;

namespace L2T.Dsl.Experiments.Tests;

public sealed class EventFileTests : IDisposable
{
    private static readonly DataSplit Data = DotsExperiment.Draw();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Checksums_are_those_of_the_definition()
    {
        // The check value of CRC-32C (RFC 3720), masked as TFRecord does it.
        Assert.Equal(0xE3069283, Crc32C("123456789"u8));
        Assert.Equal(Masked("123456789"u8), MaskedCrc32C.Of("123456789"u8));
        Assert.Equal(unchecked(((0xE3069283u >> 15) | (0xE3069283u << 17)) + 0xa282ead8), MaskedCrc32C.Of("123456789"u8));
    }

    [Fact]
    public void A_teaching_writes_its_episodes_as_events()
    {
        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 1;
        var records = new List<EpisodeRecord>();
        var run = Teach("--steps", "60", "--episodes", "3");
        records.AddRange(LearnedTeacher.Load(Path.Combine(run, "teacher.l2t")).History);

        var events = Events(run);

        Assert.Equal("brain.Event:2", events[0].FileVersion);
        Assert.All(events, one => Assert.InRange(one.WallTime, before, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1));
        Assert.Equal([0L, 1, 2], events.Skip(1).Select(one => one.Step));
        foreach (var (record, one) in records.Zip(events.Skip(1)))
        {
            Assert.Equal((float)record.Metric, Value(one, "metric").SimpleValue);
            Assert.Equal((float)record.DevError, Value(one, "dev_error").SimpleValue);
            Assert.Equal((float)record.GradientNorm, Value(one, "gradient_norm").SimpleValue);
            Assert.DoesNotContain(one.Summary.Value, value => value.Tag == "held_out_error");
            var histogram = Value(one, "coefficients/W").Histo;
            // 9 elements at the steps 0, 25 and 50.
            Assert.Equal(27, histogram.Num);
            Assert.Equal(27, histogram.Bucket.Sum());
            Assert.Equal(record.Coefficients[0].Min, histogram.Min);
            Assert.Equal(record.Coefficients[0].Max, histogram.BucketLimit[^1]);
            Assert.Equal(record.Coefficients[0].Mean, histogram.Sum / 27, 9);
        }
    }

    [Fact]
    public void The_student_has_its_curve_and_its_coefficients_as_pictures()
    {
        var run = Teach("--steps", "60");
        var student = TrainedStudent.Load(Path.Combine(run, "student.l2t"));

        var events = Events(Path.Combine(run, "student"));

        Assert.Equal(events.Select(one => one.Step).Order(), events.Select(one => one.Step));
        Assert.Equal(student.Curve.Select(point => (point.Step, (float)point.DevError)), With(events, "dev_error").Select(pair => ((int)pair.Step, pair.Value.SimpleValue)));
        var pictures = With(events, "phi/W");
        Assert.Equal([0L, 25, 50], pictures.Select(pair => pair.Step));
        var (_, first) = pictures[0];
        var png = Png.Open(first.Image.EncodedImageString.ToByteArray());
        Assert.Equal((96, 96, 96, 96), (png.Width, png.Height, first.Image.Width, first.Image.Height));
        // W starts near the identity: blue on the diagonal, nearly white beside it.
        Assert.InRange(png.GetPixel(16, 16).R, 0, 60);
        Assert.InRange(png.GetPixel(48, 16).R, 200, 255);
    }

    [Fact]
    public void A_teaching_that_goes_on_voids_what_was_said_of_its_coming_episodes()
    {
        var run = Teach("--steps", "10", "--episodes", "2");
        var config = Path.Combine(run, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"episodes\": \"2\"", "\"episodes\": \"4\""));

        Assert.Equal(ExitCodes.Success, Run("resume", run, "--quiet"));

        var files = Files(run);
        Assert.Equal(2, files.Count);
        var resumed = Read(files[1]);
        Assert.Equal((2, SessionLog.Types.SessionStatus.Start), (resumed[1].Step, resumed[1].SessionLog.Status));
        Assert.Equal([2L, 3], resumed.Skip(2).Select(one => one.Step));
    }

    [Fact]
    public void Histograms_count_every_finite_value_once()
    {
        var histogram = Summaries.Histogram([1, 2, 3, 3, double.NaN]);
        var one = Summaries.Histogram([4, 4]);

        Assert.Equal((4.0, 1.0, 3.0, 9.0, 23.0), (histogram.Num, histogram.Min, histogram.Max, histogram.Sum, histogram.SumSquares));
        Assert.Equal(2, histogram.Bucket[^1]);
        Assert.Equal(histogram.Bucket.Count, histogram.BucketLimit.Count);
        Assert.Equal([2.0], one.Bucket);
        Assert.Equal([4.0], one.BucketLimit);
        Assert.Empty(Summaries.Histogram([double.NaN]).Bucket);
    }

    [Fact]
    public void Pictures_take_the_last_dimension_for_columns_and_leave_out_what_is_too_large()
    {
        var picture = Summaries.Picture(new TensorSlot("a", [2, 3], Init.Zeros, 1), [1, -1, 0, double.NaN, 0.5, 0], 1)!;
        var png = Png.Open(picture.EncodedImageString.ToByteArray());

        Assert.Equal((96, 64), (png.Width, png.Height));
        Assert.Equal((20, 70, 160), At(0, 0));
        Assert.Equal((178, 34, 24), At(1, 0));
        Assert.Equal((255, 255, 255), At(2, 0));
        Assert.Equal((204, 204, 204), At(0, 1));
        Assert.Null(Summaries.Picture(new TensorSlot("b", [2000], Init.Zeros, 1), new double[2000], 1));

        (int, int, int) At(int column, int row) => png.GetPixel(32 * column + 31, 32 * row + 31) is var pixel ? (pixel.R, pixel.G, pixel.B) : default;
    }

    private string Teach(params string[] options)
    {
        Assert.Equal(ExitCodes.Success, Run(["teach", "--runs", _folder["runs"], "--quiet", .. options]));
        return Assert.Single(Directory.GetDirectories(_folder["runs"]));
    }

    private static int Run(params string[] args) =>
        ExperimentCommandLine.Run(args, () => new DotsExperiment { Data = Data, Steps = 30, Episodes = 2, BatchSize = 16 }, TextWriter.Null, TextWriter.Null, CancellationToken.None);

    private static Summary.Types.Value Value(Event one, string tag) => Assert.Single(one.Summary.Value, value => value.Tag == tag);

    private static List<(long Step, Summary.Types.Value Value)> With(IEnumerable<Event> events, string tag) =>
        [.. events.Where(one => one.Summary is not null).SelectMany(one => one.Summary.Value.Where(value => value.Tag == tag).Select(value => (one.Step, value)))];

    private static List<string> Files(string folder) => [.. Directory.GetFiles(folder, "events.out.tfevents.*").Order(StringComparer.Ordinal)];

    private static List<Event> Events(string folder) => Read(Assert.Single(Files(folder)));

    // A reader of its own, by the definition of the format.
    private static List<Event> Read(string path)
    {
        var content = File.ReadAllBytes(path).AsSpan();
        var events = new List<Event>();
        while (content.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(content);
            Assert.Equal(Masked(content[..8]), BinaryPrimitives.ReadUInt32LittleEndian(content[8..]));
            Assert.Equal(Masked(content.Slice(12, length)), BinaryPrimitives.ReadUInt32LittleEndian(content[(12 + length)..]));
            events.Add(Event.Parser.ParseFrom(content.Slice(12, length).ToArray()));
            content = content[(12 + length + 4)..];
        }
        return events;
    }

    private static uint Masked(ReadOnlySpan<byte> data) => Crc32C(data) is var crc ? unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8) : 0;

    // Bit by bit.
    private static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0x82F63B78 & (0 - (crc & 1)));
        }
        return ~crc;
    }
}
