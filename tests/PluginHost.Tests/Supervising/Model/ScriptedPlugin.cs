using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Running;
using Plugwire.Hosting.Supervising;
using Plugwire.Hosting.Tests.Launching;

namespace Plugwire.Hosting.Tests.Supervising.Model;

/// <summary>A supervisor whose starts and launches are the test's, and the log of its states.</summary>
internal sealed class ScriptedPlugin : IAsyncDisposable
{
    private readonly Channel<TaskCompletionSource<PluginRun>> _starts = Channel.CreateUnbounded<TaskCompletionSource<PluginRun>>();
    private readonly IAsyncEnumerator<PluginStatus> _states;
    private Task<bool> _next;
    private int _launches;

    public ScriptedPlugin(TimeProvider clock, Action<PluginRestartOptions>? restart = null, Action<PluginHealthOptions>? health = null, Func<double>? chance = null)
    {
        var rules = new PluginOptions();
        rules.Health.Interval = Timeout.InfiniteTimeSpan;
        restart?.Invoke(rules.Restart);
        health?.Invoke(rules.Health);
        Supervisor = new PluginSupervisor(StartAsync, new SupervisorOptions
        {
            PluginName = "subject",
            Restart = rules.Restart,
            Health = rules.Health,
            TimeProvider = clock,
            Logger = NullLogger.Instance,
            Chance = chance ?? (static () => 0.5),
        });
        _states = Supervisor.WatchAsync(CancellationToken.None).GetAsyncEnumerator();

        // An enumeration begins with its first step, and is to miss nothing.
        _next = _states.MoveNextAsync().AsTask();
    }

    public PluginSupervisor Supervisor { get; }

    public ScriptedRun? Run { get; private set; }

    /// <summary>Lets the start that goes on, or is about to, succeed.</summary>
    public async Task<ScriptedRun> SucceedAsync()
    {
        var start = await NextStartAsync();
        Run = new ScriptedRun(++_launches);
        start.TrySetResult(Run);
        return Run;
    }

    public async Task FailAsync(PluginStartReason reason)
    {
        var start = await NextStartAsync();
        _launches++;
        start.TrySetException(Failure(reason));
    }

    /// <summary>The next state that there is, or was.</summary>
    public async Task<PluginStatus> NextAsync()
    {
        if (!await _next.WaitAsync(Shell.Limit))
            throw new InvalidOperationException($"There is no state after '{_states.Current}'.");
        var status = _states.Current;
        _next = _states.MoveNextAsync().AsTask();
        return status;
    }

    /// <summary>Passes over the states until this one.</summary>
    public async Task<PluginStatus> UntilAsync(PluginState state)
    {
        while (true)
        {
            if (await NextAsync() is var status && status.State == state)
                return status;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Supervisor.StopAsync(CancellationToken.None).WaitAsync(Shell.Limit);
        while (await _next.WaitAsync(Shell.Limit))
            _next = _states.MoveNextAsync().AsTask();
        await _states.DisposeAsync();
    }

    public static PluginStartException Failure(PluginStartReason reason) => new(
        new PluginStartFailure
        {
            PluginName = "subject",
            Stage = PluginStartStage.Handshake,
            Reason = reason,
            Elapsed = TimeSpan.Zero,
            Expected = null,
            Found = "nothing.",
            Advice = null,
            Evidence = PluginStartEvidence.None,
        },
        innerException: null);

    private ValueTask<TaskCompletionSource<PluginRun>> NextStartAsync() => _starts.Reader.ReadAsync(new CancellationTokenSource(Shell.Limit).Token);

    private Task<PluginRun> StartAsync(Action<PluginStartStage> progress, CancellationToken cancellationToken)
    {
        var start = new TaskCompletionSource<PluginRun>(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource<PluginRun>)state!).TrySetCanceled(token), start);
        _starts.Writer.TryWrite(start);
        return start.Task;
    }
}
