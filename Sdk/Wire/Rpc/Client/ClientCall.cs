using Grpc.Core;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Http2.Hpack;
using Plugwire.Wire.Rpc.Fields;
using Plugwire.Wire.Rpc.Messages;

namespace Plugwire.Wire.Rpc.Client;

/// <summary>
/// One call on the client's side, of any kind. It ends once: by the server's trailers, a reset, the deadline, the caller's cancellation
/// or disposal, or the loss of the connection, whichever is first.
/// </summary>
internal sealed class ClientCall<TRequest, TResponse> : RpcStream<TResponse>, IClientCall, IThreadPoolWorkItem
    where TRequest : class
    where TResponse : class
{
    private readonly Method<TRequest, TResponse> _method;
    private readonly string? _host;
    private readonly CallOptions _callOptions;
    private readonly RpcClientOptions _options;
    private readonly RequestHeaders _requestHeaders;
    private readonly Lock _gate = new();
    private readonly MessageQueue<TResponse>? _responses;
    private readonly TaskCompletionSource<TResponse>? _response;
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
    private bool _isEnded;

    public ClientCall(
        Http2Connection connection, Method<TRequest, TResponse> method, string? host, in CallOptions callOptions, RpcClientOptions options, RequestHeaders requestHeaders)
        : base(connection, method.ResponseMarshaller, options.MaxReceiveMessageSize)
    {
        _method = method;
        _host = host;
        _callOptions = callOptions;
        _options = options;
        _requestHeaders = requestHeaders;
        if (method.Type is MethodType.Unary or MethodType.ClientStreaming)
            _response = new TaskCompletionSource<TResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        else
            _responses = new MessageQueue<TResponse>();
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
                if (_isEnded)
                    return Observed(Task.FromException<Metadata>(CreateException()));
                return (_headersSource ??= new TaskCompletionSource<Metadata>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
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

    protected override bool HasReadAll => _responses?.IsEmpty ?? true;

    /// <summary>Starts a call that sends one message.</summary>
    public void StartWith(TRequest request)
    {
        if (!TryBegin(out var headers))
            return;

        if (TrySerialize(request, _callOptions.WriteOptions, out var message))
            Send(headers, message, endStream: true, out _);
    }

    /// <summary>Starts a call whose messages follow.</summary>
    public void Start()
    {
        if (TryBegin(out var headers))
            Send(headers, message: null, endStream: false, out _);
    }

    /// <summary>Sends a message; the task ends when it is on its way.</summary>
    public Task WriteAsync(TRequest message, WriteOptions? writeOptions, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            Cancel();
        if (CreateWriteFailure() is { } failure)
            return Task.FromException(failure);
        if (_requestsCompleted)
            return Task.FromException(new InvalidOperationException("The requests of this call have been completed: nothing can be written after CompleteAsync."));
        if (!TrySerialize(message, writeOptions, out var bytes) || !Send(headers: null, bytes, endStream: false, out var sent))
            return FailAtEndAsync();
        return sent.IsCompletedSuccessfully ? Task.CompletedTask : WaitUntilSentAsync(sent, cancellationToken);
    }

    /// <summary>Ends the requests.</summary>
    public void CompleteWriting()
    {
        _requestsCompleted = true;
        Send(headers: null, message: null, endStream: true, out _);
    }

    /// <summary>Takes the next response, waiting for it as long as it takes. False when there is none any more.</summary>
    public async Task<bool> MoveNextAsync(ClientStreamReader<TRequest, TResponse> reader, CancellationToken cancellationToken)
    {
        using var cancellation = cancellationToken.UnsafeRegister(static state => ((ClientCall<TRequest, TResponse>)state!).Cancel(), this);
        while (true)
        {
            if (_responses!.TryTake(out var message, out var isEnded))
            {
                reader.Current = TakeOrFail(message);
                return true;
            }

            if (isEnded)
                return Status.StatusCode == StatusCode.OK ? false : throw CreateException();
            await _responses.WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes a response that has come, without waiting.</summary>
    public bool TryTakeNext(ClientStreamReader<TRequest, TResponse> reader)
    {
        if (!_responses!.TryTake(out var message, out _))
            return false;

        reader.Current = TakeOrFail(message);
        return true;
    }

    public void Dispose() => End(new Status(StatusCode.Cancelled, "The caller disposed the call before it had ended."), trailers: null, reset: true);

    // A response that was collected from several frames is parsed here, off the read loop.
    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            _response!.TrySetResult(Take(_singleResponse));
        }
        catch (RpcException exception)
        {
            lock (_gate)
                _status = exception.Status;
            _response!.TrySetException(exception);
            Observed(_response.Task);
        }
    }

    protected internal override void OnHeaders(HeaderList headers)
    {
        headers.TryGet(FieldNames.Status, out _httpStatus);
        var isKnown = headers.TryGet(FieldNames.ContentType, out var contentType) && FieldNames.IsGrpc(contentType) && _httpStatus == "200";

        // Of a list over the limit not all fields were kept: it is refused for its size, not for what it lacks.
        if (!isKnown && !headers.IsTooLarge)
        {
            var status = _httpStatus == "200"
                ? new Status(StatusCode.Unknown, $"The peer's answer is no gRPC response: its content-type is '{contentType ?? "(none)"}'.")
                : StatusFields.FromHttp(_httpStatus ?? "(none)");
            End(status, trailers: null, reset: true);
            return;
        }

        IncomingEncoding = headers.TryGet(FieldNames.GrpcEncoding, out var encoding) ? encoding : null;
        if (!TryReadMetadata(headers, out var metadata))
            return;

        lock (_gate)
        {
            _headers = metadata;
            _headersSource?.TrySetResult(metadata);
        }
    }

    protected internal override void OnEndStream(HeaderList? trailers)
    {
        Metadata? metadata = null;
        if (trailers is not null && !TryReadMetadata(trailers, out metadata))
            return;

        var status = StatusFields.Read(trailers, _httpStatus);
        if (status.StatusCode == StatusCode.OK && EndedWithinMessage)
            status = new Status(StatusCode.Internal, "The response ended within a message.");
        End(status, metadata, reset: false);

        // Of requests that are not completed nobody takes any more, whether or not the server says so itself: they must not hold the stream.
        Reset(Http2ErrorCode.NoError);
    }

    protected internal override void OnReset(Http2ErrorCode errorCode, string reason) =>
        End(StatusFields.FromReset(errorCode, reason), trailers: null, reset: false);

    protected internal override void OnConnectionLost(ConnectionLoss loss) =>
        End(new Status(StatusCode.Unavailable, loss.Reason, loss.Exception), trailers: null, reset: false);

    protected override void OnMessage(in ReceivedMessage<TResponse> message)
    {
        if (_responses is not null)
        {
            _responses.Add(message);
            return;
        }

        if (_hasSingleResponse)
        {
            message.Dispose();
            End(new Status(StatusCode.Unimplemented, "The method answers one message; the server sent more."), trailers: null, reset: true);
            return;
        }

        _singleResponse = message;
        _hasSingleResponse = true;
    }

    protected override void OnUnreadable(in Status status) => End(status, trailers: null, reset: true);

    private bool TryBegin(out OutgoingHeaders headers)
    {
        headers = null!;
        TimeSpan? timeout = null;
        if (_callOptions.Deadline is { } deadline && deadline != DateTime.MaxValue)
        {
            timeout = deadline.ToUniversalTime() - _options.TimeProvider.GetUtcNow().UtcDateTime;
            if (timeout <= TimeSpan.Zero)
            {
                EndAtDeadline();
                return false;
            }
        }

        var encoding = _callOptions.Headers?.GetValue(FieldNames.EncodingRequest);
        if (encoding is not null and not Gzip.Name and not Gzip.Identity)
        {
            End(new Status(StatusCode.Internal, $"The message encoding '{encoding}' is asked for; known are {Gzip.AcceptEncoding}."), trailers: null, reset: false);
            return false;
        }

        _compress = encoding == Gzip.Name;
        headers = _requestHeaders.For(_method.FullName, _host, timeout, encoding, _callOptions.Headers, out var violation);
        if (violation is not null)
        {
            End(new Status(StatusCode.Internal, violation), trailers: null, reset: false);
            return false;
        }

        // A list that the peer does not take could cost the whole connection.
        var limit = Math.Min(_options.MaxMetadataSize, Connection.PeerMaxHeaderListSize);
        if (headers.ListSize > limit)
        {
            End(new Status(StatusCode.ResourceExhausted, $"The call's metadata takes {headers.ListSize} bytes, the limit is {limit} bytes."), trailers: null, reset: false);
            return false;
        }

        // From here on the call can end at any time; what is registered after its end is taken back by End or here.
        if (timeout is { } time && time < TimeSpan.FromMilliseconds(uint.MaxValue - 1))
            _deadline = _options.TimeProvider.CreateTimer(static state => ((ClientCall<TRequest, TResponse>)state!).EndAtDeadline(), this, time, Timeout.InfiniteTimeSpan);
        _cancellation = _callOptions.CancellationToken.UnsafeRegister(static state => ((ClientCall<TRequest, TResponse>)state!).Cancel(), this);
        if (!IsEnded)
            return true;

        StopWatching();
        return false;
    }

    private bool Send(OutgoingHeaders? headers, OutputBuffer? message, bool endStream, out Task sent)
    {
        if (TrySend(headers, message, trailers: null, endStream, out sent))
            return true;

        if (headers is not null)
        {
            var loss = Connection.Loss;
            End(new Status(StatusCode.Unavailable, loss?.Reason ?? "The connection takes no further call: too many wait for it already.", loss?.Exception), trailers: null, reset: false);
        }

        return false;
    }

    private bool TrySerialize(TRequest request, WriteOptions? writeOptions, out OutputBuffer message)
    {
        try
        {
            var compress = _compress && ((writeOptions ?? _callOptions.WriteOptions)?.Flags & WriteFlags.NoCompress) is null or 0;
            message = MessageSerializer.Serialize(_method.RequestMarshaller, request, compress, _options.MaxSendMessageSize);
            return true;
        }
        catch (MessageLimitException exception)
        {
            End(new Status(StatusCode.ResourceExhausted, exception.Message), trailers: null, reset: true);
        }
        catch (Exception exception)
        {
            End(new Status(StatusCode.Internal, $"A {typeof(TRequest).Name} could not be serialized: {exception.Message}", exception), trailers: null, reset: true);
        }

        message = null!;
        return false;
    }

    private async Task WaitUntilSentAsync(Task sent, CancellationToken cancellationToken)
    {
        using var cancellation = cancellationToken.UnsafeRegister(static state => ((ClientCall<TRequest, TResponse>)state!).Cancel(), this);
        try
        {
            await sent.ConfigureAwait(false);
        }
        catch (Http2StreamClosedException)
        {
            await FailAtEndAsync().ConfigureAwait(false);
        }
    }

    // The stream is over: what the call ends with is known at once, or, when the connection was lost, as soon as that has been explained.
    private async Task FailAtEndAsync()
    {
        Task ended;
        lock (_gate)
            ended = _isEnded ? Task.CompletedTask : (_endedSource ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        await ended.ConfigureAwait(false);
        throw CreateWriteFailure()!;
    }

    private TResponse TakeOrFail(in ReceivedMessage<TResponse> message)
    {
        try
        {
            return Take(message);
        }
        catch (RpcException exception)
        {
            End(exception.Status, trailers: null, reset: true);

            // The server may have said OK long before the message was read.
            lock (_gate)
            {
                if (_status.StatusCode == StatusCode.OK)
                    _status = exception.Status;
            }

            throw;
        }
    }

    private bool TryReadMetadata(HeaderList headers, out Metadata metadata)
    {
        if (headers.IsTooLarge)
        {
            End(new Status(StatusCode.ResourceExhausted, $"The server's metadata takes {headers.Size} bytes, the limit is {_options.MaxMetadataSize} bytes."), trailers: null, reset: true);
        }
        else if (MetadataCodec.TryRead(headers, out var read, out var violation))
        {
            metadata = read;
            return true;
        }
        else
        {
            End(new Status(StatusCode.Internal, violation), trailers: null, reset: true);
        }

        metadata = null!;
        return false;
    }

    private bool IsEnded
    {
        get
        {
            lock (_gate)
                return _isEnded;
        }
    }

    private void Cancel() => End(new Status(StatusCode.Cancelled, "The caller cancelled the call."), trailers: null, reset: true);

    private void EndAtDeadline() => End(new Status(StatusCode.DeadlineExceeded, "The call's deadline has passed."), trailers: null, reset: true);

    private void End(Status status, Metadata? trailers, bool reset)
    {
        lock (_gate)
        {
            if (_isEnded)
                return;

            if (status.StatusCode == StatusCode.OK && _response is not null && !_hasSingleResponse)
                status = new Status(StatusCode.Unimplemented, "The method answers one message; the server sent none.");
            _isEnded = true;
            _status = status;
            _trailers = trailers ?? Metadata.Empty;

            // A response of trailers alone has no metadata before them.
            if (status.StatusCode == StatusCode.OK)
                _headers ??= Metadata.Empty;
        }

        if (reset)
            Reset(Http2ErrorCode.Cancel);
        StopWatching();
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

    private RpcException CreateException() => new(_status, _trailers ?? Metadata.Empty, $"{_method.FullName}: {_status}");

    private Exception? CreateWriteFailure()
    {
        lock (_gate)
        {
            if (!_isEnded)
                return null;
            return _status.StatusCode == StatusCode.OK
                ? new InvalidOperationException("The call has ended: the server takes no more messages.")
                : CreateException();
        }
    }
}
