using Plugwire.Hosting.Failures;
using Plugwire.Hosting.Launching;
using Plugwire.Wire.Transports;

namespace Plugwire.TestPlugins.ConformanceHost;

/// <summary>Starts and dials a plugin as the host that is to go wrong does.</summary>
internal sealed class FaultyRunner(Fault fault) : PluginRunner
{
    public override async Task<ChildProcess> StartAsync(ChildStart start, PluginStartAttempt attempt)
    {
        var spoiled = start with { Environment = fault.Spoil(start.Environment) };

        // In a session of its own: the system ends what stands still in the group of a program that has ended.
        if (fault.StartsByTheRuntime)
            spoiled = spoiled with { FileName = "/usr/bin/setsid", Arguments = [spoiled.FileName, .. spoiled.Arguments] };
        return fault.Spoil(fault.StartsByTheRuntime ? RuntimeChild.Start(spoiled, attempt.TimeProvider) : await base.StartAsync(spoiled, attempt));
    }

    public override string? RefuseAddress(string address, LaunchDirectory directory) => fault.DialsAnything ? null : base.RefuseAddress(address, directory);

    public override async Task<TransportConnection> ConnectAsync(string address, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var connection = await base.ConnectAsync(address, timeProvider, cancellationToken);
        return fault.SpeaksToAnybody ? new TransportConnection(connection.Stream, connection.RemoteAddress) : connection;
    }
}
