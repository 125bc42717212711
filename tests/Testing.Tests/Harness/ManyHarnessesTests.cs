using Plugwire.TestPlugins.Shouting;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Harness;

[Collection(AloneCollection.Name)]
public sealed class ManyHarnessesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PluginWay.Memory, 200)]
    [InlineData(PluginWay.UnixSocket, 50)]
    public async Task Harnesses_SideBySide_DoNotClash(PluginWay way, int count)
    {
        // All of them run before the first is asked, and each has its own answer and its own log.
        var all = await Task.WhenAll(Enumerable.Range(0, count).Select(number => StartAsync(way, number))).Within();
        var answers = await Task.WhenAll(all.Select((harness, number) => AskAsync(harness, number))).Within();
        await Task.WhenAll(all.Select(harness => harness.DisposeAsync().AsTask())).Within();

        Assert.Equal(Enumerable.Range(0, count).Select(number => $"{number} of {number}!"), answers);
        Assert.All(all, (harness, number) => Assert.True(harness.Logs.Single(record => record.EventId.Name == "Asked").HasValue("Value", $"of {number}")));
    }

    private static Task<PluginHarness> StartAsync(PluginWay way, int number) =>
        PluginHarness.StartAsync<ShoutingPlugin>(way, options => options.Host.Settings = new() { ["beginning"] = $"{number} " }, Token);

    private static async Task<string> AskAsync(PluginHarness harness, int number) =>
        (await harness.GetContract<IEcho>().UnaryAsync(PluginHarnessTests.Of($"of {number}"), cancellationToken: Token)).Value;
}
