using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Plugwire.Wire.Http2;
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
    private const int NotStarted = 0;
    private const int Runs = 1;
    private const int RunsForNobody = 2;
    private const int HasEnded = 3;

    private readonly TypedRpcMethod<TRequest, TResponse> _method;
    private readonly RpcServerConnection _server;
    private readonly Lock _gate = new();
    private readonly MessageQueue<TRequest>? _requests;
    private ReceivedMessage<TRequest> _singleRequest;
    private bool _hasSingleRequest;
    private RequestFields _fields;
    private ITimer? _deadlineTimer;
    private long _begun;
    private RpcServerCallContext? _context;

    // Guarded by the gate.
    private CancellationTokenSource? _cancellation;
    private Task _cancelling = Task.CompletedTask;
    private bool _isCancelled;
    private bool _headersSent;
    private bool _isEnded;

    // What ended the call before its handler did, a StatusCode in the room that a byte takes; OK while nothing has.
    private byte _cause;
    private Status? _requestFailure;

    // One of the constants below; changed by exchanges alone.
    private volatile int _handler = NotStarted;

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

    public string Peer => _server.Peer;

    public StatusCode? EndedBy
    {
        get
        {
            lock (_gate)
                return _cause == (byte)StatusCode.OK ? null : (StatusCode)_cause;
        }
    }

    /// <summary>Fires on the caller's cancellation, the deadline, the end of the server's patience when it stops, and the loss of the connection.</summary>
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

    void IThreadPoolWorkItem.Execute()
    {
        // Owned by the server's count of running handlers; it never faults.
        _ = RunAsync();
    }

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
        var before = Interlocked.Exchange(ref _handler, HasEnded);
        if (before != HasEnded)
            _server.HandlerEnded(wasDeaf: before == RunsForNobody);
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

    private void EndAtDeadline() => Cut(new Status(StatusCode.DeadlineExceeded, "The call's deadline has passed."), StatusCode.DeadlineExceeded);

    // The caller gets an answer; nobody waits for the handler's.
    private void Cut(in Status answer, StatusCode cause)
    {
        End(answer, cause: cause);
        CancelHandler();
        _requests?.End(discard: true);
    }

    // The client has turned away, or cannot be reached: there is nobody to answer to.
    private void Abandon(StatusCode cause)
    {
        lock (_gate)
        {
            if (!_isEnded)
                (_isEnded, _cause) = (true, (byte)cause);
        }

        _deadlineTimer?.Dispose();
        CancelHandler();
        _requests?.End(discard: true);
    }

    private void StartHandler()
    {
        _handler = Runs;
        _server.HandlerStarted();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    private void CancelHandler()
    {
        if (Interlocked.CompareExchange(ref _handler, RunsForNobody, Runs) == Runs)
            _server.HandlerDeserted();
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

    // cause: what ends the call, when it is not its handler.
    private void End(Status status, OutputBuffer? message = null, StatusCode cause = StatusCode.OK)
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
            _cause = (byte)cause;
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

    private bool IsEnded
    {
        get
        {
            lock (_gate)
                return _isEnded;
        }
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
