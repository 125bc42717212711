using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Faulty.Contract;

namespace Plugwire.EndToEnd.Tests.Failing;

/// <summary>A host tells the failures of its calls apart: by type, by properties and by text, at once, also while a stream idles.</summary>
public sealed class CallFailureTests : PluginTest
{
    private const string Unary = "/plugwire.testplugins.faulty.Kinds/Unary";
    private const string ServerStream = "/plugwire.testplugins.faulty.Kinds/ServerStream";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Status_OfThePluginsOwn_IsThePluginsOwn()
    {
        await using var plugin = await StartAsync(Faulty());

        var failure = await FailureAsync(plugin.CreateClient<Faults.FaultsClient>().DieAsync(new Death()).ResponseAsync);

        Assert.Equal((StatusCode.InvalidArgument, "Die how?"), (failure.StatusCode, failure.Status.Detail));
        AssertTold(failure, PluginCallReason.Status, CallExecution.MaybeExecuted, "/plugwire.testplugins.faulty.Faults/Die");
        AssertNoEnd(failure);
        Assert.Equal("The call of /plugwire.testplugins.faulty.Faults/Die on plugin 'subject' failed with InvalidArgument: Die how?", failure.Message);
    }

    [Fact]
    public async Task Deadline_OfACallAndOfAnIdleStream_IsTheDeadline()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var options = Faulty();
        options.TimeProvider = clock;
        await using var plugin = await StartAsync(options);
        var deadline = (clock.GetUtcNow() + TimeSpan.FromHours(1)).UtcDateTime;
        using var calls = await OpenCalls.StartAsync(plugin, deadline: deadline);

        clock.Advance(TimeSpan.FromHours(1));

        foreach (var (method, failure) in await calls.FailuresAsync())
        {
            Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
            AssertTold(failure, PluginCallReason.DeadlineExceeded, CallExecution.MaybeExecuted, method);
            AssertNoEnd(failure);
        }

        var late = await FailureAsync(plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note(), deadline: deadline).ResponseAsync);
        AssertTold(late, PluginCallReason.DeadlineExceeded, CallExecution.NotSent, Unary);
    }

    [Fact]
    public async Task Cancellation_ByTheCaller_IsTheCallers()
    {
        await using var plugin = await StartAsync(Faulty());
        using var cancellation = new CancellationTokenSource();
        using var calls = await OpenCalls.StartAsync(plugin, cancellationToken: cancellation.Token);

        await cancellation.CancelAsync();

        foreach (var (method, failure) in await calls.FailuresAsync())
        {
            Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
            AssertTold(failure, PluginCallReason.Cancelled, CallExecution.MaybeExecuted, method);
        }
    }

    [Fact]
    public async Task Stop_ByTheHost_IsTheHosts()
    {
        await using var plugin = await StartAsync(Faulty("--drain=0"));
        using var calls = await OpenCalls.StartAsync(plugin);

        var stop = plugin.StopAsync(Token);

        foreach (var (method, failure) in await calls.FailuresAsync())
        {
            Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
            AssertTold(failure, PluginCallReason.StoppedByHost, CallExecution.MaybeExecuted, method);
            Assert.Contains($"Plugin 'subject' (process {plugin.ProcessId}) was stopped by its host.", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal((PluginExitReason.Stopped, 0), ((await stop.Within()).Reason, (await stop).ExitCode));
        var afterwards = await FailureAsync(plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note()).ResponseAsync);
        AssertTold(afterwards, PluginCallReason.StoppedByHost, CallExecution.NotSent, Unary);
    }

    [Fact]
    [Trait("Fault", "F39")]
    public async Task Stop_ByThePluginItself_IsThePlugins()
    {
        await using var plugin = await StartAsync(Faulty("--drain=0"));
        using var calls = await OpenCalls.StartAsync(plugin);

        // A plugin takes the terminate signal as its own wish to end.
        Signals.Send(plugin.ProcessId, Signals.Terminate);

        foreach (var (method, failure) in await calls.FailuresAsync())
        {
            Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
            Assert.Contains("The server is stopping", failure.Status.Detail, StringComparison.Ordinal);
            AssertTold(failure, PluginCallReason.StoppedByPlugin, CallExecution.MaybeExecuted, method);
            Assert.Contains($"Plugin 'subject' (process {plugin.ProcessId}) is stopping", failure.Message, StringComparison.Ordinal);
        }

        await plugin.Completion.Within();
        var afterwards = await FailureAsync(plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note()).ResponseAsync);
        AssertTold(afterwards, PluginCallReason.StoppedByPlugin, CallExecution.NotSent, Unary);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Calls_AtTheVeryMomentOfALeave_AllNameThePluginAndHaveNotBeenSentOrWereCut(bool byTheHost)
    {
        await using var plugin = await StartAsync(Faulty("--drain=600"));
        var client = plugin.CreateClient<Kinds.KindsClient>();
        using var held = client.ClientStream();
        await held.ResponseHeadersAsync.Within();
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(CallUntilItFailsAsync, Token)).ToList();

        if (byTheHost)
            _ = plugin.StopAsync(Token);
        else
            Signals.Send(plugin.ProcessId, Signals.Terminate);

        var reason = byTheHost ? PluginCallReason.StoppedByHost : PluginCallReason.StoppedByPlugin;
        foreach (var caller in callers)
            AssertRefused(await caller.Within());

        // The plugin still waits for the call that it has: a further one is refused, and that one ends as if nothing were.
        AssertRefused(await FailureAsync(client.UnaryAsync(new Note()).ResponseAsync));
        await held.RequestStream.WriteAsync(new Note { Number = 3 }, Token).Within();
        await held.RequestStream.CompleteAsync().Within();
        Assert.Equal(3, (await held.ResponseAsync.Within()).Number);
        await plugin.Completion.Within();

        void AssertRefused(PluginCallException failure)
        {
            Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
            AssertTold(failure, reason, CallExecution.NotSent, Unary);
        }

        async Task<PluginCallException> CallUntilItFailsAsync()
        {
            while (true)
            {
                try
                {
                    await client.UnaryAsync(new Note()).ResponseAsync.Within();
                }
                catch (PluginCallException failure)
                {
                    return failure;
                }
            }
        }
    }

    [Fact]
    [Trait("Fault", "F21")]
    public async Task Death_BySignal_IsADeathAlsoForAnIdleStream()
    {
        await using var plugin = await StartAsync(Faulty());
        using var calls = await OpenCalls.StartAsync(plugin);

        Signals.Send(plugin.ProcessId, Signals.Kill);

        foreach (var (method, failure) in await calls.FailuresAsync())
        {
            Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
            AssertTold(failure, PluginCallReason.PluginDied, CallExecution.MaybeExecuted, method);
            Assert.Equal((null, Signals.Kill), (failure.ExitCode, failure.Signal));
            Assert.Contains("was ended by SIGKILL (signal 9)", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Death_ByAnExit_IsADeathWithItsCodeAndLastWords()
    {
        await using var plugin = await StartAsync(Faulty());
        using var calls = await OpenCalls.StartAsync(plugin);

        var mortal = plugin.CreateClient<Faults.FaultsClient>().DieAsync(new Death { ExitCode = 7, LastWords = "first\nlast" }).ResponseAsync;

        foreach (var (method, failure) in await calls.FailuresAsync())
        {
            AssertTold(failure, PluginCallReason.PluginDied, CallExecution.MaybeExecuted, method);
            Assert.Equal((7, null, "first\nlast\n"), (failure.ExitCode, failure.Signal, failure.StandardErrorTail));
            Assert.EndsWith("\nIts last lines on standard error:\n  | first\n  | last", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal(PluginCallReason.PluginDied, (await FailureAsync(mortal)).Reason);
    }

    [Fact]
    [Trait("Fault", "F26")]
    public async Task Request_ThatTheHostDoesNotSend_IsRejected()
    {
        await using var plugin = await StartAsync(Faulty());

        var failure = await FailureAsync(plugin.CreateClient<Kinds.KindsClient>().UnaryAsync(new Note(), new Metadata { { "much", new string('x', 20_000) } }).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        AssertTold(failure, PluginCallReason.Rejected, CallExecution.NotSent, Unary);
    }

    private static void AssertTold(PluginCallException failure, PluginCallReason reason, CallExecution execution, string method)
    {
        Assert.Equal(("subject", method), (failure.PluginName, failure.Method));
        Assert.True((failure.Reason, failure.Execution) == (reason, execution), $"{failure.Reason}, {failure.Execution}: {failure.Message}");
        Assert.Contains("'subject'", failure.Message, StringComparison.Ordinal);
        Assert.Contains(method, failure.Message, StringComparison.Ordinal);
    }

    private static void AssertNoEnd(PluginCallException failure) =>
        Assert.Equal((null, null, ""), (failure.ExitCode, failure.Signal, failure.StandardErrorTail));

    private static Task<PluginCallException> FailureAsync(Task call) => Assert.ThrowsAsync<PluginCallException>(() => call.Within());

    /// <summary>A unary call whose handler waits, and a stream whose one message has been read, so that nothing moves on either.</summary>
    private sealed class OpenCalls : IDisposable
    {
        private readonly AsyncUnaryCall<Note> _unary;
        private readonly AsyncServerStreamingCall<Note> _stream;

        private OpenCalls(Plugin plugin, in CallOptions options)
        {
            var client = plugin.CreateClient<Kinds.KindsClient>();
            _unary = client.UnaryAsync(new Note { Hold = Hold.UntilCancelled }, options);
            _stream = client.ServerStream(new Note { Number = 1, Hold = Hold.UntilCancelled }, options);
        }

        public static async Task<OpenCalls> StartAsync(Plugin plugin, DateTime? deadline = null, CancellationToken cancellationToken = default)
        {
            var calls = new OpenCalls(plugin, new CallOptions(deadline: deadline, cancellationToken: cancellationToken));
            await calls._unary.ResponseHeadersAsync.Within();
            Assert.True(await calls._stream.ResponseStream.MoveNext(Token).Within());
            return calls;
        }

        public async Task<IReadOnlyList<(string Method, PluginCallException Failure)>> FailuresAsync() =>
            [(Unary, await FailureAsync(_unary.ResponseAsync)), (ServerStream, await FailureAsync(_stream.ResponseStream.MoveNext(CancellationToken.None)))];

        public void Dispose()
        {
            _unary.Dispose();
            _stream.Dispose();
        }
    }
}
