using System.Collections.Frozen;
using Grpc.Core;
using Plugwire.Hosting.Connecting;
using Plugwire.Hosting.Launching;
using Plugwire.Hosting.Running;

namespace Plugwire.Hosting.Tests.Supervising.Model;

/// <summary>A launch that does what the test says, and nothing by itself but end when it is told to.</summary>
internal sealed class ScriptedRun(int processId) : PluginRun
{
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<PluginExit> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override int ProcessId { get; } = processId;

    public override int ProtocolVersion => 1;

    public override FrozenSet<string> Capabilities => [];

    public override CallInvoker Calls => throw new NotSupportedException();

    public override CallInvoker Control => throw new NotSupportedException();

    public override bool IsConnected => !_ending.Task.IsCompleted;

    public override Task Ending => _ending.Task;

    public override Task<PluginExit> Completion => _completion.Task;

    /// <summary>What it answers to the question for its health.</summary>
    public Func<CancellationToken, Task<HealthAnswer>> OnAsked { get; set; } = _ => Task.FromResult(new HealthAnswer(Problem: null, IsDebugged: false));

    public Func<ProcessActivity?> OnLook { get; set; } = () => null;

    public override void Stop() => End(PluginExitReason.Stopped);

    public override void Hurry()
    {
    }

    public override void CutOff() => End(PluginExitReason.Unresponsive);

    public void End(PluginExitReason reason)
    {
        _ending.TrySetResult();
        _completion.TrySetResult(new PluginExit
        {
            PluginName = "subject",
            ProcessId = ProcessId,
            Reason = reason,
            StopStep = PluginStopStep.None,
            ExitCode = reason == PluginExitReason.Crashed ? 1 : 0,
            Signal = null,
            StandardErrorTail = "",
            Uptime = TimeSpan.Zero,
        });
    }

    public override Task<HealthAnswer> AskHealthAsync(CancellationToken cancellationToken) => OnAsked(cancellationToken);

    public override Task ListenToHealthAsync(Func<CancellationToken, Task> onChange, CancellationToken cancellationToken) => Task.CompletedTask;

    public override ProcessActivity? GetActivity() => OnLook();
}
