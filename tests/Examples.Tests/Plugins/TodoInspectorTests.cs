using Examples.Inspection;
using Examples.Todos;
using Google.Protobuf;
using Plugwire.Testing;

namespace Examples.Tests.Plugins;

public sealed class TodoInspectorTests
{
    private readonly FakeContract<IRules> _rules = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, PluginWays]
    public async Task Inspect_WhileTheFileStillComesIn_FindsTheWordsOfItsHost(PluginWay way)
    {
        _rules.When(rules => rules.ListWordsAsync, (ListWordsRequest _) => new WordList { Words = { new Word { Text = "LATER" } } });
        await using var harness = await PluginHarness.StartAsync<TodoPlugin>(way, options => options.Host.AddHostContract(_rules), Token);
        var chunks = new StreamSource<FileChunk>();
        await using var call = CallProbe.Start(harness.GetContract<IInspector>().InspectAsync, chunks);

        await chunks.WriteAsync(new FileChunk { Path = ByteString.CopyFromUtf8("a"), Data = ByteString.CopyFromUtf8("LATER " + new string('.', 4096)) }, Token);
        Assert.Equal("todo/later", (await call.Responses.NextAsync(Token)).RuleId);

        await chunks.WriteAsync(new FileChunk { Last = true }, Token);
        chunks.Complete();
        await call.Responses.ExpectEndAsync(Token);
    }

    [Theory, PluginWays]
    public async Task Inspect_UnderAHostWithoutWords_SaysWhatIsMissing(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync<TodoPlugin>(way, cancellationToken: Token);
        await using var call = CallProbe.Start(harness.GetContract<IInspector>().InspectAsync, AsyncEnumerable.Empty<FileChunk>());

        var refusal = await call.Responses.ExpectStatusAsync(Grpc.Core.StatusCode.FailedPrecondition, Token);

        Assert.Contains("its host does not say which words to look for", refusal.Status.Detail, StringComparison.Ordinal);
    }
}
