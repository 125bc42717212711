using Examples.Inspection;
using Examples.Scanning;
using Examples.Secrets;
using Examples.Tests.Calls;
using Examples.Todos;
using Google.Protobuf;
using Grpc.Core;

namespace Examples.Tests.Scanning;

public sealed class InspectorServiceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Inspect_FindingInAFileThatStillComesIn_IsWrittenAtOnce()
    {
        var requests = new QueueReader<FileChunk>(Chunk("a", "TODO " + new string('.', Pattern.After), last: false));
        var responses = new QueueWriter<Finding>(10);
        var call = new TodoInspectorService().Inspect(requests, responses, new TestCallContext(Cancellation));

        var finding = await responses.Messages.ReadAsync(Cancellation).AsTask().WaitAsync(Limit, Cancellation);
        Assert.Equal("a", finding.Path.ToStringUtf8());
        Assert.False(call.IsCompleted);

        requests.Add(Chunk("", "", last: true));
        requests.End();
        await call.WaitAsync(Limit, Cancellation);
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
        var todo = await new TodoInspectorService().Describe(new DescribeRequest(), new TestCallContext(Cancellation));
        var secrets = await new SecretInspectorService().Describe(new DescribeRequest(), new TestCallContext(Cancellation));

        Assert.Equal(["todo/todo", "todo/fixme", "todo/hack", "todo/xxx"], todo.Rules.Select(rule => rule.Id));
        Assert.Equal(secrets.Rules.Select(rule => rule.Id).Distinct(), secrets.Rules.Select(rule => rule.Id));
        Assert.All(secrets.Rules, rule => Assert.StartsWith("secret/", rule.Id, StringComparison.Ordinal));
    }

    private static async Task<List<Finding>> InspectAsync(params FileChunk[] chunks)
    {
        var responses = new QueueWriter<Finding>(1_000_000);
        await new TodoInspectorService().Inspect(new QueueReader<FileChunk>(chunks).End(), responses, new TestCallContext(Cancellation)).WaitAsync(Limit, Cancellation);
        await responses.CompleteAsync();
        return await responses.Messages.ReadAllAsync(Cancellation).ToListAsync(Cancellation);
    }

    private static FileChunk Chunk(string path, string data, bool last) => new() { Path = ByteString.CopyFromUtf8(path), Data = ByteString.CopyFromUtf8(data), Last = last };
}
