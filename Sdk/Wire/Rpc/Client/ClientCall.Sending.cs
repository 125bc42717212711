using Grpc.Core;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Rpc.Fields;
using Plugwire.Wire.Rpc.Messages;

namespace Plugwire.Wire.Rpc.Client;

// What goes out: the request's header list and its messages.
internal sealed partial class ClientCall<TRequest, TResponse>
{
    /// <summary>Starts a call that sends one message.</summary>
    public void StartWith(TRequest request, RequestHeaders requestHeaders, string? host)
    {
        if (!TryBegin(requestHeaders, host, out var headers))
            return;

        if (TrySerialize(request, _callOptions.WriteOptions, out var message))
            Send(headers, message, endStream: true, out _);
    }

    /// <summary>Starts a call whose messages follow.</summary>
    public void Start(RequestHeaders requestHeaders, string? host)
    {
        if (TryBegin(requestHeaders, host, out var headers))
            Send(headers, message: null, endStream: false, out _);
    }

    /// <summary>Sends a message; the task ends when it is on its way.</summary>
    public Task WriteAsync(TRequest message, WriteOptions? writeOptions, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            Cancel();
        if (_requestsCompleted)
            return Task.FromException(new InvalidOperationException("The requests of this call have been completed: nothing can be written after CompleteAsync."));
        if (CreateWriteFailure() is { } failure)
            return Task.FromException(failure);
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

    private bool TryBegin(RequestHeaders requestHeaders, string? host, out OutgoingHeaders headers)
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
            End(new Status(StatusCode.Internal, $"The message encoding '{encoding}' is asked for; known are {Gzip.AcceptEncoding}."), CallEnd.ThisSide);
            return false;
        }

        _compress = encoding == Gzip.Name;
        headers = requestHeaders.For(_method.FullName, host, timeout, encoding, _callOptions.Headers, out var violation);
        if (violation is not null)
        {
            End(new Status(StatusCode.Internal, violation), CallEnd.ThisSide);
            return false;
        }

        // A list that the peer does not take could cost the whole connection.
        var limit = Math.Min(_options.MaxMetadataSize, Connection.PeerMaxHeaderListSize);
        if (headers.ListSize > limit)
        {
            End(new Status(StatusCode.ResourceExhausted, $"The call's metadata takes {headers.ListSize} bytes, the limit is {limit} bytes."), CallEnd.ThisSide);
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
            if (Connection.Loss is { } loss)
                OnConnectionLost(loss);
            else
                End(new Status(StatusCode.Unavailable, "The connection takes no further call: too many wait for it already."), CallEnd.ThisSide);
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
            End(new Status(StatusCode.ResourceExhausted, exception.Message), CallEnd.ThisSide, reset: true);
        }
        catch (Exception exception)
        {
            End(new Status(StatusCode.Internal, $"A {typeof(TRequest).Name} could not be serialized: {exception.Message}", exception), CallEnd.ThisSide, reset: true);
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

    private Exception? CreateWriteFailure()
    {
        if (!IsEnded)
            return null;
        return Status.StatusCode == StatusCode.OK
            ? new InvalidOperationException("The call has ended: the server takes no more messages.")
            : CreateException();
    }
}
