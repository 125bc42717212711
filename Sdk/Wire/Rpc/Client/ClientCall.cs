using Grpc.Core;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Rpc.Messages;

namespace Plugwire.Wire.Rpc.Client;

/// <summary>
/// One call on the client's side, of any kind. It ends once: by the server's trailers, a reset, the deadline, the caller's cancellation
/// or disposal, or the loss of the connection, whichever is first.
/// </summary>
internal sealed partial class ClientCall<TRequest, TResponse> : RpcStream<TResponse>, IClientCall, IThreadPoolWorkItem
    where TRequest : class
    where TResponse : class
{
    private readonly Method<TRequest, TResponse> _method;
    private readonly CallOptions _callOptions;
    private readonly RpcClientOptions _options;
    private readonly Lock _gate = new();
    private readonly MessageQueue<TResponse>? _responses;
    private readonly TaskCompletionSource<TResponse>? _response;
    private readonly IDisposable? _observation;
    private ReceivedMessage<TResponse> _singleResponse;
    private bool _hasSingleResponse;
    private bool _compress;
    private volatile bool _requestsCompleted;
    private string? _httpStatus;
    private CancellationTokenRegistration _cancellation;
    private ITimer? _deadline;

    // Guarded by the gate.
    private TaskCompletionSource<Metadata>? _headersSource;
    private TaskCompletionSource? _endedSource;
    private Metadata? _headers;
    private Status _status;
    private Metadata? _trailers;
    private LossExplanation? _explanation;
    private bool _isEnded;
    private CallEnd _end;

    // The server has said that it has not looked at the call. Written before the end, by what ends it.
    private volatile bool _isUnseen;

    public ClientCall(Http2Connection connection, Method<TRequest, TResponse> method, in CallOptions callOptions, RpcClientOptions options)
        : base(connection, method.ResponseMarshaller, options.MaxReceiveMessageSize)
    {
        _method = method;
        _callOptions = callOptions;
        _options = options;
        if (method.Type is MethodType.Unary or MethodType.ClientStreaming)
            _response = new TaskCompletionSource<TResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        else
            _responses = new MessageQueue<TResponse>();
        _observation = options.ObserveCall?.Invoke(method.FullName);
    }

    public Task<TResponse> ResponseAsync => _response!.Task;

    public Task<Metadata> ResponseHeadersAsync
    {
        get
        {
            lock (_gate)
            {
                if (_headers is not null)
                    return Task.FromResult(_headers);
                if (!_isEnded)
                    return (_headersSource ??= new TaskCompletionSource<Metadata>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            return Observed(Task.FromException<Metadata>(CreateException()));
        }
    }

    public Status Status
    {
        get
        {
            lock (_gate)
                return _isEnded ? _status : throw new InvalidOperationException("The status is known when the call has ended.");
        }
    }

    public Metadata Trailers
    {
        get
        {
            lock (_gate)
                return _isEnded ? _trailers! : throw new InvalidOperationException("The trailers are known when the call has ended.");
        }
    }

    public void Dispose() => End(new Status(StatusCode.Cancelled, "The caller disposed the call before it had ended."), CallEnd.Caller, reset: true);

    private bool IsEnded
    {
        get
        {
            lock (_gate)
                return _isEnded;
        }
    }

    private void Cancel() => End(new Status(StatusCode.Cancelled, "The caller cancelled the call."), CallEnd.Caller, reset: true);

    private void EndAtDeadline() => End(new Status(StatusCode.DeadlineExceeded, "The call's deadline has passed."), CallEnd.Deadline, reset: true);

    private void End(Status status, CallEnd end, Metadata? trailers = null, LossExplanation? explanation = null, bool reset = false)
    {
        // First, so that whoever sees the end sees also whether the call will ever have left.
        if (reset && !IsEnded)
            Reset(Http2ErrorCode.Cancel);
        if (end == CallEnd.ServerStops)
            explanation = Connection.PeersLeave?.Explanation;
        lock (_gate)
        {
            if (_isEnded)
                return;

            if (status.StatusCode == StatusCode.OK && _response is not null && !_hasSingleResponse)
                (status, end) = (new Status(StatusCode.Unimplemented, "The method answers one message; the server sent none."), CallEnd.ThisSide);
            _isEnded = true;
            _status = status;
            _end = end;
            _explanation = explanation;
            _trailers = trailers ?? Metadata.Empty;

            // A response of trailers alone has no metadata before them.
            if (status.StatusCode == StatusCode.OK)
                _headers ??= Metadata.Empty;
        }

        StopWatching();
        _observation?.Dispose();
        CompleteHeaders(status);
        CompleteResponses(status, discard: reset && status.StatusCode is (StatusCode.Cancelled or StatusCode.DeadlineExceeded));
        lock (_gate)
            _endedSource?.TrySetResult();
    }

    private void StopWatching()
    {
        _deadline?.Dispose();

        // Unregister, unlike Dispose, does not wait for a callback that may be the one that runs us.
        _cancellation.Unregister();
    }

    private void CompleteHeaders(in Status status)
    {
        TaskCompletionSource<Metadata>? source;
        lock (_gate)
            source = _headersSource;

        if (source is null)
            return;
        if (status.StatusCode == StatusCode.OK)
            source.TrySetResult(_headers!);
        else if (source.TrySetException(CreateException()))
            Observed(source.Task);
    }

    // discard: the caller has turned away. What came before a server's error is still read.
    private void CompleteResponses(in Status status, bool discard)
    {
        if (_responses is not null)
        {
            _responses.End(discard);
            return;
        }

        if (status.StatusCode == StatusCode.OK)
        {
            if (_singleResponse.IsParsed)
                ((IThreadPoolWorkItem)this).Execute();
            else
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return;
        }

        if (_response!.TrySetException(CreateException()))
            Observed(_response.Task);
    }

    // A caller who never looks at a failed call must not hear of it as an unobserved exception.
    private static Task<T> Observed<T>(Task<T> task)
    {
        _ = task.Exception;
        return task;
    }

    private RpcException CreateException()
    {
        CallFailure failure;
        var maybeExecuted = !_isUnseen && MayBeKnownToPeer;
        lock (_gate)
            failure = new CallFailure(_method.FullName, _status, _trailers ?? Metadata.Empty, _end, maybeExecuted, _explanation);
        return _options.CreateException?.Invoke(failure) ?? failure.ToException();
    }
}
