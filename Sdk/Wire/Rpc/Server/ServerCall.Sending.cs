using Grpc.Core;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Rpc.Fields;
using Plugwire.Wire.Rpc.Messages;

namespace Plugwire.Wire.Rpc.Server;

// What goes out: the response's header list and its messages; its trailers are the call's end.
internal sealed partial class ServerCall<TRequest, TResponse>
{
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

    private bool CompressResponses { get; set; }

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

    private Exception Gone()
    {
        if (_handler == HasEnded)
            return new InvalidOperationException("The call has ended: nothing can be written after its status.");

        // The handler runs, so the call has ended from outside; who ended it may not have come to say so yet.
        Abandon(WasLost ? StatusCode.Unavailable : CauseOfReset());
        return new OperationCanceledException(
            EndedBy switch
            {
                StatusCode.DeadlineExceeded => "The call has been cancelled: its deadline has passed.",
                StatusCode.Aborted => "The call has been cancelled: this side is stopping.",
                StatusCode.Unavailable => "The call has been cancelled: the connection to the client is lost.",
                _ => "The call has been cancelled: the client takes no more messages.",
            },
            CancellationToken);
    }
}
