using System.Text;
using Examples.Inspect.Reporting;
using Examples.Inspect.Streaming;
using Examples.Inspect.Walking;
using Examples.Inspection;
using Google.Protobuf;

namespace Examples.Tests.Reporting;

public sealed class OutputTests : IDisposable
{
    private readonly StringWriter _text = new() { NewLine = "\n" };

    public void Dispose() => _text.Dispose();

    [Fact]
    public void Print_Summary_IsATableAndALine()
    {
        var summary = new Summary { Findings = 1234, Files = 2 };
        summary.Rules.Add(new RuleCount { RuleId = "todo/todo", Findings = 1234, Files = 2 });
        summary.WorstFiles.Add(new FileCount { Path = ByteString.CopyFromUtf8("[red]a[/]" + new string('b', 300)), Findings = 1000 });
        var counts = new InspectionCounts();
        counts.AddFile();
        counts.AddBytes(10);
        counts.AddSkipped(SkipReason.Binary);
        counts.AddSkipped(SkipReason.Symlink);
        counts.AddSkipped(SkipReason.Symlink);

        SummaryTables.Print(Output.To(_text), summary, counts);

        var text = _text.ToString();
        Assert.Contains("| todo/todo |    1,234 |     2 |", text, StringComparison.Ordinal);
        Assert.Contains("| [red]a[/]" + new string('b', 300) + " |    1,000 |", text, StringComparison.Ordinal);
        Assert.Contains("\n1 file inspected (10 bytes), 1,234 findings in 2 files\n", text, StringComparison.Ordinal);
        Assert.Contains("\n3 skipped: 1 binary, 2 symlink\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public void WriteSkipped_NameThatPlaysWithTheTerminal_IsShownPlain()
    {
        Output.To(_text).WriteSkipped(new TreeEntry([.. "a\u001b[31m\n\u202eb"u8, 0xFF], SkipReason.Unreadable, "Permission denied"));

        Assert.Equal("""skipped: a\x1b[31m\x0a\u{202e}b\xff: unreadable: Permission denied""" + "\n", _text.ToString());
    }

    [Theory]
    [InlineData("", ".")]
    [InlineData("a/é/漢", "a/é/漢")]
    [InlineData("tab\there", "tab here")]
    [InlineData("\u0085", "\\u{85}")]
    public void Path_Text_IsShownAsItIs(string path, string shown) => Assert.Equal(shown, DisplayText.Path(Encoding.UTF8.GetBytes(path)));

    [Fact]
    public async Task Show_WorkThatLasts_WritesALineNowAndThen()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var lines = new SignallingWriter(written);
        var work = new TaskCompletionSource();
        var showing = new ProgressLines(Output.To(lines), time).ShowAsync(new InspectionCounts(), _ => work.Task, TestContext.Current.CancellationToken);

        time.Advance(TimeSpan.FromSeconds(2));
        await written.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Contains("0 files, 0 findings", lines.ToString(), StringComparison.Ordinal);

        work.SetResult();
        await showing.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private sealed class SignallingWriter(TaskCompletionSource written) : StringWriter
    {
        public override void Write(string? value)
        {
            base.Write(value);
            written.TrySetResult();
        }
    }
}
