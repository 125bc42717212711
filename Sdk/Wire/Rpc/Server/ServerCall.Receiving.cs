using Grpc.Core;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Http2.Hpack;
using Plugwire.Wire.Rpc.Messages;

namespace Plugwire.Wire.Rpc.Server;

// What comes in: the request's header list and its messages. The On… methods run on the read loop.
internal sealed partial class ServerCall<TRequest, TResponse>
{
    // How far a client's clock may be ahead of ours at the deadline: the time that a request takes from the one process to the other, on a busy machine.
    private static readonly TimeSpan LongestLead = TimeSpan.FromMilliseconds(250);

    protected override bool HasReadAll => _requests?.IsEmpty ?? true;

    /// <summary>The one request of a unary or server-streaming call.</summary>
    /// <exception cref="RpcException">It could not be parsed.</exception>
    public TRequest TakeRequest() => Take(_singleRequest);

    public override async Task<bool> MoveNextAsync(RpcStreamReader<TRequest> reader, CancellationToken cancellationToken)
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

    public override bool TryTakeNext(RpcStreamReader<TRequest> reader)
    {
        if (!_requests!.TryTake(out var message, out _))
            return false;

        reader.Current = Take(message);
        return true;
    }

    protected internal override void OnHeaders(HeaderList headers)
    {
        if (RequestFields.TryRead(headers, out _fields, out var refusal))
        {
            IncomingEncoding = _fields.Encoding;
            _context = new RpcServerCallContext(this, _fields, _server.Options.TimeProvider);
            if (_fields.Timeout is { } timeout)
            {
                _begun = _server.Options.TimeProvider.GetTimestamp();
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

    protected internal override void OnReset(Http2ErrorCode errorCode, string reason) => Abandon(CauseOfReset());

    protected internal override void OnCut() => Cut(
        new Status(StatusCode.Unavailable, "The server is stopping, and waited no longer for the call to end."), StatusCode.Aborted);

    protected internal override void OnConnectionLost(ConnectionLoss loss) => Abandon(StatusCode.Unavailable);

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

    // A client's clock has the start of the call over ours: as a rule its reset is here before our timer, and says of the deadline no more than that somebody turned away.
    private StatusCode CauseOfReset()
    {
        if (_fields.Timeout is not { } timeout || _context is null)
            return StatusCode.Cancelled;

        // Not by the context's deadline: that is a time of the clock on the wall, which somebody may have set since.
        var left = timeout - _server.Options.TimeProvider.GetElapsedTime(_begun);
        return left <= (timeout / 4 < LongestLead ? timeout / 4 : LongestLead) ? StatusCode.DeadlineExceeded : StatusCode.Cancelled;
    }

    protected override void OnUnreadable(in Status status)
    {
        // A handler that runs already hears of it when it reads on; it decides nothing about the answer any more.
        lock (_gate)
            _requestFailure = status;
        Cut(status, StatusCode.Cancelled);
    }
}
