using System.Collections.Frozen;
using Grpc.Core;
using Plugwire.Hosting.Connecting;
using Plugwire.Hosting.Launching;

namespace Plugwire.Hosting.Running;

/// <summary>One launch of a plugin that has started, until nothing of it is left.</summary>
internal abstract class PluginRun
{
    public abstract int ProcessId { get; }

    public abstract int ProtocolVersion { get; }

    public abstract FrozenSet<string> Capabilities { get; }

    /// <summary>The application's calls. They stay good to ask: when the run is over, they say why.</summary>
    public abstract CallInvoker Calls { get; }

    /// <summary>What the host itself asks.</summary>
    public abstract CallInvoker Control { get; }

    /// <summary>Whether a call still has a connection to go on.</summary>
    public abstract bool IsConnected { get; }

    /// <summary>Ends when the run has begun to end, for whatever reason. Never faults.</summary>
    public abstract Task Ending { get; }

    /// <summary>The report, once nothing of the run is left. Never faults.</summary>
    public abstract Task<PluginExit> Completion { get; }

    /// <summary>Begins to stop it, gently at first.</summary>
    public abstract void Stop();

    /// <summary>There is no more time to be gentle: what ends it, kills it.</summary>
    public abstract void Hurry();

    /// <summary>Begins to kill it, because it does not do what a plugin does.</summary>
    public abstract void CutOff();

    /// <summary>Asks whether it serves.</summary>
    /// <exception cref="RpcException">Its connection is over.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public abstract Task<HealthAnswer> AskHealthAsync(CancellationToken cancellationToken);

    /// <summary>Listens for changes of its health that it tells by itself. Ends when it tells none; never fails.</summary>
    public abstract Task ListenToHealthAsync(Func<CancellationToken, Task> onChange, CancellationToken cancellationToken);

    /// <summary>What its processes do at this moment; null when the system does not tell.</summary>
    public abstract ProcessActivity? GetActivity();
}
