using Microsoft.Extensions.Logging;
using Plugwire.Wire.Launching;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Transports;

namespace Plugwire.Callbacks;

/// <summary>Tells the connection on which the host serves from those on which the plugin is called, by their first byte.</summary>
/// <param name="host">Gets the host's.</param>
/// <param name="options">How the plugin speaks on the host's.</param>
internal sealed partial class HostConnectionScreen(HostConnection host, RpcClientOptions options)
{
    /// <summary>How long a connection may take to say whose it is: as long as an HTTP/2 client may take for its preface.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);

    /// <summary>The connection if it is one on which the plugin is called; null if it was the host's, or is closed.</summary>
    public ValueTask<TransportConnection?> PassAsync(TransportConnection transport, CancellationToken cancellationToken) =>
        host.WasAnnounced ? RecognizeAsync(transport, cancellationToken) : new(transport);

    private async ValueTask<TransportConnection?> RecognizeAsync(TransportConnection transport, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Budget, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        string? refusal;
        var level = LogLevel.Warning;
        try
        {
            var preamble = new byte[HostConnectionPreamble.Length];
            if (await transport.Stream.ReadAsync(preamble.AsMemory(0, 1), either.Token).ConfigureAwait(false) == 0)
            {
                (refusal, level) = ("the peer closed it before it had said a word", LogLevel.Debug);
            }
            else if (preamble[0] != HostConnectionPreamble.FirstByte)
            {
                return new TransportConnection(transport.Stream, transport.RemoteAddress, transport.Peer) { Received = preamble.AsMemory(0, 1) };
            }
            else
            {
                await transport.Stream.ReadExactlyAsync(preamble.AsMemory(1), either.Token).ConfigureAwait(false);
                refusal = await TakeAsync(transport, preamble, either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // What came first is asked for: a plugin that stops as well by the time that this line runs has not closed it.
            (refusal, level) = late.IsCancellationRequested
                ? ($"nothing has come of it within {Budget.TotalSeconds:0} s", LogLevel.Warning)
                : ("the plugin stops", LogLevel.Debug);
        }
        catch (IOException failure)
        {
            refusal = $"it broke before anything had come of it ({failure.Message})";
        }

        if (refusal is not null)
        {
            Log.Refused(options.Logger, level, transport, refusal);
            await transport.DisposeAsync().ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>Null when it is the host's now; else why not, as a clause.</summary>
    private async Task<string?> TakeAsync(TransportConnection transport, byte[] preamble, CancellationToken cancellationToken)
    {
        if (!HostConnectionPreamble.TryParse(preamble, out var token))
            return "it begins like a host's connection, but with another mark: is it of a later version?";
        if (!host.TryRedeem(token, out var offer, out var refusal))
            return refusal;

        await host.ConnectAsync(transport, offer, options, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 53, EventName = "ConnectionRefused", Message = "A connection from {Peer} is closed: {Reason}.")]
        public static partial void Refused(ILogger logger, LogLevel level, TransportConnection peer, string reason);
    }
}
