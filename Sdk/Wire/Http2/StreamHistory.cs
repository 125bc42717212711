namespace Plugwire.Wire.Http2;

/// <summary>
/// What is still known of the last streams that are no more: which ones both sides had ended, and which numbers the peer had passed over. It is for telling a broken peer from a
/// late one; what has been forgotten gets the milder answer. Guarded by the sender's gate.
/// </summary>
internal sealed class StreamHistory
{
    private const int Remembered = 64;

    private readonly int[] _ended = new int[Remembered];
    private readonly (int First, int Last)[] _skipped = new (int, int)[Remembered];
    private int _nextEnded;
    private int _nextSkipped;

    /// <summary>Both sides have ended the stream: the peer has nothing more to say on it, and knows.</summary>
    public void NoteEnded(int id) => _ended[_nextEnded++ % Remembered] = id;

    public bool WasEnded(int id) => _ended.AsSpan().Contains(id);

    /// <summary>The peer opens a stream above these, which it can no longer open (RFC 9113 section 5.1.1).</summary>
    public void NoteSkipped(int first, int last) => _skipped[_nextSkipped++ % Remembered] = (first, last);

    public bool WasSkipped(int id) => Array.Exists(_skipped, skipped => id >= skipped.First && id <= skipped.Last);
}
