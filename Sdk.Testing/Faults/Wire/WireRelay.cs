using System.IO.Pipelines;
using Plugwire.Wire.Transports;
using Plugwire.Wire.Transports.Memory;

namespace Plugwire.Testing.Faults.Wire;

/// <summary>What stands in a connection between the host, which is given one end of it, and the transport to the plugin, which it owns.</summary>
internal sealed class WireRelay
{
    // What a side that does not read leaves in here, beside what a pump carries.
    private const int PipeCapacity = 16 * 1024;

    // A host that closes has said its last word; a plugin that does not read has this long to take it.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private readonly TransportConnection _transport;
    private readonly Pipe _fromHost = CreatePipe();
    private readonly Pipe _toHost = CreatePipe();
    private readonly WireRules _rulesToPlugin;
    private readonly WirePump _toPluginPump;
    private readonly WirePump _toHostPump;

    private readonly TaskCompletionSource _hostClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WireRelay(TransportConnection transport, WireRules toPlugin, WireRules toHost, TimeProvider timeProvider)
    {
        _transport = transport;
        _rulesToPlugin = toPlugin;
        _toPluginPump = new WirePump(_fromHost.Reader.AsStream(leaveOpen: true), transport.Stream, toPlugin, timeProvider);
        _toHostPump = new WirePump(transport.Stream, _toHost.Writer.AsStream(leaveOpen: true), toHost, timeProvider);
        Completion = Task.Run(RunAsync);
    }

    /// <summary>Ends when the transport is closed and nothing runs any more. Never faults.</summary>
    public Task Completion { get; }

    /// <summary>The host's end of a connection that goes by the rules.</summary>
    /// <param name="transport">Owned from here on by the result.</param>
    /// <param name="toPlugin">The rules for what the host sends.</param>
    /// <param name="toHost">The rules for what the plugin sends.</param>
    /// <param name="timeProvider">The clock of delays.</param>
    public static TransportConnection Put(TransportConnection transport, WireRules toPlugin, WireRules toHost, TimeProvider timeProvider)
    {
        var relay = new WireRelay(transport, toPlugin, toHost, timeProvider);
        var end = new RelayedStream(new DuplexPipeStream(relay._toHost.Reader, relay._fromHost.Writer), relay, toHost);
        return new TransportConnection(end, transport.RemoteAddress, transport.Peer) { Received = transport.Received };
    }

    /// <summary>The host has closed its end: what it has sent goes on its way, for a while, and then the connection is over.</summary>
    public void NoteHostClosed() => _hostClosed.TrySetResult();

    private static Pipe CreatePipe() => new(new PipeOptions(pauseWriterThreshold: PipeCapacity, resumeWriterThreshold: PipeCapacity / 2, useSynchronizationContext: false));

    private async Task RunAsync()
    {
        using var over = new CancellationTokenSource();
        var toPlugin = _toPluginPump.RunAsync(over.Token);
        var toHost = _toHostPump.RunAsync(over.Token);
        await Task.WhenAny(toPlugin, toHost, _hostClosed.Task).ConfigureAwait(false);
        if (_hostClosed.Task.IsCompleted && !_rulesToPlugin.IsBlackHole)
        {
            await ((Task)toPlugin).WaitAsync(Linger, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        else if (toPlugin.IsCompleted && await toPlugin.ConfigureAwait(false) is { Kind: WireEndKind.Target } broken)
        {
            // The plugin takes no more; what it has said before still comes, and then its end.
            await _fromHost.Reader.CompleteAsync(AsBroken(broken.Failure)).ConfigureAwait(false);
            await Task.WhenAny(toHost, _hostClosed.Task).ConfigureAwait(false);
        }

        await over.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(toPlugin, toHost).ConfigureAwait(false);
        await CloseTransportAsync().ConfigureAwait(false);
        var end = await toHost.ConfigureAwait(false);
        await _toHost.Writer.CompleteAsync(end.Kind == WireEndKind.Source && end.Failure is { } failure ? AsBroken(failure) : null).ConfigureAwait(false);
        await _fromHost.Reader.CompleteAsync(AsBroken(end.Failure)).ConfigureAwait(false);
    }

    private async Task CloseTransportAsync()
    {
        try
        {
            await _transport.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It is closed all the same; that the other side was so before is no news to the host, which is told next.
        }
    }

    private static IOException AsBroken(Exception? failure) => failure as IOException ?? new IOException("The other side has closed the connection.", failure);
}
