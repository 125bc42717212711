using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Plugwire.Hosting;

namespace Plugwire.Testing.Tests.Harness;

/// <summary>A start that fails says why, and leaves nothing.</summary>
public sealed class FailedStartTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Start_OfAPluginThatThrows_FailsWithWhatItSaid(PluginWay way)
    {
        PluginHarnessOptions? used = null;

        var failure = await Assert.ThrowsAsync<PluginStartException>(() => PluginHarness.StartAsync(
            _ => throw new InvalidOperationException("no rules"), way, options => used = options, Token).Within());

        Assert.Contains("no rules", failure.Message, StringComparison.Ordinal);
        Assert.Contains("could not be put together", failure.Message, StringComparison.Ordinal);
        AssertNothingIsLeftOf(used);
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Start_OfAHostedServiceThatThrows_FailsWithWhatItSaid(PluginWay way)
    {
        PluginHarnessOptions? used = null;

        var failure = await Assert.ThrowsAsync<PluginStartException>(() => PluginHarness.StartAsync(
            plugin => plugin.Services.AddHostedService<Broken>(), way, options => used = options, Token).Within());

        Assert.Contains("the service is broken", failure.Message, StringComparison.Ordinal);
        AssertNothingIsLeftOf(used);
    }

    [Fact]
    public async Task Start_OfAProgramThatIsNoPlugin_FailsAndLeavesNothing()
    {
        PluginHarnessOptions? used = null;

        var failure = await Assert.ThrowsAsync<PluginStartException>(() => PluginHarness.StartAsync(PluginBinary.FromPath("/bin/true"), options => used = options, Token).Within());

        Assert.Contains("Handshake", failure.Stage.ToString(), StringComparison.Ordinal);
        AssertNothingIsLeftOf(used);
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Start_GivenUp_EndsThePlugin(PluginWay way)
    {
        PluginHarnessOptions? used = null;
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var slow = new Slow();

        var start = PluginHarness.StartAsync(plugin => plugin.Services.AddSingleton<IHostedService>(slow), way, options => used = options, givenUp.Token);
        await slow.Started.Task.Within();
        await givenUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.Within());
        await slow.Cancelled.Task.Within();
        AssertNothingIsLeftOf(used);
    }

    private static void AssertNothingIsLeftOf(PluginHarnessOptions? used)
    {
        var root = used?.Host.LaunchDirectoryRoot;
        Assert.NotNull(root);
        Assert.False(Directory.Exists(root), $"{root} is left.");
    }

    private sealed class Broken : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("the service is broken");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Slow : IHostedService
    {
        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            Started.SetResult();
            using var registration = cancellationToken.Register(Cancelled.SetResult);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
