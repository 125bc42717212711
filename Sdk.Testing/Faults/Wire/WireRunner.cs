using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching;
using Plugwire.Wire.Transports;

namespace Plugwire.Testing.Faults.Wire;

/// <summary>Runs plugins as another runner does, and puts the faults into each connection that the host dials.</summary>
internal sealed class WireRunner(PluginRunner runner, WireFaults wire) : PluginRunner
{
    public override PluginCommand Resolve(string fileName, IReadOnlyList<string> arguments, PluginStartAttempt attempt) => runner.Resolve(fileName, arguments, attempt);

    public override Task<ChildProcess> StartAsync(ChildStart start, PluginStartAttempt attempt)
    {
        wire.BeginLaunch();
        return runner.StartAsync(start, attempt);
    }

    public override string? RefuseAddress(string address, LaunchDirectory directory) => runner.RefuseAddress(address, directory);

    public override async Task<TransportConnection> ConnectAsync(string address, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var rules = wire.NextConnection();
        var transport = await runner.ConnectAsync(address, timeProvider, cancellationToken).ConfigureAwait(false);
        return WireRelay.Put(transport, rules.ToPlugin.Rules, rules.ToHost.Rules, wire.TimeProvider ?? timeProvider);
    }
}
