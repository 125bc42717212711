using System.Globalization;
using System.Text;
using Examples.Inspect.Words;
using Examples.Inspection;
using Examples.Scanning;
using Examples.Todos;
using FsCheck;
using FsCheck.Fluent;

namespace Examples.Tests.Scanning;

public sealed class TodoInspectorTests
{
    private static readonly byte[][] Parts = [.. new[]
    {
        "TODO", "FIXME", "HACK", "XXX", "X", "TOD", "O", "_", "a", "Z", "9", " ", "-", ".", "\n", "\r\n", "\t", "\0", "todo", "é",
    }.Select(Encoding.UTF8.GetBytes), [0xE9], [0xFF], [0x80]];

    private static IReadOnlyList<Pattern> Words { get; } = TodoInspectorService.PatternsOf(new WordRules([]).List);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Scan_AnyBytesInAnyPieces_FindsWhatTheNaiveModelFinds() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Cuts.Of(Parts), cuts =>
            Places(ScannerRun.Scan(Words, cuts.Bytes, cuts.Pieces)).SequenceEqual(Model(cuts.Bytes))));

    [Fact]
    public void Scan_ContentsLargerThanTheWindow_FindsWhatTheNaiveModelFinds()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 20; round++)
        {
            var bytes = Enumerable.Range(0, 20_000).SelectMany(_ => Parts[random.Next(Parts.Length)]).ToArray();
            var pieces = Enumerable.Range(0, 16).Select(_ => random.Next(1, 20_000)).ToArray();
            Assert.Equal(Model(bytes), Places(ScannerRun.Scan(Words, bytes, pieces)));
        }
    }

    [Theory]
    [InlineData("TODO", 1)]
    [InlineData("TODO TODO", 2)]
    [InlineData("XXXX", 0)]
    [InlineData("TODO_", 0)]
    [InlineData("_TODO TODO", 1)]
    [InlineData("XXXTODO", 0)]
    [InlineData("todo Todo", 0)]
    [InlineData("éTODOé", 1)]
    [InlineData("TODO\rTODO\r\nTODO", 3)]
    [InlineData("HACK-FIXME", 2)]
    [InlineData("1XXX XXX1", 0)]
    [InlineData("TODO:FIXME", 2)]
    [InlineData("", 0)]
    public void Scan_Line_CountsAsGrepDoes(string line, int findings)
    {
        Assert.Equal(findings, ScannerRun.Scan(Words, Encoding.UTF8.GetBytes(line), 1).Count);
        Assert.Equal(findings, ScannerRun.Scan(Words, Encoding.UTF8.GetBytes(line)).Count);
    }

    [Fact]
    public void Scan_SecondLineAfterAccents_CountsLinesAndBytesFromOne()
    {
        var finding = Assert.Single(ScannerRun.Scan(Words, "one\r\n  é // TODO: more\n"u8));

        Assert.Equal(2, finding.Line);
        Assert.Equal(9, finding.Column);
        Assert.Equal("é // TODO: more", finding.Text);
        Assert.Equal("todo/todo", finding.RuleId);
    }

    [Fact]
    public void Scan_LongLine_ShowsItsPartAroundTheFinding()
    {
        var finding = Assert.Single(ScannerRun.Scan(Words, Encoding.UTF8.GetBytes(new string('é', 500) + " HACK " + new string('é', 500))));

        Assert.Contains(" HACK ", finding.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', finding.Text);
        Assert.StartsWith("…é", finding.Text, StringComparison.Ordinal);
        Assert.EndsWith("é…", finding.Text, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(finding.Text), 150, 206);
    }

    [Fact]
    public void Scan_LineOf100Megabytes_FindsItsEndsInAWindowOfKilobytes()
    {
        var scanner = new FileScanner(Words);
        var found = new List<Finding>();
        var slice = new byte[FileScanner.SliceSize];
        slice.AsSpan().Fill((byte)'X');
        scanner.Begin(Google.Protobuf.ByteString.Empty);
        scanner.Scan("TODO "u8, found);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100 * 64; i++)
            scanner.Scan(slice, found);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        scanner.Scan(" FIXME"u8, found);
        scanner.End(found);

        Assert.Equal(["todo/todo", "todo/fixme"], found.Select(finding => finding.RuleId));
        Assert.Equal(5 + 100L * 64 * slice.Length + 2, found[1].Column);
        Assert.InRange(allocated, 0, 64 * 1024);
    }

    [Fact]
    public async Task Scan_RandomFiles_CountsWhatGrepCounts()
    {
        Assert.SkipUnless(Grep.IsThere, "There is no GNU grep here.");
        using var directory = new TemporaryDirectory();
        var random = new Random(7);
        var textParts = Parts.Where(part => !part.Contains((byte)0)).ToArray();
        var ours = 0;
        for (var i = 0; i < 50; i++)
        {
            var bytes = Enumerable.Range(0, random.Next(2_000)).SelectMany(_ => textParts[random.Next(textParts.Length)]).ToArray();
            await File.WriteAllBytesAsync(Path.Combine(directory.Path, i.ToString(CultureInfo.InvariantCulture)), bytes, Cancellation);
            ours += ScannerRun.Scan(Words, bytes, random.Next(1, 3000)).Count;
        }

        Assert.True(ours > 1000);
        Assert.Equal(await Grep.CountAsync(directory.Path, Cancellation), ours);
    }

    private static IEnumerable<(string, long, long)> Places(IEnumerable<Finding> findings) =>
        findings.Select(finding => (finding.RuleId, finding.Line, finding.Column));

    /// <summary>Every run of word bytes, looked at one byte after the other.</summary>
    private static List<(string, long, long)> Model(byte[] bytes)
    {
        var places = new List<(string, long, long)>();
        var (line, lineStart, wordStart) = (1L, 0, 0);
        for (var i = 0; i <= bytes.Length; i++)
        {
            if (i < bytes.Length && (char.IsAsciiLetterOrDigit((char)bytes[i]) || bytes[i] == '_'))
                continue;
            var word = Encoding.Latin1.GetString(bytes, wordStart, i - wordStart);
            if (word is "TODO" or "FIXME" or "HACK" or "XXX")
                places.Add(($"todo/{word.ToLowerInvariant()}", line, wordStart - lineStart + 1));
            wordStart = i + 1;
            if (i < bytes.Length && bytes[i] == '\n')
                (line, lineStart) = (line + 1, i + 1);
        }

        return places;
    }
}
