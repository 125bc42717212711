using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.EndToEnd.Tests.Processes;
using Plugwire.Hosting;
using Plugwire.TestPlugins.Callbacks.Contract;

namespace Plugwire.EndToEnd.Tests.Callbacks;

/// <summary>A plugin that calls its host while it serves it.</summary>
public sealed class CallbackTests : PluginTest
{
    private readonly Desk _desk = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plugin_ServingACallOfEachKind_CallsItsHostInTheSame()
    {
        await using var plugin = await StartAsync(Callback());
        var clerk = plugin.GetContract<IClerk>();

        Assert.Equal("ONE", (await clerk.AnswerAsync(new Note { Text = "one" }, cancellationToken: Token).AsTask().Within()).Text);
        Assert.Equal(
            new Note { Text = "NOTE 100", Number = 5050 },
            await clerk.GatherAsync(Notes(100), cancellationToken: Token).AsTask().Within());
        Assert.Equal(
            Enumerable.Repeat("DEALT", 100),
            (await ReadAsync(clerk.DealAsync(new Note { Text = "dealt", Number = 100 }, cancellationToken: Token)).Within()).Select(note => note.Text));
        Assert.Equal(
            Enumerable.Range(1, 100).Select(i => $"NOTE {i}"),
            (await ReadAsync(clerk.TalkAsync(Notes(100), cancellationToken: Token)).Within()).Select(note => note.Text));

        var exit = await plugin.StopAsync(Token).Within();
        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Shutdown, 0, ""), (exit.Reason, exit.StopStep, exit.ExitCode, exit.StandardErrorTail));
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Handler_OfTheHost_KnowsThePluginByItsName()
    {
        var peer = "";
        _desk.OnAnswer = (request, call, _) =>
        {
            peer = call.Peer;
            return Task.FromResult(request);
        };
        await using var plugin = await StartAsync(Callback());

        await plugin.GetContract<IClerk>().AnswerAsync(new Note(), cancellationToken: Token).AsTask().Within();

        Assert.Equal("plugin:subject", peer);
    }

    [Fact]
    public async Task Calls_FromOneSideToTheOtherAndBack_GoAsDeepAsTheyLike()
    {
        IClerk? clerk = null;
        _desk.OnAnswer = async (request, call, token) => request.Number == 0
            ? new Note { Text = "bottom" }
            : await clerk!.AnswerAsync(new Note { Number = request.Number - 1 }, call, token);
        await using var plugin = await StartAsync(Callback());
        clerk = plugin.GetContract<IClerk>();

        Assert.Equal("bottom", (await clerk.AnswerAsync(new Note { Number = 20 }, cancellationToken: Token).AsTask().Within()).Text);
    }

    [Fact]
    public async Task Calls_TwoHundredAtOnce_AreAllWithTheHostAtOnce()
    {
        const int Count = 200;
        var here = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _desk.OnAnswer = async (request, _, token) =>
        {
            if (Interlocked.Increment(ref here) == Count)
                all.SetResult();
            await all.Task.WaitAsync(token);
            return request;
        };
        await using var plugin = await StartAsync(Callback());
        var clerk = plugin.GetContract<IClerk>();

        var answers = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => clerk.AnswerAsync(new Note { Number = i }, cancellationToken: Token).AsTask())).Within();

        Assert.Equal(Enumerable.Range(0, Count), answers.Select(note => note.Number));
    }

    [Fact]
    public async Task Callers_OnBothSidesAtOnce_DoNotHoldEachOtherUp()
    {
        await using var plugin = await StartAsync(Callback());
        var clerk = plugin.GetContract<IClerk>();

        // Each stream's notes go through the plugin to the host and back, with both connections busy in both directions.
        var streams = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ReadAsync(clerk.TalkAsync(Notes(2000, textLength: 1000), cancellationToken: Token)), Token))).Within();

        Assert.All(streams, notes => Assert.Equal(2000, notes.Count));
    }

    [Fact]
    public async Task Caller_InTheHostWhoCancels_CancelsThePluginsCallToTheHost()
    {
        var held = Hold();
        await using var plugin = await StartAsync(Callback());
        using var cancel = new CancellationTokenSource();
        var call = plugin.GetContract<IClerk>().AnswerAsync(new Note(), cancellationToken: cancel.Token).AsTask();
        await held.Reached;

        await cancel.CancelAsync();

        Assert.Equal(CallCancellation.Caller, await held.Fired);
        Assert.Equal(cancel.Token, (await Assert.ThrowsAsync<OperationCanceledException>(() => call.Within())).CancellationToken);
    }

    [Fact]
    public async Task Plugin_ThatTurnsAwayFromAStream_CancelsTheHostsHandler()
    {
        var held = new HeldAnswer();
        _desk.AfterTheFirst = held.HoldAsync;
        await using var plugin = await StartAsync(Callback());

        var dealt = await ReadAsync(plugin.GetContract<IClerk>().DealAsync(new Note { Text = "one", Number = 1 }, cancellationToken: Token)).Within();

        Assert.Equal("ONE", Assert.Single(dealt).Text);
        Assert.Equal(CallCancellation.Caller, await held.Fired);
    }

    [Fact]
    public async Task Deadline_OfThePluginsCall_EndsItOnBothSidesAsThat()
    {
        var held = Hold();
        await using var plugin = await StartAsync(Callback());

        var outcome = await plugin.GetContract<IClerk>().TryAsync(new Note { TimeoutMs = 300 }, cancellationToken: Token).AsTask().Within();

        Assert.StartsWith("DeadlineExceeded: ", outcome.Text, StringComparison.Ordinal);
        Assert.Equal(CallCancellation.Deadline, await held.Fired);
    }

    [Fact]
    public async Task Deadline_OfTheHostsCall_GoesOnWithThePluginsCallToTheHost()
    {
        var held = Hold();
        DateTime? deadline = null;
        _desk.OnAnswer = (request, call, token) =>
        {
            deadline = call.Deadline;
            return held.AnswerAsync(request, call, token);
        };
        await using var plugin = await StartAsync(Callback());

        var call = plugin.GetContract<IClerk>().AnswerAsync(new Note(), new CallContext { Timeout = TimeSpan.FromSeconds(2) }, Token).AsTask();

        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<PluginCallException>(() => call.Within())).StatusCode);
        Assert.NotNull(deadline);

        // Whichever comes first: the deadline itself, or the word of the plugin, for which it has come.
        Assert.Contains(await held.Fired, new[] { CallCancellation.Deadline, CallCancellation.Caller });
    }

    [Fact]
    public async Task Host_ThatRefusesACall_IsHeardInThePlugin()
    {
        _desk.OnAnswer = (_, _, _) => throw new RpcException(new Status(StatusCode.ResourceExhausted, "the desk is closed"));
        await using var plugin = await StartAsync(Callback());

        var outcome = await plugin.GetContract<IClerk>().TryAsync(new Note(), cancellationToken: Token).AsTask().Within();

        Assert.Equal("ResourceExhausted: the desk is closed", outcome.Text);
    }

    [Theory]
    [InlineData(false, "Unknown: The handler failed: FormatException.")]
    [InlineData(true, "Unknown: The handler failed: FormatException: The secret is 42.")]
    [Trait("Fault", "F47")]
    public async Task Exception_OfTheHostsOwn_IsToldToThePluginByItsTypeAloneUnlessDetailed(bool detailed, string expected)
    {
        var thrown = new FormatException("The secret is 42.");
        _desk.OnAnswer = (_, _, _) => throw thrown;
        var options = Callback();
        options.DetailedErrors = detailed;

        // The kit's log keeps an exception's text only.
        using var sink = new FakeLoggerProvider();
        using var logs = LoggerFactory.Create(builder => builder.AddProvider(sink));
        options.LoggerFactory = logs;
        await using var plugin = await StartAsync(options);

        var outcome = await plugin.GetContract<IClerk>().TryAsync(new Note(), cancellationToken: Token).AsTask().Within();
        await plugin.StopAsync(Token).Within();

        Assert.Equal(expected, outcome.Text);
        Assert.Same(thrown, sink.Collector.GetSnapshot().First(record => record.Exception is FormatException).Exception);
    }

    [Fact]
    public async Task Exception_OfThePluginsMaking_BecomesAStatusWithItsMessage()
    {
        _desk.OnAnswer = (_, _, _) => throw new KeyNotFoundException("There is no such note.");
        await using var plugin = await StartAsync(Callback());

        var outcome = await plugin.GetContract<IClerk>().TryAsync(new Note(), cancellationToken: Token).AsTask().Within();

        Assert.Equal("NotFound: There is no such note.", outcome.Text);
    }

    [Fact]
    public async Task Message_LargerThanTheHostTakes_IsRefusedByTheLimitOfItsOptions()
    {
        var options = Callback();
        options.MaxReceiveMessageSize = 100_000;
        await using var plugin = await StartAsync(options);

        var outcome = await plugin.GetContract<IClerk>().TryAsync(new Note { Text = new string('a', 100_001) }, cancellationToken: Token).AsTask().Within();

        Assert.StartsWith("ResourceExhausted: ", outcome.Text, StringComparison.Ordinal);
        Assert.Contains("100000", outcome.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Contract_ThatTheHostDoesNotOffer_IsUnimplementedAtOnce()
    {
        await using var plugin = await StartAsync(Options(TestPrograms.Callback).AddHostContract<IArchive>(new Archive()));

        var outcome = await plugin.GetContract<IClerk>().TryAsync(new Note(), cancellationToken: Token).AsTask().Within();

        Assert.StartsWith("Unimplemented: The host does not offer 'plugwire.testplugins.callbacks.Desk'", outcome.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Contracts_OfferedToAPluginThatUsesNone_AreNoMatter()
    {
        await using var plugin = await StartAsync(Faulty().AddHostContract<IDesk>(_desk));

        Assert.True(await plugin.CheckHealthAsync(Token).Within());
        Assert.Equal((PluginStopStep.Shutdown, 0), ((await plugin.StopAsync(Token).Within()).StopStep, (await plugin.Completion).ExitCode));
    }

    [Fact]
    public async Task Crash_WhileTheHostHandlesACallback_FiresTheHandlersToken()
    {
        var held = Hold();
        await using var plugin = await StartAsync(Callback());
        var call = plugin.GetContract<IClerk>().AnswerAsync(new Note(), cancellationToken: Token).AsTask();
        await held.Reached;

        Signals.Send(plugin.ProcessId, Signals.Kill);

        Assert.Equal(CallCancellation.ConnectionLost, await held.Fired);
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<PluginCallException>(() => call.Within())).StatusCode);
        Assert.Equal(PluginExitReason.Crashed, (await plugin.Completion.Within()).Reason);
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Stop_WhileTheHostHandlesACallback_LetsItEndInTime()
    {
        var held = Hold();
        await using var plugin = await StartAsync(Callback());
        var call = plugin.GetContract<IClerk>().AnswerAsync(new Note { Text = "late" }, cancellationToken: Token).AsTask();
        await held.Reached;

        var stop = plugin.StopAsync(Token);
        held.Release();

        Assert.Equal("LATE", (await call.Within()).Text);
        Assert.Equal((PluginStopStep.Shutdown, 0), ((await stop.Within()).StopStep, (await stop).ExitCode));
        Assert.False(held.HasFired);
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Stop_WhoseCallbackDoesNotEnd_CutsItAfterTheDrain()
    {
        var held = Hold();
        await using var plugin = await StartAsync(Callback("--drain=0"));
        var call = plugin.GetContract<IClerk>().AnswerAsync(new Note(), cancellationToken: Token).AsTask();
        await held.Reached;

        var exit = await plugin.StopAsync(Token).Within();

        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Shutdown), (exit.Reason, exit.StopStep));
        Assert.NotEqual(CallCancellation.None, await held.Fired);
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<PluginCallException>(() => call.Within())).StatusCode);
    }

    [Fact]
    public async Task Stop_WhoseCallbackIsDeaf_WaitsForItNoLongerThanForAnythingElse()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _desk.OnAnswer = async (request, _, _) =>
        {
            reached.TrySetResult();
            await new TaskCompletionSource().Task;
            return request;
        };
        await using var plugin = await StartAsync(Callback("--drain=0"));
        _ = plugin.GetContract<IClerk>().AnswerAsync(new Note(), cancellationToken: Token).AsTask().ContinueWith(static call => _ = call.Exception, TaskScheduler.Default);
        await reached.Task.Within();

        var exit = await plugin.StopAsync(Token).Within();

        Assert.Equal((PluginExitReason.Stopped, PluginStopStep.Shutdown), (exit.Reason, exit.StopStep));
        Root.AssertNothingIsLeft();
    }

    [Fact]
    public async Task Plugins_OfOneHost_EachHaveTheirOwnDesk()
    {
        var other = new Desk { OnAnswer = static (_, _, _) => Task.FromResult(new Note { Text = "the other desk" }) };
        var options = Options(TestPrograms.Callback).AddHostContract<IDesk>(other);
        options.Name = "other";
        await using var one = await StartAsync(Callback());
        await using var two = await StartAsync(options);

        Assert.Equal("HERE", (await one.GetContract<IClerk>().AnswerAsync(new Note { Text = "here" }, cancellationToken: Token).AsTask().Within()).Text);
        Assert.Equal("the other desk", (await two.GetContract<IClerk>().AnswerAsync(new Note { Text = "here" }, cancellationToken: Token).AsTask().Within()).Text);
    }

    private PluginOptions Callback(params string[] arguments) => Options(TestPrograms.Callback, arguments).AddHostContract<IDesk>(_desk);

    private HeldAnswer Hold()
    {
        var held = new HeldAnswer();
        _desk.OnAnswer = held.AnswerAsync;
        return held;
    }

    private static async IAsyncEnumerable<Note> Notes(int count, int textLength = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var i = 1; i <= count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.CompletedTask;
            yield return new Note { Text = textLength > 0 ? new string('n', textLength) : $"note {i}", Number = i };
        }
    }

    private static async Task<List<Note>> ReadAsync(IAsyncEnumerable<Note> stream)
    {
        var all = new List<Note>();
        await foreach (var note in stream)
            all.Add(note);
        return all;
    }

    private sealed class Archive : IArchive
    {
        public ValueTask<Note> FetchAsync(Note request, CallContext call, CancellationToken cancellationToken) => new(request);
    }
}
