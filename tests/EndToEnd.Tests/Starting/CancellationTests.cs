using Plugwire.Hosting;

namespace Plugwire.EndToEnd.Tests.Starting;

public sealed class CancellationTests : PluginTest
{
    [Fact]
    [Trait("Fault", "F36")]
    public async Task StartAsync_CancelledBeforeTheHandshake_HasEndedWhatItStarted()
    {
        using var cancellation = new CancellationTokenSource();
        var start = Plugin.StartAsync(Shell("echo started >&2; trap '' TERM; (setsid sleep 1000 &); while :; do sleep 1000; done"), cancellation.Token);
        await Log.EntryAsync("started");

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.Within());
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task StartAsync_CancelledBeforeItBegins_StartsNothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Plugin.StartAsync(Faulty(), new CancellationToken(canceled: true)).Within());

        Root.AssertNothingIsLeft();
    }

    [Fact]
    [Trait("Fault", "F36")]
    public async Task PluginHost_DisposedDuringAStart_EndsIt()
    {
        var host = new PluginHost();
        host.Add("slow", Shell("echo started >&2; exec sleep 1000"));
        var start = host.GetAsync("slow", TestContext.Current.CancellationToken);
        await Log.EntryAsync("started");

        await host.DisposeAsync().Within();

        var failure = await Assert.ThrowsAsync<PluginException>(() => start.Within());
        Assert.Contains("was stopped by its host while it was starting", failure.Message, StringComparison.Ordinal);
        Root.AssertNothingIsLeft();
    }
}
