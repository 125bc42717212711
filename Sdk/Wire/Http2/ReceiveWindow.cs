namespace Plugwire.Wire.Http2;

/// <summary>
/// How much DATA the peer may still send, on one stream or on the connection, and when to grant it more (RFC 9113 section 6.9).
/// Not thread-safe.
/// </summary>
// Every byte that the window allows is in one of three places:
//
//           WINDOW_UPDATE            DATA               reader is done with it
//   Owed  ----------------> Granted -------> Buffered ----------------------> Owed
//
//      Granted + Buffered + Owed  =  Size + Extra          each of them >= 0, and the sum <= 2^31-1
//
//   Granted    the peer may send it and has not yet: its view of the window, once every frame under way has arrived
//   Buffered   it came, and the reader still holds it: what the window may cost in memory
//   Owed       the reader is done with it; the peer has not been told
//
// Owed is told in one go when it reaches half of Size, or when padding has taken what a reader needs, so that WINDOW_UPDATEs are few. Hence Granted + Buffered > Size / 2 at
// any time: a reader that holds nothing never waits for a peer that is out of credit.
//
// A reader that needs more bytes at once than Size (one large message) asks for room: Extra rises until Granted + Buffered
// reach what it needs. What it releases later pays Extra back first, so that the window is Size again by itself, and no credit
// ever has to be taken back. Padding goes from Buffered to Owed as well, and pays nothing back.
internal struct ReceiveWindow
{
    // What the reader waits for, until it releases something.
    private int _needed;

    /// <param name="size">What Granted and Buffered may be together, in bytes; at least 1.</param>
    public ReceiveWindow(int size)
        : this(size, size)
    {
    }

    /// <param name="size">What Granted and Buffered may be together, in bytes; at least 1.</param>
    /// <param name="granted">
    /// What the peer takes for granted from the start, for a connection always 65,535. The rest is owed to it:
    /// <c>MakeRoom(size)</c> gives the increment that tells it.
    /// </param>
    public ReceiveWindow(int size, int granted)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(granted);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(granted, size);
        Size = size;
        Granted = granted;
        Owed = size - granted;
    }

    /// <summary>The window when nobody needs more, in bytes.</summary>
    public int Size { get; }

    /// <summary>How much room beyond <see cref="Size"/> a large message has taken and not paid back, in bytes.</summary>
    public int Extra { get; private set; }

    /// <summary>How many bytes the peer may still send.</summary>
    public int Granted { get; private set; }

    /// <summary>How many bytes came that the reader has not released.</summary>
    public int Buffered { get; private set; }

    /// <summary>How many bytes were released that the peer has not been told of.</summary>
    public int Owed { get; private set; }

    /// <summary>
    /// Counts the payload of a DATA frame, padding included. False, and nothing changes, when the peer had no right to it:
    /// FLOW_CONTROL_ERROR.
    /// </summary>
    public bool TryReceive(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > Granted) return false;
        Granted -= count;
        Buffered += count;
        return true;
    }

    /// <summary>The reader is done with so many bytes of what is buffered.</summary>
    /// <returns>The increment of the WINDOW_UPDATE that must be sent now, or 0 when none is due.</returns>
    public int Release(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Buffered);
        Buffered -= count;
        _needed = 0;

        var paidBack = Math.Min(count, Extra);
        Extra -= paidBack;
        Owed += count - paidBack;
        return Owed >= Size - (Size / 2) ? GrantOwed() : 0;
    }

    /// <summary>
    /// So many bytes of what is buffered were padding, which nobody reads. They pay no extra room back: what a large message was granted has been used up by them, and it needs as
    /// much again.
    /// </summary>
    /// <returns>The increment of the WINDOW_UPDATE that must be sent now, or 0 when none is due.</returns>
    public int ReturnPadding(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Buffered);
        Buffered -= count;
        Owed += count;
        return Owed >= Size - (Size / 2) || Granted + Buffered < _needed ? GrantOwed() : 0;
    }

    /// <summary>
    /// The reader cannot go on before so many bytes are buffered at once, those that are already included: makes sure that the
    /// peer may send them. To be asked for every message that has not come as a whole, also one that is smaller than <see cref="Size"/>.
    /// </summary>
    /// <returns>The increment of the WINDOW_UPDATE that must be sent now, or 0 when the peer may send them already.</returns>
    public int MakeRoom(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _needed = count;
        if (count <= Granted + Buffered) return 0;

        var missing = count - (Granted + Buffered + Owed);
        if (missing > 0)
        {
            Extra += missing;
            Owed += missing;
        }

        return GrantOwed();
    }

    private int GrantOwed()
    {
        var increment = Owed;
        Granted += increment;
        Owed = 0;
        return increment;
    }
}
