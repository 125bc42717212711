using Examples.Inspection;
using Examples.Secrets;
using Google.Protobuf;
using Plugwire.Testing;

namespace Examples.Tests.Plugins;

public sealed class SecretInspectorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, PluginWays]
    public async Task Inspect_FileWithAPassword_ShowsItMasked(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync<SecretPlugin>(way, cancellationToken: Token);
        var file = new FileChunk { Path = ByteString.CopyFromUtf8("a"), Data = ByteString.CopyFromUtf8("url = https://me:s3cretWord@example.org/\n"), Last = true };
        await using var call = CallProbe.Start(harness.GetContract<IInspector>().InspectAsync, new[] { file }.ToAsyncEnumerable());

        var finding = await call.Responses.NextAsync(Token);

        Assert.StartsWith("secret/", finding.RuleId, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cretWord", finding.Text, StringComparison.Ordinal);
        await call.Responses.ExpectEndAsync(Token);
    }
}
