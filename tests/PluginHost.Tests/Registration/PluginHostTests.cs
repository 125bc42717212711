using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Plugwire.Hosting.Tests.Launching;
using Plugwire.Hosting.Tests.Starting;
using Plugwire.Hosting.Tests.Supervising;

namespace Plugwire.Hosting.Tests.Registration;

public sealed class PluginHostTests
{
    private static readonly TimeSpan Limit = Shell.Limit;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetAsync_ManyCallersAtOnce_ShareOneStart()
    {
        await using var served = new ServedPlugin();
        await using var host = new PluginHost();
        host.Add("fake", served.Options);

        var plugins = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => host.GetAsync("fake", Token), Token))).WaitAsync(Limit, Token);

        Assert.All(plugins, plugin => Assert.Same(plugins[0], plugin));
        Assert.Equal(["fake"], host.Names);
    }

    [Fact]
    public async Task GetAsync_StartThatFailed_IsTriedAgainByTheNextCaller()
    {
        using var script = new ScriptPlugin("echo x >> \"$TMPDIR/../../starts\"; exit 1");
        await using var host = new PluginHost();
        host.Add("bad", script.Options);

        for (var i = 1; i <= 2; i++)
        {
            await Assert.ThrowsAsync<PluginStartException>(() => host.GetAsync("bad", Token).WaitAsync(Limit, Token));
            Assert.Equal(i, (await File.ReadAllLinesAsync(Path.Combine(script.Home, "starts"), Token)).Length);
        }
    }

    [Fact]
    public async Task GetAsync_CallerThatNoLongerWaits_DoesNotEndTheStart()
    {
        await using var served = new ServedPlugin();
        await using var host = new PluginHost();
        host.Add("fake", served.Options);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.GetAsync("fake", new CancellationToken(canceled: true)));

        Assert.Equal("fake", (await host.GetAsync("fake", Token).WaitAsync(Limit, Token)).Name);
    }

    [Fact]
    public async Task GetAsync_UnknownName_SaysWhichThereAre()
    {
        await using var host = new PluginHost();
        host.Add("b", new PluginOptions("b"));
        host.Add("a", new PluginOptions("a"));

        var failure = await Assert.ThrowsAsync<KeyNotFoundException>(() => host.GetAsync("c", Token));

        Assert.Contains("'c'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("a, b", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_SameNameTwice_IsRefused()
    {
        await using var host = new PluginHost();
        host.Add("a", new PluginOptions("a"));

        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => host.Add("a", new PluginOptions("b"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallInvoker_OfAPluginThatDoesNotRun_StartsItWithTheFirstCall()
    {
        await using var served = new ServedPlugin();
        await using var host = new PluginHost();
        host.Add("fake", served.Options);
        var invoker = host.GetCallInvoker("fake");
        Assert.False(served.Process.Launched.IsCompleted);

        var answer = await invoker.AsyncUnaryCall(EchoService.Unary, null, new CallOptions(cancellationToken: Token), "hello").ResponseAsync.WaitAsync(Limit, Token);

        Assert.Equal("HELLO", answer);
    }

    [Fact]
    public async Task CallInvoker_OfAPluginThatDoesNotStart_FailsWithTheStartsReason()
    {
        using var script = new ScriptPlugin("echo 'no rules here' >&2; exit 3");
        await using var host = new PluginHost();
        host.Add("bad", script.Options);

        var call = host.GetCallInvoker("bad").AsyncUnaryCall(EchoService.Unary, null, new CallOptions(cancellationToken: Token), "hello");

        var failure = await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseAsync.WaitAsync(Limit, Token));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal(PluginStartReason.ExitedEarly, Assert.IsType<PluginStartException>(failure.Status.DebugException).Reason);
        Assert.Equal((PluginCallReason.NotStarted, CallExecution.NotSent), (failure.Reason, failure.Execution));
        Assert.Equal((3, null, "no rules here\n"), (failure.ExitCode, failure.Signal, failure.StandardErrorTail));
    }

    [Fact]
    public async Task CallInvoker_OfAPluginWithAClockOfItsOwn_TakesDeadlinesByIt()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var host = new PluginHost();
        host.Add("missing", new PluginOptions("/nowhere/at/all") { TimeProvider = clock });

        var call = host.GetCallInvoker("missing").AsyncUnaryCall(EchoService.Unary, null, new CallOptions(deadline: DateTime.UnixEpoch.AddHours(1), cancellationToken: Token), "hello");

        // By the system's clock the deadline passed long ago.
        var failure = await Assert.ThrowsAsync<PluginCallException>(() => call.ResponseAsync.WaitAsync(Limit, Token));
        Assert.Equal(PluginCallReason.NotStarted, failure.Reason);
    }

    [Fact]
    public async Task StartAllAsync_SeveralThatFail_ReportsAllAndKeepsTheOthers()
    {
        await using var served = new ServedPlugin();
        using var first = new ScriptPlugin("exit 1");
        using var second = new ScriptPlugin("exit 2");
        await using var host = new PluginHost();
        host.Add("good", served.Options);
        host.Add("first", first.Options);
        host.Add("second", second.Options);

        var failures = await Assert.ThrowsAsync<AggregateException>(() => host.StartAllAsync(Token).WaitAsync(Limit, Token));

        Assert.Equal([1, 2], failures.InnerExceptions.Cast<PluginStartException>().Select(failure => failure.ExitCode).Order());
        Assert.False((await host.GetAsync("good", Token).WaitAsync(Limit, Token)).Completion.IsCompleted);
    }

    [Fact]
    public async Task StopAllAsync_RunningPlugins_EndsThemAll()
    {
        await using var one = new ServedPlugin();
        await using var two = new ServedPlugin();
        await using var host = new PluginHost();
        host.Add("one", one.Options);
        host.Add("two", two.Options);
        await host.StartAllAsync(Token).WaitAsync(Limit, Token);
        var plugins = new[] { await host.GetAsync("one", Token), await host.GetAsync("two", Token) };

        await host.StopAllAsync(Token).WaitAsync(Limit, Token);

        Assert.All(plugins, plugin => Assert.True(plugin.Completion.IsCompletedSuccessfully));
        one.Process.AssertNothingIsLeft();
        two.Process.AssertNothingIsLeft();
    }

    [Fact]
    public async Task DisposeAsync_WhileAPluginStarts_EndsTheStart()
    {
        await using var hanging = new FifoPlugin(_ => null, handshake: false);
        var host = new PluginHost();
        host.Add("hanging", hanging.Options);
        var waiting = host.GetAsync("hanging", Token);
        await hanging.Launched.WaitAsync(Limit, Token);

        await host.DisposeAsync().AsTask().WaitAsync(Limit, Token);
        await host.DisposeAsync().AsTask().WaitAsync(Limit, Token);

        var failure = await Assert.ThrowsAsync<PluginException>(() => waiting.WaitAsync(Limit, Token));
        Assert.Contains("stopped by its host while it was starting", failure.Message, StringComparison.Ordinal);
        hanging.AssertNothingIsLeft();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => host.GetAsync("hanging", Token));
    }
}
