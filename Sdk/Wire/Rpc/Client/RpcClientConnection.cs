using Grpc.Core;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Transports;

namespace Plugwire.Wire.Rpc.Client;

/// <summary>A gRPC client on one connection. Calls on it go on side by side; when it is lost, each ends once with the reason.</summary>
internal sealed class RpcClientConnection : IAsyncDisposable
{
    private readonly TransportConnection _transport;
    private readonly Http2Connection _http2;

    private RpcClientConnection(TransportConnection transport, RpcClientOptions options)
    {
        _transport = transport;
        _http2 = Http2Connection.Start(transport.Stream, Http2Role.Client, new Http2Options
        {
            MaxHeaderListSize = options.MaxMetadataSize,
            MaxIdleFramesPerSecond = options.MaxIdleFramesPerSecond,
            KeepAlivePingDelay = options.KeepAlivePingDelay,
            KeepAlivePingTimeout = options.KeepAlivePingTimeout,
            PrefaceTimeout = options.PrefaceTimeout,
            ExplainLoss = options.ExplainDisconnect,
            ExplainLeave = options.ExplainLeave,
            TimeProvider = options.TimeProvider,
            Logger = options.Logger,
        });
        CallInvoker = new RpcCallInvoker(_http2, options);
    }

    /// <summary>What the generated clients call on.</summary>
    public CallInvoker CallInvoker { get; }

    /// <summary>Ends when the connection is over and every call has been told. Never faults.</summary>
    public Task Closed => _http2.Closed;

    /// <summary>Why the connection is over or closing; null while it is open.</summary>
    public ConnectionLoss? Loss => _http2.Loss;

    /// <summary>Speaks HTTP/2 on a transport, which belongs to the connection from here on, also when this fails.</summary>
    /// <exception cref="IOException">The peer closed, or does not speak HTTP/2.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the peer had answered.</exception>
    public static async Task<RpcClientConnection> ConnectAsync(TransportConnection transport, RpcClientOptions options, CancellationToken cancellationToken)
    {
        var connection = new RpcClientConnection(transport, options);
        try
        {
            await connection._http2.Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (connection.Loss is { } loss)
                throw new IOException($"No HTTP/2 connection to {transport.RemoteAddress}: {loss.Reason}", loss.Exception);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes no more calls, lets open ones end until <paramref name="cancellationToken"/> is cancelled, and closes. Never throws for the cancellation.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        await _http2.ShutdownAsync(cancellationToken).ConfigureAwait(false);
        await _transport.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Closes at once, for a reason that this side knows: open and later calls end with <see cref="StatusCode.Unavailable"/> and the reason.</summary>
    public ValueTask AbortAsync(LossExplanation explanation)
    {
        _http2.Abort(new ConnectionLoss(explanation.Reason, Http2ErrorCode.NoError, Explanation: explanation));
        return DisposeAsync();
    }

    /// <summary>Closes at once; open calls end with <see cref="StatusCode.Unavailable"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await _http2.DisposeAsync().ConfigureAwait(false);
        await _transport.DisposeAsync().ConfigureAwait(false);
    }
}
