using Grpc.Core;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Http2.Hpack;
using Plugwire.Wire.Rpc.Fields;
using Plugwire.Wire.Rpc.Messages;

namespace Plugwire.Wire.Rpc.Client;

// What comes in: the response's header list, its messages, and its end. The On… methods run on the read loop.
internal sealed partial class ClientCall<TRequest, TResponse>
{
    protected override bool HasReadAll => _responses?.IsEmpty ?? true;

    public override async Task<bool> MoveNextAsync(RpcStreamReader<TResponse> reader, CancellationToken cancellationToken)
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

    public override bool TryTakeNext(RpcStreamReader<TResponse> reader)
    {
        if (!_responses!.TryTake(out var message, out _))
            return false;

        reader.Current = TakeOrFail(message);
        return true;
    }

    // A response that was collected from several frames is parsed here, off the read loop.
    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            _response!.TrySetResult(Take(_singleResponse));
        }
        catch (RpcException exception)
        {
            FailAfterAll(exception.Status);
            _response!.TrySetException(CreateException());
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
            End(status, CallEnd.Server, reset: true);
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
            End(new Status(StatusCode.Internal, "The response ended within a message."), CallEnd.ThisSide, metadata);
        else
            End(status, EndOf(status), metadata);

        // Of requests that are not completed nobody takes any more, whether or not the server says so itself: they must not hold the stream.
        Reset(Http2ErrorCode.NoError);
    }

    protected internal override void OnReset(Http2ErrorCode errorCode, string reason)
    {
        // RFC 9113 section 8.7. A server that has begun to answer cannot mean it.
        if (errorCode == Http2ErrorCode.RefusedStream && !HeadersReceived)
            _isUnseen = true;
        var status = StatusFields.FromReset(errorCode, reason);
        End(status, EndOf(status));
    }

    protected internal override void OnConnectionLost(ConnectionLoss loss)
    {
        if (loss.NotProcessed && !HeadersReceived)
            _isUnseen = true;
        End(new Status(StatusCode.Unavailable, loss.Reason, loss.Exception), CallEnd.Connection, explanation: loss.Explanation);
    }

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
            End(new Status(StatusCode.Unimplemented, "The method answers one message; the server sent more."), CallEnd.ThisSide, reset: true);
            return;
        }

        _singleResponse = message;
        _hasSingleResponse = true;
    }

    protected override void OnUnreadable(in Status status) => End(status, CallEnd.ThisSide, reset: true);

    private TResponse TakeOrFail(in ReceivedMessage<TResponse> message)
    {
        try
        {
            return Take(message);
        }
        catch (RpcException exception)
        {
            End(exception.Status, CallEnd.ThisSide, reset: true);
            FailAfterAll(exception.Status);
            throw CreateException();
        }
    }

    // The server may have said OK long before the message was read.
    private void FailAfterAll(in Status status)
    {
        lock (_gate)
        {
            if (_status.StatusCode == StatusCode.OK)
                (_status, _end) = (status, CallEnd.ThisSide);
        }
    }

    // The server's clock may be the first at the call's deadline; and whoever stops says so by the status of those who come too late.
    private CallEnd EndOf(in Status status) => status.StatusCode switch
    {
        StatusCode.DeadlineExceeded when _callOptions.Deadline is not null => CallEnd.Deadline,
        StatusCode.Unavailable when Connection.PeersLeave is not null => CallEnd.ServerStops,
        _ => CallEnd.Server,
    };

    private bool TryReadMetadata(HeaderList headers, out Metadata metadata)
    {
        if (headers.IsTooLarge)
        {
            End(new Status(StatusCode.ResourceExhausted, $"The server's metadata takes {headers.Size} bytes, the limit is {_options.MaxMetadataSize} bytes."), CallEnd.ThisSide, reset: true);
        }
        else if (MetadataCodec.TryRead(headers, out var read, out var violation))
        {
            metadata = read;
            return true;
        }
        else
        {
            End(new Status(StatusCode.Internal, violation), CallEnd.ThisSide, reset: true);
        }

        metadata = null!;
        return false;
    }
}
