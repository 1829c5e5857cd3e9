using L2T.Dsl.Tests.Support;
using L2T.Dsl.Training;

namespace L2T.Dsl.Tests.Reporting;

public sealed class TeacherFileTests : IDisposable
{
    private static readonly LearnedTeacher Teacher = new EagerExperiment { Data = EagerExperiment.Split(heldOut: 9), HeldOutWindow = 2 }.Teach();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Saving_replaces_the_old_file_and_leaves_no_other()
    {
        var path = _folder.Write("teacher", [1, 2, 3]);

        Teacher.Save(path);
        var loaded = LearnedTeacher.Load(path);

        Assert.Equal(["teacher"], _folder.Files);
        Assert.Equal(Teacher.Parameters, loaded.Parameters);
        Assert.Equal(Teacher.Parameters.Layout, loaded.Parameters.Layout);
        Assert.Equal(Teacher.Settings, loaded.Settings);
        Assert.Equal(Teacher.Episodes, loaded.Episodes);
    }

    [Fact]
    public void Folders_are_made_on_the_way()
    {
        using var other = new TemporaryFolder();
        var path = Path.Combine(_folder["runs"], "1", "teacher");

        Teacher.Save(path);

        Assert.Equal(Teacher.Parameters, LearnedTeacher.Load(path).Parameters);
    }

    [Fact]
    public void Any_cut_or_changed_byte_is_noticed()
    {
        Teacher.Save(_folder["teacher"]);
        var content = File.ReadAllBytes(_folder["teacher"]);

        for (var length = 0; length < content.Length; length += 61)
            AssertRefused(content[..length]);
        for (var position = 0; position < content.Length; position += 61)
        {
            byte[] changed = [.. content];
            changed[position] ^= 1;
            AssertRefused(changed);
        }
        AssertRefused([.. content, 0]);

        void AssertRefused(byte[] damaged)
        {
            var path = _folder.Write("damaged", damaged);
            Assert.Contains(path, Assert.Throws<L2TException>(() => LearnedTeacher.Load(path)).Message);
        }
    }

    [Fact]
    public void What_cannot_be_read_or_written_is_named()
    {
        Assert.Contains("none", Assert.Throws<L2TException>(() => LearnedTeacher.Load(_folder["none"])).Message);
        Assert.Contains("not the file of a teacher", Assert.Throws<L2TException>(() => LearnedTeacher.Load(_folder.Write("foreign", new byte[99]))).Message);
        // A folder cannot be made where a file is.
        var blocked = Path.Combine(_folder["foreign"], "teacher");
        Assert.Contains(blocked, Assert.Throws<L2TException>(() => Teacher.Save(blocked)).Message);
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file()
    {
        // A folder cannot be replaced by a file.
        var path = _folder["teacher"];
        Directory.CreateDirectory(path);

        Assert.Throws<L2TException>(() => Teacher.Save(path));

        Assert.True(Directory.Exists(path));
        Assert.Empty(_folder.Files);
    }
}
