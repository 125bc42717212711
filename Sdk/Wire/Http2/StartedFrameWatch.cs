namespace Plugwire.Wire.Http2;

/// <summary>
/// Notices a peer that has begun a frame, or a header block, and does not end it: it would hold what has come of it for ever. The timer is set once for many frames, so that a read
/// which ends within a frame costs a look at the clock.
/// </summary>
internal sealed class StartedFrameWatch : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly Action _stalled;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();

    // Guarded by the gate.
    private long _started;
    private long? _startedAt;
    private bool _isSet;
    private bool _over;

    /// <param name="options">The limit and the clock.</param>
    /// <param name="stalled">Called from the pool, once.</param>
    public StartedFrameWatch(Http2Options options, Action stalled)
    {
        _time = options.TimeProvider;
        _limit = options.FrameTimeout;
        _stalled = stalled;
        _timer = _time.CreateTimer(static state => ((StartedFrameWatch)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>After each read.</summary>
    /// <param name="isWithin">Whether a frame or a header block has begun and not ended.</param>
    /// <param name="number">How many have ended so far.</param>
    public void Note(bool isWithin, long number)
    {
        if (_limit == Timeout.InfiniteTimeSpan)
            return;

        lock (_gate)
        {
            if (!isWithin)
            {
                _startedAt = null;
                return;
            }

            if (_startedAt is not null && _started == number)
                return;

            (_started, _startedAt) = (number, _time.GetTimestamp());
            if (_isSet || _over)
                return;

            _isSet = true;
            _timer.Change(_limit, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
            _over = true;
        _timer.Dispose();
    }

    private void Look()
    {
        lock (_gate)
        {
            _isSet = false;
            if (_over || _startedAt is not { } startedAt)
                return;

            if (_limit - _time.GetElapsedTime(startedAt) is { } left && left > TimeSpan.Zero)
            {
                _isSet = true;
                _timer.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }

            _over = true;
        }

        _stalled();
    }
}
