using Examples.Inspection;
using Examples.Todos;
using Google.Protobuf;
using Grpc.Core;

namespace Plugwire.Testing.Tests.Fakes;

/// <summary>The tests that the author of a plugin writes which asks its host for something.</summary>
public sealed class TodoInspectorTests
{
    private static readonly FileChunk File = new() { Path = ByteString.CopyFromUtf8("a.cs"), Data = ByteString.CopyFromUtf8("x(); // TODO later\n"), Last = true };

    private readonly FakeContract<IRules> _rules = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, PluginWays]
    public async Task Inspect_FindsTheWordsOfItsHost(PluginWay way)
    {
        var list = _rules.When(c => c.ListWordsAsync, (ListWordsRequest _) => new WordList { Words = { new Word { Text = "TODO" } } });
        await using var harness = await PluginHarness.StartAsync<TodoPlugin>(way, options => options.Host.AddHostContract(_rules), Token);

        var findings = await harness.GetContract<IInspector>().InspectAsync(new[] { File }.ToAsyncEnumerable(), cancellationToken: Token).ToListAsync(Token);

        Assert.Equal("todo/todo", Assert.Single(findings).RuleId);
        Assert.StartsWith("plugin:", list.Calls.Single().Peer, StringComparison.Ordinal);
    }

    [Theory, PluginWays]
    public async Task Inspect_WithoutWords_SaysWhatIsMissing(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync<TodoPlugin>(way, options => options.Host.AddHostContract(_rules), Token);

        var failure = await Assert.ThrowsAnyAsync<RpcException>(() => harness.GetContract<IInspector>().DescribeAsync(new DescribeRequest(), cancellationToken: Token).AsTask());

        Assert.Equal(StatusCode.FailedPrecondition, failure.StatusCode);
        Assert.Contains("the fake of IRules has no answer for it", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describe_OfTheClassAlone_AsksWithItsCallersDeadline()
    {
        _rules.When(c => c.ListWordsAsync, (ListWordsRequest _) => new WordList { Words = { new Word { Text = "HACK" } } });
        var call = new TestServerCallContext(deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1));

        var description = await new TodoInspectorService(_rules.Object).DescribeAsync(new DescribeRequest(), call.Call, call.CancellationToken);

        Assert.Equal("todo/hack", Assert.Single(description.Rules).Id);
        Assert.Equal(call.Deadline, _rules.Calls.Single().Deadline);
    }
}
