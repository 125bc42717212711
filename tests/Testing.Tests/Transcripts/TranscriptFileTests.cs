using Plugwire.Testing.Transcripts;

namespace Plugwire.Testing.Tests.Transcripts;

public sealed class TranscriptFileTests : IDisposable
{
    private const string Text = "# Plugwire transcript 1: one line an event, CALL KIND VALUE\n1 call /a.B/C\n1 request {}\n1 status OK\n";

    private readonly TranscriptOptions _options = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pwt-transcript-");

    private string Path => System.IO.Path.Combine(_directory.FullName, "a.transcript.txt");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void File_ThatIsMissing_IsWrittenWhenItMayBe()
    {
        TranscriptFile.Verify(Path, Transcript.Parse(Text), _options, mayWrite: true);

        Assert.Equal(Text, File.ReadAllText(Path));
        TranscriptFile.Verify(Path, Transcript.Parse(Text), _options, mayWrite: false);
    }

    [Fact]
    public void File_ThatIsMissing_IsSaidWithHowToMakeIt()
    {
        var failure = Assert.Throws<FileNotFoundException>(() => TranscriptFile.Verify(Path, Transcript.Parse(Text), _options, mayWrite: false));

        Assert.Contains("PLUGWIRE_WRITE_SNAPSHOTS to 1", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void File_ThatSaysSomethingElse_IsNeverWritten(bool mayWrite)
    {
        File.WriteAllText(Path, Text);

        var failure = Assert.Throws<ExpectationException>(() => TranscriptFile.Verify(Path, Transcript.Parse(Text.Replace("OK", "Aborted", StringComparison.Ordinal)), _options, mayWrite));

        Assert.Contains($"'{Path}'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Line 4: call 1, /a.B/C, is another from here on:\n  - 1 status OK\n  + 1 status Aborted\n", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Text, File.ReadAllText(Path));
    }

    [Fact]
    public void File_ThatIsNone_IsSaidWithItsLine()
    {
        File.WriteAllText(Path, "1 shout");

        Assert.Contains("line 1, '1 shout'", Assert.Throws<FormatException>(() => Transcript.Load(Path)).Message, StringComparison.Ordinal);
    }
}
