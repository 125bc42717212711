using Microsoft.Extensions.Logging.Testing;
using Plugwire.Hosting.Stopping;
using Plugwire.Testing;

namespace Plugwire.Hosting.Tests.Stopping;

public sealed class StopLadderTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly StopBudgets Budgets = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1));

    [Fact]
    public async Task RunAsync_PluginThatEndsWhenAsked_IsNotSignalled()
    {
        var child = new ScriptedChild { OnAsk = child => child.Exit() };

        Assert.Equal(PluginStopStep.Shutdown, await child.StopAsync());
        Assert.Equal(["ask"], child.Events);
        Assert.True(child.WasAsked);
    }

    [Fact]
    public async Task RunAsync_PluginThatEndsWithoutAnAnswer_DoesNotWaitForTheAnswer()
    {
        var child = new ScriptedChild { Answers = false, OnAsk = child => child.Exit() };

        Assert.Equal(PluginStopStep.Shutdown, await child.StopAsync());
        Assert.Equal(["ask", "ask cancelled"], child.Events);
    }

    [Fact]
    public async Task RunAsync_PluginWithoutController_IsTerminatedAtOnce()
    {
        var child = new ScriptedChild { HasController = false, OnTerminate = child => child.Exit() };

        Assert.Equal(PluginStopStep.Terminate, await child.StopAsync());
        Assert.Equal(["ask", "terminate"], child.Events);
        Assert.Equal(TimeSpan.Zero, child.Elapsed);
        Assert.False(child.WasAsked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_PluginThatStaysWhenAsked_IsTerminatedAfterTheDrainBudget(bool answers)
    {
        var child = new ScriptedChild { Answers = answers, OnTerminate = child => child.Exit() };

        var stop = child.StopAsync();
        await child.PassAsync(Budgets.Drain);

        Assert.Equal(PluginStopStep.Terminate, await stop.WaitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.Equal(Budgets.Drain, child.Elapsed);
        Assert.DoesNotContain("kill", child.Events);
        Assert.True(child.WasAsked);
    }

    [Fact]
    public async Task RunAsync_PluginThatIgnoresAll_IsKilledWithinTheSumOfTheBudgets()
    {
        var child = new ScriptedChild { Answers = false, OnKill = child => child.Exit() };

        var stop = child.StopAsync();
        await child.PassAsync(Budgets.Drain);
        await child.PassAsync(Budgets.Terminate);

        Assert.Equal(PluginStopStep.Kill, await stop.WaitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.Equal(Budgets.Drain + Budgets.Terminate, child.Elapsed);
        Assert.Equal(["ask", "ask cancelled", "terminate", "kill"], child.Events);
    }

    [Fact]
    public async Task RunAsync_ProcessThatNotEvenAKillEnds_ReturnsAfterTheSumOfTheBudgets()
    {
        var child = new ScriptedChild { Answers = false };

        var stop = child.StopAsync();
        await child.PassAsync(Budgets.Drain);
        await child.PassAsync(Budgets.Terminate);
        await child.PassAsync(Budgets.Kill);

        Assert.Equal(PluginStopStep.Kill, await stop.WaitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.Equal(Budgets.Drain + Budgets.Terminate + Budgets.Kill, child.Elapsed);
        Assert.Contains(child.Log.GetSnapshot(), record => record.Message.Contains("has not confirmed its end", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_PatienceEndsWhileItWaits_KillsAtOnce(bool afterTheSignal)
    {
        using var patience = new CancellationTokenSource();
        var child = new ScriptedChild { Answers = false, OnKill = child => child.Exit() };

        var stop = child.StopAsync(patience.Token);
        if (afterTheSignal)
            await child.PassAsync(Budgets.Drain);
        await child.Clock.WaitForTimerAsync(afterTheSignal ? Budgets.Terminate : Budgets.Drain, cancellationToken: TestContext.Current.CancellationToken);
        var before = child.Elapsed;
        await patience.CancelAsync();

        Assert.Equal(PluginStopStep.Kill, await stop.WaitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.Equal(before, child.Elapsed);
        Assert.Equal("kill", child.Events[^1]);
    }

    [Fact]
    public async Task RunAsync_NoPatienceAtAll_KillsWithoutAWord()
    {
        var child = new ScriptedChild { OnKill = child => child.Exit() };

        Assert.Equal(PluginStopStep.Kill, await child.StopAsync(new CancellationToken(canceled: true)));
        Assert.Equal(["kill"], child.Events);
    }

    [Fact]
    public async Task RunAsync_ProcessThatHasEnded_DoesNothing()
    {
        var child = new ScriptedChild();
        child.Exit();

        Assert.Equal(PluginStopStep.None, await child.StopAsync());
        Assert.Empty(child.Events);
    }

    [Fact]
    public async Task RunAsync_NobodyToAsk_BeginsWithTheSignal()
    {
        var child = new ScriptedChild { CanBeAsked = false, OnTerminate = child => child.Exit() };

        Assert.Equal(PluginStopStep.Terminate, await child.StopAsync());
        Assert.Equal(["terminate"], child.Events);
        Assert.False(child.WasAsked);
    }

    /// <summary>A child on a clock of its own, which does at each rung what the test says.</summary>
    private sealed class ScriptedChild
    {
        private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();
        private readonly List<string> _events = [];
        private readonly long _began;

        public ScriptedChild() => _began = Clock.GetTimestamp();

        public ManualClock Clock { get; } = new();

        public bool Answers { get; init; } = true;

        public bool HasController { get; init; } = true;

        public bool CanBeAsked { get; init; } = true;

        public Action<ScriptedChild> OnAsk { get; init; } = static _ => { };

        public Action<ScriptedChild> OnTerminate { get; init; } = static _ => { };

        public Action<ScriptedChild> OnKill { get; init; } = static _ => { };

        public FakeLogCollector Log { get; } = new();

        public TimeSpan Elapsed => Clock.GetElapsedTime(_began);

        public IReadOnlyList<string> Events
        {
            get
            {
                lock (_lock)
                    return [.. _events];
            }
        }

        public void Exit() => _exited.TrySetResult();

        /// <summary>Lets a time pass as soon as the ladder waits for just that long.</summary>
        public async Task PassAsync(TimeSpan time)
        {
            await Clock.WaitForTimerAsync(time, cancellationToken: TestContext.Current.CancellationToken);
            await Clock.AdvanceAsync(time, TestContext.Current.CancellationToken);
        }

        /// <summary>After the stop.</summary>
        public bool WasAsked { get; private set; }

        public async Task<PluginStopStep> StopAsync(CancellationToken patience = default)
        {
            var ladder = new StopLadder("test", Budgets, Clock, new FakeLogger(Log));
            var step = await ladder.RunAsync(
                new StopTarget
                {
                    Ask = CanBeAsked ? AskAsync : null,
                    Terminate = () => Happen("terminate", OnTerminate),
                    Kill = () => Happen("kill", OnKill),
                    Exited = _exited.Task,
                },
                patience);
            WasAsked = ladder.WasAsked;
            return step;
        }

        private async Task AskAsync(CancellationToken cancellationToken)
        {
            Happen("ask", OnAsk);
            if (!HasController)
                throw new NotSupportedException("No controller.");
            if (Answers)
                return;

            await new TaskCompletionSource().Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Happen("ask cancelled", static _ => { });
        }

        private void Happen(string what, Action<ScriptedChild> then)
        {
            lock (_lock)
                _events.Add(what);
            then(this);
        }
    }
}
