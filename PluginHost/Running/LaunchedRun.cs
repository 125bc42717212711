using System.Collections.Frozen;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Plugwire.Hosting.Connecting;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Stopping;

namespace Plugwire.Hosting.Running;

/// <summary>
/// The owner of a plugin that was launched. Whatever ends it comes together in one task: the end of its process, the loss of a connection, the wish of the host.
/// </summary>
/// <remarks>
/// <code>
///             ┌─ process has ended ────────────────────────────────────────┐
///   running ──┼─ connection lost ─ process ends within 200 ms? ─ yes ──────┼─> all of it is ended ─> report
///             │                                                └ no ─ stop ┤
///             ├─ stop asked for ─ stop ────────────────────────────────────┤
///             └─ cut off ─ kill ───────────────────────────────────────────┘
/// </code>
/// </remarks>
internal sealed partial class LaunchedRun : PluginRun
{
    private readonly LaunchedPlugin _plugin;
    private readonly StopLadder _ladder;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _stopAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cutOff = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LaunchedRun(LaunchedPlugin plugin, int protocolVersion, FrozenSet<string> capabilities, StopBudgets budgets, TimeProvider timeProvider)
    {
        _plugin = plugin;
        ProtocolVersion = protocolVersion;
        Capabilities = capabilities;
        _timeProvider = timeProvider;
        _logger = plugin.Logger;
        _ladder = new StopLadder(plugin.Name, budgets, timeProvider, _logger);
        Completion = SuperviseAsync();
    }

    public override int ProcessId => _plugin.Process.Id;

    public override int ProtocolVersion { get; }

    public override FrozenSet<string> Capabilities { get; }

    public override CallInvoker Calls => _plugin.Connections.Calls.CallInvoker;

    public override CallInvoker Control => _plugin.Connections.Control.CallInvoker;

    public override bool IsConnected => _plugin.Connections.Calls.Loss is null;

    public override Task Ending => _ending.Task;

    public override Task<PluginExit> Completion { get; }

    public ChildProcess Process => _plugin.Process;

    public override void Stop() => _stopAsked.TrySetResult();

    public override void Hurry() => _hurry.TrySetResult();

    public override void CutOff() => _cutOff.TrySetResult();

    public override Task<HealthAnswer> AskHealthAsync(CancellationToken cancellationToken) => HealthCheck.ProbeAsync(Control, cancellationToken);

    public override Task ListenToHealthAsync(Func<CancellationToken, Task> onChange, CancellationToken cancellationToken) => HealthCheck.ListenAsync(Control, onChange, cancellationToken);

    public override ProcessActivity? GetActivity() => _plugin.Process.GetActivity();

    private async Task<PluginExit> SuperviseAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var uptime = default(TimeSpan?);
        var (reason, step) = (PluginExitReason.HostFailed, PluginStopStep.Kill);
        try
        {
            (reason, step) = await EndAsync().ConfigureAwait(false);
            uptime = _plugin.Uptime;
        }
        catch (Exception failure)
        {
            _plugin.Decision = HostDecision.Stop;
            Log.HostFailed(_logger, failure, _plugin.Name);
        }

        _ending.TrySetResult();
        try
        {
            await _plugin.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Log.HostFailed(_logger, failure, _plugin.Name);
        }

        var report = Report(reason, step, uptime ?? _plugin.Uptime);
        Log.Ended(_logger, reason is PluginExitReason.Stopped or PluginExitReason.Exited ? LogLevel.Information : LogLevel.Error, report, reason, step);
        await _plugin.FlushLogAsync().ConfigureAwait(false);
        return report;
    }

    private async Task<(PluginExitReason Reason, PluginStopStep Step)> EndAsync()
    {
        var exited = _plugin.Process.Exited;
        await Task.WhenAny(exited, _plugin.Connections.Lost, _stopAsked.Task, _cutOff.Task).ConfigureAwait(false);
        _ending.TrySetResult();
        if (!exited.IsCompleted && !_stopAsked.Task.IsCompleted && !_cutOff.Task.IsCompleted)
            await ((Task)Task.WhenAny(exited, _stopAsked.Task)).WaitAsync(LaunchedPlugin.ExitAfterLoss, _timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (exited.IsCompleted)
            return (await exited.ConfigureAwait(false) is { ExitCode: 0 } ? PluginExitReason.Exited : PluginExitReason.Crashed, PluginStopStep.None);

        if (_stopAsked.Task.IsCompleted)
        {
            _plugin.Decision = HostDecision.Stop;
            return (PluginExitReason.Stopped, await ClimbAsync().ConfigureAwait(false));
        }

        if (_cutOff.Task.IsCompleted)
        {
            // It would hear nothing else.
            _plugin.Decision = HostDecision.GiveUp;
            return (PluginExitReason.Unresponsive, await _ladder.RunAsync(Target(), new CancellationToken(canceled: true)).ConfigureAwait(false));
        }

        _plugin.Decision = HostDecision.CutOff;
        Log.Disconnected(_logger, _plugin.Name, _plugin.Process.Id);
        return (PluginExitReason.Disconnected, await ClimbAsync().ConfigureAwait(false));
    }

    private async Task<PluginStopStep> ClimbAsync()
    {
        using var patience = new CancellationTokenSource();
        var stop = _ladder.RunAsync(Target(), patience.Token);
        if (await Task.WhenAny(stop, _hurry.Task).ConfigureAwait(false) != stop)
            await patience.CancelAsync().ConfigureAwait(false);
        return await stop.ConfigureAwait(false);
    }

    private StopTarget Target()
    {
        var control = _plugin.Connections.Control;
        return new StopTarget
        {
            Ask = control.Closed.IsCompleted ? null : token => ShutdownCall.AskAsync(control.CallInvoker, token),
            Terminate = _plugin.Terminate,
            Kill = _plugin.Process.Kill,
            Exited = _plugin.Process.Exited,
        };
    }

    private PluginExit Report(PluginExitReason reason, PluginStopStep step, TimeSpan uptime)
    {
        var exit = _plugin.Process.Exited.IsCompletedSuccessfully ? _plugin.Process.Exited.GetAwaiter().GetResult() : default(ChildExit);
        return new PluginExit
        {
            PluginName = _plugin.Name,
            ProcessId = _plugin.Process.Id,
            Reason = reason,
            StopStep = step,
            ExitCode = exit.ExitCode,
            Signal = exit.Signal,
            StandardErrorTail = _plugin.StandardErrorTail,
            Uptime = uptime,
            WasAsked = _ladder.WasAsked,
        };
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 20, Message = "{Exit} Reason: {Reason}; step: {Step}.")]
        public static partial void Ended(ILogger logger, LogLevel level, PluginExit exit, PluginExitReason reason, PluginStopStep step);

        [LoggerMessage(21, LogLevel.Error, "The connection to plugin '{Plugin}' (process {ProcessId}) was lost, though its process runs. It is stopped.")]
        public static partial void Disconnected(ILogger logger, string plugin, int processId);

        [LoggerMessage(22, LogLevel.Error, "Looking after plugin '{Plugin}' failed. What is left of the plugin is killed.")]
        public static partial void HostFailed(ILogger logger, Exception failure, string plugin);
    }
}
