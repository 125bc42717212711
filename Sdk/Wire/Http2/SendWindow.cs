namespace Plugwire.Wire.Http2;

/// <summary>How much DATA this side may still send, on one stream or on the connection (RFC 9113 section 6.9). Not thread-safe.</summary>
//      Available  =  initial size  +  credits received  -  bytes sent
//
//      -(2^31-1)  <=  Available  <=  2^31-1
//
// It falls below zero when the peer lowers SETTINGS_INITIAL_WINDOW_SIZE after bytes were sent: then nothing may be sent until
// credits have lifted it above zero again. It cannot fall further than the initial size can, as nothing is sent below zero.
internal struct SendWindow
{
    /// <summary>The largest that a window may become, in bytes.</summary>
    public const int MaxSize = int.MaxValue;

    /// <summary>The size of every window before any SETTINGS, and for good that of a connection's, in bytes.</summary>
    public const int DefaultSize = 65_535;

    /// <param name="size">The initial size, in bytes.</param>
    public SendWindow(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        Available = size;
    }

    /// <summary>How many bytes may be sent now; none when it is zero or below.</summary>
    public int Available { get; private set; }

    /// <summary>Counts bytes that are sent now: at most <see cref="Available"/>.</summary>
    public void Consume(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0) return; // an empty frame may be sent at any time, also below zero
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Available);
        Available -= count;
    }

    /// <summary>
    /// Adds what a WINDOW_UPDATE grants. False, and nothing changes, when the window would pass 2^31-1: FLOW_CONTROL_ERROR.
    /// </summary>
    public bool TryCredit(int increment)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(increment);
        return TryMove(increment);
    }

    /// <summary>
    /// Follows a change of SETTINGS_INITIAL_WINDOW_SIZE: <paramref name="delta"/> is the new one less the old one. False, and nothing
    /// changes, when the window would pass 2^31-1 either way: FLOW_CONTROL_ERROR.
    /// </summary>
    public bool TryAdjust(int delta) => TryMove(delta);

    private bool TryMove(int by)
    {
        var moved = (long)Available + by;
        if (moved is > MaxSize or < -MaxSize) return false;
        Available = (int)moved;
        return true;
    }
}
