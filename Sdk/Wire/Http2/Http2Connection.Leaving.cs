namespace Plugwire.Wire.Http2;

// How this side takes its leave (RFC 9113 section 6.8). A server does it in two steps, so that no call is lost that its client sent before it knew: first a GOAWAY that excludes no stream,
// and a PING; behind the PING's acknowledgement, or when the client has been silent for too long, the one that names the last stream.
internal sealed partial class Http2Connection
{
    private const long LeavePing = 0x4c45_4156_4500_0001;

    // Guarded by the gate. Between the two steps streams are still taken.
    private bool _takesLastStreams;
    private ITimer? _leaveTimer;

    private void BeginDraining()
    {
        List<Http2Stream> refused;
        lock (_sender.Gate)
        {
            if (IsDraining || _loss is not null)
                return;

            _refusal = new ConnectionLoss("The connection is closing and takes no more streams.", Http2ErrorCode.NoError, NotProcessed: true);
            if (_role == Http2Role.Server && _ready.Task.IsCompleted)
                AnnounceLeave();
            else
                WriteGoAway(Http2ErrorCode.NoError, "");
            refused = TakeWaiting();
            NoteDrained();
        }

        Tell(refused, _refusal);
        Flush();
    }

    private void AnnounceLeave()
    {
        _takesLastStreams = true;
        _sender.WriteGoAway(int.MaxValue, Http2ErrorCode.NoError, "");
        _sender.WritePing(LeavePing);
        _leaveTimer = _options.TimeProvider.CreateTimer(
            static state =>
            {
                var connection = (Http2Connection)state!;
                connection.CompleteLeave();
                connection.Flush();
            },
            this,
            _options.GoAwayTimeout,
            Timeout.InfiniteTimeSpan);
    }

    private void CompleteLeave()
    {
        lock (_sender.Gate)
        {
            if (!_takesLastStreams)
                return;

            _takesLastStreams = false;
            _leaveTimer?.Dispose();
            if (_loss is null)
                WriteGoAway(Http2ErrorCode.NoError, "");
            NoteDrained();
        }
    }

    // A later GOAWAY names no higher stream, for the peer may have sent those elsewhere already.
    private void WriteGoAway(Http2ErrorCode errorCode, string debugData)
    {
        _lastIdInGoAway = Math.Min(_lastIdInGoAway, _streams.LastPeerId);
        _sender.WriteGoAway(_lastIdInGoAway, errorCode, debugData);
    }
}
