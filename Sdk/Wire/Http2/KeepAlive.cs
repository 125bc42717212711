namespace Plugwire.Wire.Http2;

/// <summary>
/// Asks a peer of which nothing has been heard for a while whether it is still there (RFC 9113 section 6.7), and calls what is given when it says nothing for a while more.
/// Whatever comes is an answer.
/// </summary>
internal sealed class KeepAlive : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _delay;
    private readonly TimeSpan _timeout;
    private readonly Action _ping;
    private readonly Action _lost;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private long _heardAt;

    // Guarded by the gate.
    private long? _askedAt;
    private bool _over;

    /// <param name="options">The times.</param>
    /// <param name="ping">Sends a PING. Called from the pool.</param>
    /// <param name="lost">The peer has not answered. Called from the pool, once.</param>
    public KeepAlive(Http2Options options, Action ping, Action lost)
    {
        _time = options.TimeProvider;
        _delay = options.KeepAlivePingDelay;
        _timeout = options.KeepAlivePingTimeout;
        _ping = ping;
        _lost = lost;
        _heardAt = _time.GetTimestamp();
        _timer = _time.CreateTimer(static state => ((KeepAlive)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Something has come.</summary>
    public void NoteHeard() => Volatile.Write(ref _heardAt, _time.GetTimestamp());

    public void Dispose()
    {
        lock (_gate)
            _over = true;
        _timer.Dispose();
    }

    private void Look()
    {
        bool asks;
        lock (_gate)
        {
            if (_over)
                return;

            var now = _time.GetTimestamp();
            var heardAt = Volatile.Read(ref _heardAt);
            if (_askedAt is { } askedAt && heardAt <= askedAt)
            {
                if (_timeout - _time.GetElapsedTime(askedAt, now) is { } left && left > TimeSpan.Zero)
                {
                    _timer.Change(left, Timeout.InfiniteTimeSpan);
                    return;
                }

                _over = true;
                asks = false;
            }
            else if (_delay - _time.GetElapsedTime(heardAt, now) is { } wait && wait > TimeSpan.Zero)
            {
                _askedAt = null;
                _timer.Change(wait, Timeout.InfiniteTimeSpan);
                return;
            }
            else
            {
                _askedAt = now;
                _timer.Change(_timeout, Timeout.InfiniteTimeSpan);
                asks = true;
            }
        }

        if (asks)
            _ping();
        else
            _lost();
    }
}
