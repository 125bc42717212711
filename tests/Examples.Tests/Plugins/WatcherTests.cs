using Examples.Inspection;
using Examples.Watching;
using Plugwire.Testing;

namespace Examples.Tests.Plugins;

public sealed class WatcherTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Theory, PluginWays]
    public async Task Watch_TellsWhatChanges_UntilItsCallerLeaves(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync<WatcherPlugin>(way, cancellationToken: Token);
        await using var call = CallProbe.Start(harness.GetContract<IWatcher>().WatchAsync, new WatchRequest { Directory = _directory.Path });
        await call.Responses.ExpectAsync(new Change { Kind = Change.Types.Kind.Started }, Token);

        _directory.Write("file", "TODO");

        Assert.Equal("file", (await call.Responses.NextAsync(Token)).Path.ToStringUtf8());
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Watch_ThatItsCallerCancels_EndsInThePlugin(PluginWay way)
    {
        await using var harness = await PluginHarness.StartAsync<WatcherPlugin>(way, cancellationToken: Token);
        await using var call = CallProbe.Start(harness.GetContract<IWatcher>().WatchAsync, new WatchRequest { Directory = _directory.Path });
        var handled = await harness.Calls.NextAsync(nameof(IWatcher.WatchAsync), Token);

        await call.CancelAsync();

        await handled.ExpectCancelledAsync(Plugwire.CallCancellation.Caller, Token);
    }
}
