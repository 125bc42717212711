using System.Runtime.CompilerServices;

namespace Plugwire.Wire.Http2;

/// <summary>
/// How many frames that move nothing on a peer may send (RFC 9113 section 10.5): a bucket of so many, into which as many come back each second, and a few with
/// each frame of ours that carries a stream on, for those are what a peer answers with a PING or a WINDOW_UPDATE. The read loop's own.
/// </summary>
/// <remarks>The clock and our own frames are looked at only when the bucket is empty: a frame costs a subtraction and a branch.</remarks>
/// <param name="limit">The bucket's size, and what comes back each second; null for no limit.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="countOurs">How many HEADERS and DATA frames this side has sent so far.</param>
internal sealed class FrameAllowance(int? limit, TimeProvider timeProvider, Func<long> countOurs)
{
    /// <summary>What a frame costs that is read and forgotten, or answered by another as short.</summary>
    public const int Light = 1;

    /// <summary>What a frame costs that no peer sends which keeps to the protocol: a stream's error.</summary>
    public const int Heavy = 10;

    /// <summary>What a frame costs that is seldom and much work: SETTINGS and GOAWAY make us look at every open stream, a header list over its limit at every field.</summary>
    public const int Heaviest = 100;

    // What a peer sends for one frame of ours: a WINDOW_UPDATE for the stream, one for the connection, and a PING that measures the way.
    private const int EarnedByFrame = 3;

    private long _left = limit ?? long.MaxValue;
    private long _filledAt = timeProvider.GetTimestamp();
    private long _countedOurs;

    /// <param name="what">The frame, as a reader of RFC 9113 would call it.</param>
    /// <param name="cost">What it costs.</param>
    /// <exception cref="Http2ConnectionException">The peer has sent too many.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Spend(string what, int cost = Light)
    {
        _left -= cost;
        if (_left < 0)
            Refill(what);
    }

    private void Refill(string what)
    {
        var most = limit ?? long.MaxValue;
        var now = timeProvider.GetTimestamp();
        var ours = countOurs();
        var byTime = (long)Math.Min(most * timeProvider.GetElapsedTime(_filledAt, now).TotalSeconds, most);

        // Without a bound of its own: what the peer says of our frames may have piled up before it is read.
        var byFrames = EarnedByFrame * (ours - _countedOurs);
        if (_left + byTime + byFrames < 0)
        {
            throw new Http2ConnectionException(
                Http2ErrorCode.EnhanceYourCalm,
                $"The peer floods this side with frames that move nothing on: the limit is {limit}, and as many each second; the last was {what}.");
        }

        // A part of a frame is not lost: the clock goes on only when it has brought at least one.
        if (byTime > 0)
            _filledAt = now;
        _countedOurs = ours;
        _left = Math.Min(_left + byTime, most) + byFrames;
    }
}
