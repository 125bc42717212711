using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Http2.Hpack;
using Plugwire.Wire.Rpc.Fields;
using Plugwire.Wire.Rpc.Messages;

namespace Plugwire.Wire.Rpc.Server;

/// <summary>
/// One call on the server's side, of any kind. Its answer ends once: with the handler's result or failure, or with the deadline. Its handler
/// runs on the pool, and is cancelled when nobody waits for the answer any more.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source of the cancellation has no timer and no wait handle: there is nothing to dispose of.")]
internal sealed partial class ServerCall<TRequest, TResponse> : RpcStream<TRequest>, IServerCall, IThreadPoolWorkItem
    where TRequest : class
    where TResponse : class
{
    private readonly TypedRpcMethod<TRequest, TResponse> _method;
    private readonly RpcServerConnection _server;
    private readonly Lock _gate = new();
    private readonly MessageQueue<TRequest>? _requests;
    private ReceivedMessage<TRequest> _singleRequest;
    private bool _hasSingleRequest;
    private RequestFields _fields;
    private ITimer? _deadlineTimer;
    private RpcServerCallContext? _context;

    // Guarded by the gate.
    private CancellationTokenSource? _cancellation;
    private Task _cancelling = Task.CompletedTask;
    private bool _isCancelled;
    private bool _headersSent;
    private bool _isEnded;
    private Status? _requestFailure;

    // Written where the handler runs, read wherever it writes.
    private volatile bool _handlerEnded;

    public ServerCall(Http2Connection connection, TypedRpcMethod<TRequest, TResponse> method, RpcServerConnection server)
        : base(connection, method.Method.RequestMarshaller, server.Options.MaxReceiveMessageSize)
    {
        _method = method;
        _server = server;
        if (!method.TakesOneRequest)
            _requests = new MessageQueue<TRequest>();
    }

    public RpcServerCallContext Context => _context!;

    public string Method => _method.Path;

    public string RemoteAddress => _server.RemoteAddress;

    /// <summary>Fires on the caller's cancellation, the deadline, and the loss of the connection.</summary>
    public CancellationToken CancellationToken
    {
        get
        {
            lock (_gate)
            {
                if (_cancellation is null)
                {
                    _cancellation = new CancellationTokenSource();
                    if (_isCancelled)
                        _cancellation.Cancel();
                }

                return _cancellation.Token;
            }
        }
    }

    protected override bool HasReadAll => _requests?.IsEmpty ?? true;

    void IThreadPoolWorkItem.Execute()
    {
        // Owned by the server's count of running handlers; it never faults.
        _ = RunAsync();
    }

    /// <summary>The one request of a unary or server-streaming call.</summary>
    /// <exception cref="RpcException">It could not be parsed.</exception>
    public TRequest TakeRequest() => Take(_singleRequest);

    /// <summary>Takes the next request, waiting for it as long as it takes. False when there is none any more.</summary>
    public async Task<bool> MoveNextAsync(ServerStreamReader<TRequest, TResponse> reader, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static state => ((MessageQueue<TRequest>)state!).Wake(), _requests);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_requests!.TryTake(out var message, out var isEnded))
            {
                reader.Current = Take(message);
                return true;
            }

            if (isEnded)
            {
                if (_requestFailure is { } failure)
                    throw new RpcException(failure);
                CancellationToken.ThrowIfCancellationRequested();
                return false;
            }

            var changed = _requests.WaitAsync();

            // A cancellation that came before there was a waiter to wake.
            if (cancellationToken.IsCancellationRequested)
                _requests.Wake();
            await changed.ConfigureAwait(false);
        }
    }

    /// <summary>Takes a request that has come, without waiting.</summary>
    public bool TryTakeNext(ServerStreamReader<TRequest, TResponse> reader)
    {
        if (!_requests!.TryTake(out var message, out _))
            return false;

        reader.Current = Take(message);
        return true;
    }

    public Task WriteHeadersAsync(Metadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var headers = ResponseHeaders.Create(ResponseEncoding(metadata), metadata, out var violation);
        if (violation is not null)
            throw new RpcException(new Status(StatusCode.Internal, violation));
        if (headers.ListSize > MaxHeaderListSize)
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"The response's metadata takes {headers.ListSize} bytes, the limit is {MaxHeaderListSize} bytes."));
        lock (_gate)
        {
            if (_headersSent)
                throw new InvalidOperationException("The response's headers have been sent already: once by WriteResponseHeadersAsync, or with the first message.");
            _headersSent = true;
        }

        CompressResponses = ResponseEncoding(metadata) == Gzip.Name;
        if (!TrySend(headers, message: null, trailers: null, endStream: false, out _))
            throw Gone();
        return Task.CompletedTask;
    }

    /// <summary>Sends a response; the task ends when it is on its way.</summary>
    public Task WriteAsync(TResponse response, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var message = Serialize(response);
        bool withHeaders;
        lock (_gate)
        {
            if (_isEnded)
            {
                message.Dispose();
                throw Gone();
            }

            withHeaders = !_headersSent;
            _headersSent = true;
        }

        if (!TrySend(withHeaders ? ResponseHeaders.Plain : null, message, trailers: null, endStream: false, out var sent))
            throw Gone();
        return sent.IsCompletedSuccessfully ? Task.CompletedTask : WaitUntilSentAsync(sent, cancellationToken);
    }

    /// <summary>Ends the call with the handler's one response.</summary>
    public void Complete(TResponse? response)
    {
        NoteHandlerEnded();
        if (Context.Status.StatusCode != StatusCode.OK)
            End(Context.Status);
        else if (response is null)
            throw new InvalidOperationException($"The handler of {Method} answered null: it answers a message, or throws an RpcException.");
        else
            End(Context.Status, Serialize(response));
    }

    /// <summary>Ends the call; its responses have been written.</summary>
    public void Complete()
    {
        NoteHandlerEnded();
        End(Context.Status);
    }

    protected internal override void OnHeaders(HeaderList headers)
    {
        if (RequestFields.TryRead(headers, out _fields, out var refusal))
        {
            IncomingEncoding = _fields.Encoding;
            _context = new RpcServerCallContext(this, _fields, _server.Options.TimeProvider);
            if (_fields.Timeout is { } timeout)
            {
                _deadlineTimer = _server.Options.TimeProvider.CreateTimer(
                    static state => ((ServerCall<TRequest, TResponse>)state!).EndAtDeadline(), this, RequestFields.TimerTime(timeout), Timeout.InfiniteTimeSpan);
            }

            if (_requests is not null)
                StartHandler();
            return;
        }

        End(refusal);
    }

    protected internal override void OnEndStream(HeaderList? trailers)
    {
        if (EndedWithinMessage)
            OnUnreadable(new Status(StatusCode.Internal, "The request ended within a message."));
        else if (_requests is not null)
            _requests.End(discard: false);
        else if (!_hasSingleRequest)
            End(new Status(StatusCode.Unimplemented, $"The method {Method} takes one message; the client sent none."));
        else if (!IsEnded)
            StartHandler();
    }

    protected internal override void OnReset(Http2ErrorCode errorCode, string reason) => Abandon();

    protected internal override void OnConnectionLost(ConnectionLoss loss) => Abandon();

    protected override void OnMessage(in ReceivedMessage<TRequest> message)
    {
        if (_requests is not null)
        {
            _requests.Add(message);
        }
        else if (_hasSingleRequest)
        {
            message.Dispose();
            OnUnreadable(new Status(StatusCode.Unimplemented, $"The method {Method} takes one message; the client sent more."));
        }
        else
        {
            _singleRequest = message;
            _hasSingleRequest = true;
        }
    }

    protected override void OnUnreadable(in Status status)
    {
        // A handler that runs already hears of it when it reads on; it decides nothing about the answer any more.
        lock (_gate)
            _requestFailure = status;
        End(status);
        CancelHandler();
        _requests?.End(discard: true);
    }

    private bool CompressResponses { get; set; }

    private async Task RunAsync()
    {
        try
        {
            await _method.InvokeAsync(this).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }

        Task cancelling;
        lock (_gate)
        {
            _isCancelled = true;
            cancelling = _cancelling;
        }

        try
        {
            await cancelling.ConfigureAwait(false);
        }
        catch (AggregateException exception)
        {
            Log.CancellationCallbackFailed(_server.Options.Logger, exception, Method);
        }

        _requests?.End(discard: true);
    }

    // Before the answer leaves: the client may put its next call in this one's place as soon as it has it.
    private void NoteHandlerEnded()
    {
        if (_handlerEnded)
            return;

        _handlerEnded = true;
        _server.HandlerEnded();
    }

    private void Fail(Exception exception)
    {
        NoteHandlerEnded();
        Status status;
        switch (exception)
        {
            case RpcException rpc:
                // A handler may well throw the trailers of its own context.
                if (!ReferenceEquals(rpc.Trailers, Context.ResponseTrailersOrNull))
                {
                    foreach (var entry in rpc.Trailers)
                        Context.ResponseTrailers.Add(entry);
                }

                status = rpc.Status;
                break;
            case OperationCanceledException when CancellationToken.IsCancellationRequested:
                status = new Status(StatusCode.Cancelled, "The call was cancelled.");
                break;
            default:
                status = new Status(
                    StatusCode.Unknown,
                    _server.Options.DetailedErrors ? $"The handler failed: {exception.GetType().Name}: {exception.Message}" : $"The handler failed: {exception.GetType().Name}.",
                    exception);
                if (!IsEnded)
                    Log.HandlerFailed(_server.Options.Logger, exception, Method);
                break;
        }

        if (IsEnded)
            Log.LateHandler(_server.Options.Logger, exception, Method);
        End(status);
    }

    private void EndAtDeadline()
    {
        End(new Status(StatusCode.DeadlineExceeded, "The call's deadline has passed."));
        CancelHandler();
        _requests?.End(discard: true);
    }

    // The client has turned away, or cannot be reached: there is nobody to answer to.
    private void Abandon()
    {
        lock (_gate)
            _isEnded = true;
        _deadlineTimer?.Dispose();
        CancelHandler();
        _requests?.End(discard: true);
    }

    private void StartHandler()
    {
        _server.HandlerStarted();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    private void CancelHandler()
    {
        lock (_gate)
        {
            if (_isCancelled)
                return;

            _isCancelled = true;

            // The handler's own callbacks must not run on the read loop.
            if (_cancellation is not null)
                _cancelling = _cancellation.CancelAsync();
        }
    }

    private void End(Status status, OutputBuffer? message = null)
    {
        bool headersSent;
        lock (_gate)
        {
            if (_isEnded)
            {
                message?.Dispose();
                return;
            }

            _isEnded = true;
            headersSent = _headersSent;
            _headersSent = true;
        }

        _deadlineTimer?.Dispose();
        var trailers = ResponseHeaders.CreateTrailers(ref status, _context?.ResponseTrailersOrNull, alone: !headersSent && message is null, MaxHeaderListSize);
        if (headersSent || message is not null)
            TrySend(headersSent ? null : ResponseHeaders.Plain, message, trailers, endStream: true, out _);
        else
            TrySend(trailers, message: null, trailers: null, endStream: true, out _);
    }

    private OutputBuffer Serialize(TResponse response)
    {
        var compress = CompressResponses && (Context.WriteOptions?.Flags & WriteFlags.NoCompress) is null or 0;
        try
        {
            return MessageSerializer.Serialize(_method.Method.ResponseMarshaller, response, compress, _server.Options.MaxSendMessageSize);
        }
        catch (MessageLimitException exception)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, exception.Message));
        }
    }

    // Responses are compressed when the handler asks for it and the client takes it.
    private string? ResponseEncoding(Metadata metadata) =>
        metadata.GetValue(FieldNames.EncodingRequest) == Gzip.Name && _fields.AcceptsGzip ? Gzip.Name : null;

    // A client that reads no more must not hold the handler of a call that has ended by its deadline.
    private async Task WaitUntilSentAsync(Task sent, CancellationToken cancellationToken)
    {
        var ended = CancellationToken;
        using var either = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ended) : null;
        try
        {
            await sent.WaitAsync(either?.Token ?? ended).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is Http2StreamClosedException || ended.IsCancellationRequested)
        {
            throw Gone();
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    private int MaxHeaderListSize => Math.Min(_server.Options.MaxMetadataSize, Connection.PeerMaxHeaderListSize);

    private bool IsEnded
    {
        get
        {
            lock (_gate)
                return _isEnded;
        }
    }

    private Exception Gone()
    {
        if (_handlerEnded)
            return new InvalidOperationException("The call has ended: nothing can be written after its status.");

        // The handler runs, so the call has ended from outside; who ended it may not have come to say so yet.
        Abandon();
        return new OperationCanceledException("The call has been cancelled: the client takes no more messages.", CancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The handler of {Method} failed.")]
        public static partial void HandlerFailed(ILogger logger, Exception exception, string method);

        [LoggerMessage(2, LogLevel.Debug, "The handler of {Method} ended after its call had.")]
        public static partial void LateHandler(ILogger logger, Exception exception, string method);

        [LoggerMessage(3, LogLevel.Error, "A callback on the cancellation token of {Method} failed.")]
        public static partial void CancellationCallbackFailed(ILogger logger, Exception exception, string method);
    }
}
