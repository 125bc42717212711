using Examples.Inspect.Words;
using Examples.Inspection;
using Examples.Scanning;
using Examples.Secrets;
using Examples.Todos;
using Google.Protobuf;
using Grpc.Core;
using Channel = System.Threading.Channels.Channel;

namespace Examples.Tests.Scanning;

public sealed class InspectorServiceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static IInspector Todos { get; } = new TodoInspectorService(new WordRules([]));

    private static IInspector Secrets { get; } = new SecretInspectorService();

    [Fact]
    public async Task Inspect_FindingInAFileThatStillComesIn_IsWrittenAtOnce()
    {
        var chunks = Channel.CreateUnbounded<FileChunk>();
        chunks.Writer.TryWrite(Chunk("a", "TODO " + new string('.', Pattern.After), last: false));
        await using var findings = Todos.InspectAsync(chunks.Reader.ReadAllAsync(Cancellation), cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);

        Assert.True(await findings.MoveNextAsync().AsTask().WaitAsync(Limit, Cancellation));
        Assert.Equal("a", findings.Current.Path.ToStringUtf8());

        var end = findings.MoveNextAsync().AsTask();
        Assert.False(end.IsCompleted);
        chunks.Writer.TryWrite(Chunk("", "", last: true));
        chunks.Writer.Complete();
        Assert.False(await end.WaitAsync(Limit, Cancellation));
    }

    [Fact]
    public async Task Inspect_WordCutByChunksOfTwoFiles_IsFoundInOneOnly()
    {
        var findings = await InspectAsync(
            Chunk("a", "x\nTO", last: false), Chunk("", "DO", last: true), Chunk("b", "TO", last: true), Chunk("c", "DO", last: true));

        var finding = Assert.Single(findings);
        Assert.Equal(("a", 2, 1), (finding.Path.ToStringUtf8(), finding.Line, finding.Column));
    }

    [Fact]
    public async Task Inspect_ChunkOfMegabytes_IsTakenInSlices()
    {
        var findings = await InspectAsync(Chunk("a", string.Concat(Enumerable.Repeat("TODO\n", 700_000)), last: true));

        Assert.Equal(700_000, findings.Count);
        Assert.Equal(Enumerable.Range(1, 700_000).Select(line => (long)line), findings.Select(finding => finding.Line));
    }

    [Theory]
    [InlineData("no path", "Chunk 1 has no path")]
    [InlineData("second path", "Chunk 2 begins the file 'b' while 'a' is still open")]
    [InlineData("after the last", "Chunk 2 has no path")]
    [InlineData("no end", "The stream ended after 1 chunks in the middle of the file 'a'")]
    [InlineData("long path", "Chunk 1 has a path of 1048577 bytes: the limit is 1048576")]
    public async Task Inspect_ChunksInAnotherOrder_AreRefusedWithASentence(string order, string sentence)
    {
        FileChunk[] chunks = order switch
        {
            "no path" => [Chunk("", "TODO", last: false)],
            "second path" => [Chunk("a", "", last: false), Chunk("b", "", last: true)],
            "after the last" => [Chunk("a", "", last: true), Chunk("", "more", last: true)],
            "no end" => [Chunk("a", "TODO", last: false)],
            _ => [Chunk(new string('p', ChunkOrder.MaxPathLength + 1), "", last: true)],
        };

        var refusal = await Assert.ThrowsAsync<RpcException>(() => InspectAsync(chunks));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.StartsWith(sentence, refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describe_Inspectors_NameEachRuleOnce()
    {
        var todo = await Todos.DescribeAsync(new DescribeRequest(), cancellationToken: Cancellation);
        var secrets = await Secrets.DescribeAsync(new DescribeRequest(), cancellationToken: Cancellation);

        Assert.Equal(["todo/todo", "todo/fixme", "todo/hack", "todo/xxx"], todo.Rules.Select(rule => rule.Id));
        Assert.Equal(secrets.Rules.Select(rule => rule.Id).Distinct(), secrets.Rules.Select(rule => rule.Id));
        Assert.All(secrets.Rules, rule => Assert.StartsWith("secret/", rule.Id, StringComparison.Ordinal));
    }

    private static Task<List<Finding>> InspectAsync(params FileChunk[] chunks) =>
        Todos.InspectAsync(chunks.ToAsyncEnumerable(), cancellationToken: Cancellation).ToListAsync(Cancellation).AsTask().WaitAsync(Limit, Cancellation);

    private static FileChunk Chunk(string path, string data, bool last) => new() { Path = ByteString.CopyFromUtf8(path), Data = ByteString.CopyFromUtf8(data), Last = last };
}
