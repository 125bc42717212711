using System.Text.Json;
using Examples.Inspect;
using Examples.Inspect.Sarif;
using Examples.Inspection;
using Google.Protobuf;

namespace Examples.Tests.Sarif;

public sealed class SarifFileTests : IDisposable
{
    private static readonly Rule[] Rules = [new() { Id = "todo/todo", Summary = "Left to do." }, new() { Id = "secret/x", Summary = "A secret." }];

    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Target => Path.Combine(_directory.Path, "out.sarif");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Complete_Findings_AreResultsOfOneRun()
    {
        await WriteAsync(
            Finding("todo/todo", "src/a b.cs"u8, 3, 7, "// TODO \"quoted\" \u001b[31m"),
            Finding("secret/x", [(byte)'d', 0xFF, (byte)'/', (byte)'%', (byte)'\n', (byte)':'], 1, 5_000_000_000, "\uD800 half a pair"));

        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(Target, Cancellation));
        var root = document.RootElement;
        Assert.Equal("2.1.0", root.GetProperty("version").GetString());
        var run = Assert.Single(root.GetProperty("runs").EnumerateArray());
        Assert.Equal("inspect", run.GetProperty("tool").GetProperty("driver").GetProperty("name").GetString());
        Assert.Equal(["todo/todo", "secret/x"], run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("id").GetString()));
        Assert.Equal("file:///the%20root/", run.GetProperty("originalUriBaseIds").GetProperty("%SRCROOT%").GetProperty("uri").GetString());
        Assert.Equal(
            [("todo/todo", 0, "src/a%20b.cs", 3L, 7L), ("secret/x", 1, "d%FF/%25%0A%3A", 1L, 5_000_000_000L)],
            run.GetProperty("results").EnumerateArray().Select(Place));
    }

    [Fact]
    public async Task Complete_NoFindings_IsAnEmptyListOfResults()
    {
        await WriteAsync();

        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(Target, Cancellation));
        Assert.Equal(0, document.RootElement.GetProperty("runs")[0].GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task Complete_OlderFile_IsReplacedAndNothingElseIsLeft()
    {
        _directory.Write("out.sarif", new string('x', 100_000));
        await WriteAsync([.. Enumerable.Range(1, 2000).Select(line => Finding("todo/todo", "a"u8, line, 1, "TODO"))]);

        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(Target, Cancellation));
        Assert.Equal(2000, document.RootElement.GetProperty("runs")[0].GetProperty("results").GetArrayLength());
        Assert.Equal([Target], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task Dispose_NotComplete_LeavesTheOlderFileAlone()
    {
        _directory.Write("out.sarif", "older");
        await using (var sarif = SarifFile.Create(Target, Rules, "/root"))
        {
            for (var i = 0; i < 1000; i++)
                await sarif.WriteAsync(Finding("todo/todo", "a"u8, 1, 1, "TODO"), Cancellation);
        }

        Assert.Equal([Target], Directory.GetFiles(_directory.Path));
        Assert.Equal("older", await File.ReadAllTextAsync(Target, Cancellation));
    }

    [Fact]
    public void Create_WhereNoFileCanBe_IsRefusedWithASentence()
    {
        Assert.EndsWith("it is a directory.", Refusal(_directory.Path), StringComparison.Ordinal);
        Assert.Contains("there is no directory", Refusal(Path.Combine(_directory.Path, "no", "file")), StringComparison.Ordinal);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Devices are told apart on Linux only.");
        Assert.EndsWith("something that is no regular file stands there.", Refusal("/dev/null"), StringComparison.Ordinal);
    }

    private static string Refusal(string path) => Assert.Throws<InspectException>(() => SarifFile.Create(path, Rules, "/root")).Message;

    private async Task WriteAsync(params Finding[] findings)
    {
        await using var sarif = SarifFile.Create(Target, Rules, "/the root");
        foreach (var finding in findings)
            await sarif.WriteAsync(finding, Cancellation);
        await sarif.CompleteAsync(Cancellation);
    }

    private static (string?, int, string?, long, long) Place(JsonElement result)
    {
        var location = Assert.Single(result.GetProperty("locations").EnumerateArray()).GetProperty("physicalLocation");
        return (
            result.GetProperty("ruleId").GetString(),
            result.GetProperty("ruleIndex").GetInt32(),
            location.GetProperty("artifactLocation").GetProperty("uri").GetString(),
            location.GetProperty("region").GetProperty("startLine").GetInt64(),
            location.GetProperty("region").GetProperty("startColumn").GetInt64());
    }

    private static Finding Finding(string rule, ReadOnlySpan<byte> path, long line, long column, string text) =>
        new() { RuleId = rule, Path = ByteString.CopyFrom(path), Line = line, Column = column, Text = text };
}
