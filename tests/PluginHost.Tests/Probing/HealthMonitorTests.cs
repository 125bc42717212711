using System.Threading.Channels;
using Grpc.Core;
using Microsoft.Extensions.Logging.Testing;
using Plugwire.Hosting.Connecting;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Probing;
using Plugwire.Hosting.Tests.Launching;
using Plugwire.Hosting.Tests.Stopping;

namespace Plugwire.Hosting.Tests.Probing;

public sealed class HealthMonitorTests : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(1.5);
    private static readonly HealthAnswer Serves = new(Problem: null, IsDebugged: false);

    private readonly WatchedClock _clock = new();
    private readonly PluginHealthOptions _options = new PluginOptions().Health;
    private readonly Channel<TaskCompletionSource<HealthAnswer>> _questions = Channel.CreateUnbounded<TaskCompletionSource<HealthAnswer>>();
    private readonly FakeLogger _logger = new();
    private Func<ProcessActivity?> _look = () => new ProcessActivity();
    private Func<Task>? _tell;
    private HealthMonitor? _monitor;

    private HealthMonitor Monitor => _monitor ??= new HealthMonitor(AskAsync, (tell, end) =>
    {
        _tell = () => tell(end);
        return Task.CompletedTask;
    }, () => _look(), _options, _clock, _logger);

    public async ValueTask DisposeAsync()
    {
        await Monitor.DisposeAsync().AsTask().WaitAsync(Shell.Limit);
        Assert.Empty(_logger.Collector.GetSnapshot());
    }

    [Fact]
    public async Task Plugin_ThatAnswers_IsAskedAgainEachInterval()
    {
        for (var i = 0; i < 3; i++)
            (await AskedAsync()).SetResult(Serves);

        Assert.Equal(PluginHealth.Serving, Monitor.Read().Report.Health);
    }

    [Fact]
    public async Task Plugin_ThatDoesNotAnswer_IsFrozenAfterTheTimeoutAndMustEnd()
    {
        await AskedAsync();

        var report = await ChangeAsync(PassTimeoutAsync);

        Assert.Equal((PluginHealth.Frozen, true), (report.Health, report.MustEnd));
        Assert.Equal("It has not answered the question for its health for 3.0 s: its process waits and uses no processor time.", report.Problem);
    }

    [Fact]
    public async Task Plugin_ThatIsStoppedByASignal_IsFrozen()
    {
        _look = () => new ProcessActivity(IsStopped: true, IsWorking: false, IsTraced: false, ProcessorTicks: 0);
        await AskedAsync();

        Assert.EndsWith("its process is stopped by a signal.", (await ChangeAsync(PassTimeoutAsync)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plugin_OfWhichTheSystemTellsNothing_IsFrozen()
    {
        _look = () => null;
        await AskedAsync();

        var report = await ChangeAsync(PassTimeoutAsync);

        Assert.Equal((PluginHealth.Frozen, true), (report.Health, report.MustEnd));
    }

    [Fact]
    public async Task Plugin_ThatUsesTheProcessor_IsBusyAndHasUntilTheBusyTimeout()
    {
        _options.BusyTimeout = 2 * Half;
        var ticks = 0;
        _look = () => new ProcessActivity { ProcessorTicks = ticks += 100 };
        await AskedAsync();

        var busy = await ChangeAsync(PassTimeoutAsync);
        var end = await ChangeAsync(async () =>
        {
            await _clock.PassAsync(Half);
            await _clock.PassAsync(Half);
        });

        Assert.Equal((PluginHealth.Busy, false), (busy.Health, busy.MustEnd));
        Assert.EndsWith("its process is at work, 1.0 s of processor time in 1.5 s.", busy.Problem, StringComparison.Ordinal);
        Assert.Equal((PluginHealth.Busy, true), (end.Health, end.MustEnd));
    }

    [Fact]
    public async Task Plugin_ThatWaitsForADisk_IsBusy()
    {
        _look = () => new ProcessActivity { IsWorking = true };
        await AskedAsync();

        Assert.Equal(PluginHealth.Busy, (await ChangeAsync(PassTimeoutAsync)).Health);
    }

    [Fact]
    public async Task Plugin_ThatAnswersInTheEnd_ServesAgainAndIsAskedOnceMeanwhile()
    {
        _options.EndsUnresponsive = false;
        var question = await AskedAsync();
        var frozen = await ChangeAsync(PassTimeoutAsync);
        for (var i = 0; i < 5; i++)
            await _clock.PassAsync(Half);
        Assert.False(_questions.Reader.TryRead(out _));

        var served = await ChangeAsync(() =>
        {
            question.SetResult(Serves);
            return Task.CompletedTask;
        });

        Assert.Equal((PluginHealth.Frozen, false), (frozen.Health, frozen.MustEnd));
        Assert.Equal((PluginHealth.Serving, null), (served.Health, served.Problem));
        (await AskedAsync()).SetResult(Serves);
    }

    [Fact]
    public async Task Plugin_WhoseDebuggerIsAttached_NeedNotAnswer()
    {
        (await AskedAsync()).SetResult(Serves with { IsDebugged = true });
        await AskedAsync();

        var report = await ChangeAsync(PassTimeoutAsync);

        Assert.Equal((PluginHealth.Frozen, false), (report.Health, report.MustEnd));
        Assert.EndsWith("and a debugger is attached to it.", report.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plugin_ThatIsTraced_NeedNotAnswer()
    {
        _look = () => new ProcessActivity { IsTraced = true, IsStopped = true };
        await AskedAsync();

        Assert.False((await ChangeAsync(PassTimeoutAsync)).MustEnd);
    }

    [Fact]
    public async Task Plugin_AfterTheMachineStoodStill_HasItsTimeOnceMore()
    {
        await AskedAsync();
        var (_, changed) = Monitor.Read();

        await _clock.PassAsync(Half);
        await _clock.WaitForTimerAsync(Half);
        _clock.Advance(TimeSpan.FromHours(8));
        await _clock.WaitForTimerAsync(_options.Timeout);
        Assert.False(changed.IsCompleted);
        _clock.Advance(_options.Timeout);

        await changed.WaitAsync(Shell.Limit, TestContext.Current.CancellationToken);
        Assert.True(Monitor.Read().Report.MustEnd);
    }

    [Fact]
    public async Task Plugin_ThatDoesNotServe_IsToldWithItsAnswerAndServesAgain()
    {
        var report = await ChangeAsync(async () => (await AskedAsync()).SetResult(new HealthAnswer("It answers NOT_SERVING.", IsDebugged: false)));
        var again = await ChangeAsync(async () => (await AskedAsync()).SetResult(Serves));

        Assert.Equal(new HealthReport(PluginHealth.NotServing, "It answers NOT_SERVING."), report);
        Assert.Equal(new HealthReport(PluginHealth.Serving, Problem: null), again);
    }

    [Fact]
    public async Task Plugin_ThatTellsOfAChange_IsAskedBeforeTheInterval()
    {
        (await AskedAsync()).SetResult(Serves);
        await _clock.WaitForTimerAsync(Interval);

        var told = _tell!();
        var question = await _questions.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Shell.Limit, TestContext.Current.CancellationToken);

        Assert.False(told.IsCompleted);
        question.SetResult(Serves);
    }

    [Fact]
    public async Task Plugin_ThatDoesNotServeForTooLong_MustEnd()
    {
        _options.NotServingTimeout = 2 * Interval;
        var answer = new HealthAnswer("no", IsDebugged: false);

        var first = await ChangeAsync(async () => (await AskedAsync()).SetResult(answer));
        var last = await ChangeAsync(async () =>
        {
            (await AskedAsync()).SetResult(answer);
            (await AskedAsync()).SetResult(answer);
        });

        Assert.False(first.MustEnd);
        Assert.True(last.MustEnd);
    }

    [Fact]
    public async Task Plugin_WithHandlersThatHeedNoToken_IsToldWithTheirNumberAndEndsOverTheLimit()
    {
        _options.MaxDeafHandlers = 2;

        var two = await ChangeAsync(async () => (await AskedAsync()).SetResult(Serves with { DeafHandlers = 2 }));
        var three = await ChangeAsync(async () => (await AskedAsync()).SetResult(Serves with { DeafHandlers = 3 }));

        Assert.Equal(new HealthReport(PluginHealth.Serving, Problem: null, DeafHandlers: 2), two);
        Assert.Equal(new HealthReport(PluginHealth.NotServing, "3 of its handlers run on though their calls are over.", MustEnd: true, DeafHandlers: 3), three);
    }

    [Fact]
    public async Task Connection_ThatIsOver_IsNoReportOfTheMonitors()
    {
        (await AskedAsync()).SetException(new RpcException(new Status(StatusCode.Unavailable, "gone")));
        (await AskedAsync()).SetResult(Serves);

        Assert.Equal(PluginHealth.Serving, Monitor.Read().Report.Health);
    }

    [Fact]
    public void Interval_WithoutEnd_NeverAsks()
    {
        _options.Interval = Timeout.InfiniteTimeSpan;
        _ = Monitor;

        _clock.Advance(TimeSpan.FromDays(1));

        Assert.False(_questions.Reader.TryRead(out _));
    }

    private async Task<TaskCompletionSource<HealthAnswer>> AskedAsync()
    {
        _ = Monitor;
        await _clock.PassAsync(Interval);
        return await _questions.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Shell.Limit, TestContext.Current.CancellationToken);
    }

    private async Task PassTimeoutAsync()
    {
        await _clock.PassAsync(Half);
        await _clock.PassAsync(Half);
    }

    private async Task<HealthReport> ChangeAsync(Func<Task> cause)
    {
        var (_, changed) = Monitor.Read();
        await cause();
        await changed.WaitAsync(Shell.Limit, TestContext.Current.CancellationToken);
        return Monitor.Read().Report;
    }

    private Task<HealthAnswer> AskAsync(CancellationToken cancellationToken)
    {
        var question = new TaskCompletionSource<HealthAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource<HealthAnswer>)state!).TrySetCanceled(token), question);
        _questions.Writer.TryWrite(question);
        return question.Task;
    }
}
