using System.Text;
using Examples.Inspect.Watching;
using Examples.Inspection;
using Google.Protobuf;

namespace Examples.Tests.Watching;

public sealed class ChangeBatchTests
{
    [Fact]
    public void ToPaths_ChangesThatRepeatOrLieInANewDirectory_AreOnePathEach()
    {
        var batch = new ChangeBatch();
        batch.Add(Change(Inspection.Change.Types.Kind.Created, "new"));
        batch.Add(Change(Inspection.Change.Types.Kind.Created, "new/file"));
        batch.Add(Change(Inspection.Change.Types.Kind.Changed, "new/deep/file"));
        batch.Add(Change(Inspection.Change.Types.Kind.Created, "newer"));
        batch.Add(Change(Inspection.Change.Types.Kind.Changed, "newer"));
        batch.Add(Change(Inspection.Change.Types.Kind.Changed, "old/file"));
        batch.Add(Change(Inspection.Change.Types.Kind.Changed, "old/file"));
        batch.Add(Change(Inspection.Change.Types.Kind.Deleted, "gone"));

        Assert.Equal([("new", true), ("newer", true), ("old/file", false)], batch.ToPaths().Select(path => (Encoding.UTF8.GetString(path.Path), path.IsNew)).Order());
        Assert.False(batch.LostChanges);
        Assert.Equal(8, batch.Count);
    }

    [Fact]
    public void Add_Overflow_SaysThatChangesAreLost()
    {
        var batch = new ChangeBatch();
        batch.Add(new Change { Kind = Inspection.Change.Types.Kind.Overflow });
        Assert.True(batch.LostChanges);
    }

    private static Change Change(Change.Types.Kind kind, string path) => new() { Kind = kind, Path = ByteString.CopyFromUtf8(path) };
}
