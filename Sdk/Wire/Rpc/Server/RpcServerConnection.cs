using Grpc.Core;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Http2.Hpack;
using Plugwire.Wire.Rpc.Fields;
using Plugwire.Wire.Transports;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>A gRPC server's end of one connection: here a request becomes a call of its method.</summary>
internal sealed class RpcServerConnection : IAsyncDisposable
{
    private readonly TransportConnection _transport;
    private readonly RpcMethods _methods;
    private readonly Http2Connection _http2;
    private int _runningHandlers;
    private int _deafHandlers;

    public RpcServerConnection(TransportConnection transport, RpcMethods methods, RpcServerOptions options)
    {
        _transport = transport;
        _methods = methods;
        Options = options;
        Peer = options.PeerName ?? $"unix:{transport.RemoteAddress}";
        _http2 = Http2Connection.Start(
            transport.Stream,
            Http2Role.Server,
            new Http2Options
            {
                MaxHeaderListSize = options.MaxMetadataSize,
                MaxConcurrentStreams = options.MaxConcurrentStreams,
                MaxIdleFramesPerSecond = options.MaxIdleFramesPerSecond,
                KeepAlivePingDelay = options.KeepAlivePingDelay,
                KeepAlivePingTimeout = options.KeepAlivePingTimeout,
                PrefaceTimeout = options.PrefaceTimeout,
                TimeProvider = options.TimeProvider,
                Logger = options.Logger,
            },
            Accept,
            transport.Received);
    }

    public RpcServerOptions Options { get; }

    /// <summary>Who calls, as handlers are told.</summary>
    public string Peer { get; }

    /// <summary>How many handlers run, those included whose caller has turned away.</summary>
    public int RunningHandlers => Volatile.Read(ref _runningHandlers);

    /// <summary>How many handlers run of which the calls are over: cancelled, too late, or without a connection. One that heeds its token is such for a moment only.</summary>
    public int DeafHandlers => Volatile.Read(ref _deafHandlers);

    /// <summary>Ends when the client has begun to speak HTTP/2, or with the connection. Never faults.</summary>
    public Task Ready => _http2.Ready;

    /// <summary>Why the connection is over or closing; null while it is open.</summary>
    public ConnectionLoss? Loss => _http2.Loss;

    /// <summary>Ends when the connection is over. Never faults.</summary>
    public Task Closed => _http2.Closed;

    /// <summary>Takes no more calls, lets open ones end until <paramref name="drain"/> is cancelled, and closes. Never throws for the cancellation.</summary>
    public Task ShutdownAsync(CancellationToken drain) => _http2.ShutdownAsync(drain);

    public async ValueTask DisposeAsync()
    {
        await _http2.DisposeAsync().ConfigureAwait(false);
        await _transport.DisposeAsync().ConfigureAwait(false);
    }

    public void HandlerStarted() => Interlocked.Increment(ref _runningHandlers);

    public void HandlerDeserted() => Interlocked.Increment(ref _deafHandlers);

    public void HandlerEnded(bool wasDeaf)
    {
        if (wasDeaf)
            Interlocked.Decrement(ref _deafHandlers);
        Interlocked.Decrement(ref _runningHandlers);
    }

    private Http2Stream? Accept(Http2Connection connection, HeaderList request)
    {
        // A client that resets its calls as fast as it makes them leaves handlers behind that still run: as many as the calls that may be open.
        if (RunningHandlers / 2 >= Options.MaxConcurrentStreams)
            return null;

        if (request.IsTooLarge)
        {
            return Reject("200", StatusCode.ResourceExhausted, $"The call's metadata takes {request.Size} bytes, the limit is {Options.MaxMetadataSize} bytes.");
        }

        if (!request.TryGet(FieldNames.Method, out var method) || method != "POST")
            return Reject("405", StatusCode.Internal, $"A gRPC call is a POST; this is a {method}.");
        if (!request.TryGet(FieldNames.ContentType, out var contentType) || !FieldNames.IsGrpc(contentType))
            return Reject("415", StatusCode.Internal, $"A gRPC call's content-type is {FieldNames.GrpcContentType}; this is '{contentType ?? "(none)"}'.");
        if (!request.TryGet(FieldNames.Path, out var path) || !_methods.TryGet(path, out var served))
            return Reject("200", StatusCode.Unimplemented, $"The method '{path}' is not served here.");
        return served.CreateCall(connection, this);

        RejectedCall Reject(string httpStatus, StatusCode code, string detail) =>
            new(connection, ResponseHeaders.CreateRefusal(httpStatus, new Status(code, detail)));
    }
}
