using Plugwire.Testing.Expecting;
using Plugwire.Testing.Faults.Wire;

namespace Plugwire.Testing;

/// <summary>
/// The faults of one direction of a connection. Each counts from the moment at which it is asked for; where there is no connection yet, from the beginning of the next. Those that say "cut" or
/// "corrupt" happen once. Safe for use by several threads.
/// </summary>
public sealed class WireDirection
{
    internal WireDirection(int seed) => Rules = new WireRules(seed);

    /// <summary>How many bytes have passed, of all connections so far that had these faults.</summary>
    public long BytesPassed => Rules.Bytes;

    /// <summary>How many frames of HTTP/2 have passed as a whole; those that a test has put in do not count.</summary>
    public long FramesPassed => Rules.Frames;

    /// <summary>How many gRPC messages have passed as a whole.</summary>
    public long MessagesPassed => Rules.Messages;

    internal WireRules Rules { get; }

    /// <summary>
    /// From now on passes each byte by itself. The host reads one byte at a time; to the plugin each is written by itself, though where it reads late the system may hand it several together.
    /// </summary>
    public void SliceIntoBytes() => Rules.IsSliced = true;

    /// <summary>
    /// From now on has each frame wait before it passes, and all that comes behind it with it: the waits add up. How long they are is random, and with the same seed the same, wait by wait. Both zero
    /// to end it.
    /// </summary>
    /// <param name="shortest">The shortest wait.</param>
    /// <param name="longest">The longest wait.</param>
    /// <exception cref="ArgumentOutOfRangeException">The shortest is negative, or longer than the longest.</exception>
    public void Delay(TimeSpan shortest, TimeSpan longest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shortest, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, shortest);
        Rules.Delay(shortest, longest);
    }

    /// <summary>Lets so many bytes more pass, exactly, and then cuts the connection: in both directions, as if the other side had closed it.</summary>
    /// <param name="count">How many; 0 for at once.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public void CutAfterBytes(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Rules.CutAfterBytes(count);
    }

    /// <summary>Lets so many gRPC messages more pass, and cuts the connection behind the last byte of the last: in both directions, as if the other side had closed it.</summary>
    /// <param name="count">How many, of all calls together; 0 for at once.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public void CutAfterMessages(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Rules.CutAfterMessages(count);
    }

    /// <summary>
    /// Turns over the first byte of a frame: it seems to be longer than any frame may be. Whoever gets it has to end the connection with FRAME_SIZE_ERROR.
    /// </summary>
    /// <param name="number">Which of the frames that begin from now on: 1 for the next.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public void CorruptFrame(int number = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        Rules.CorruptFrame(number);
    }

    /// <summary>
    /// Turns over the first byte of a gRPC message, which says whether it is compressed: it says neither then. Whoever gets it has to end the call with INTERNAL; the connection lives on.
    /// </summary>
    /// <param name="number">Which of the messages that begin from now on, of all calls together: 1 for the next.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public void CorruptMessage(int number = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        Rules.CorruptMessage(number);
    }

    /// <summary>Puts a frame between two others as soon as one has ended, at once where nothing passes. It is delayed and counted by no other fault.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="cancellationToken">Ends the waiting; the frame is put in all the same.</param>
    /// <exception cref="ExpectationException">It could not be put in within 30 s: there is no connection, or it is a black hole.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task InjectFrameAsync(WireFrame frame, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return Expectation.MetAsync(
            Rules.Inject(frame).Written, Expectation.Limit, static () => "A frame was to be put between those of a connection, and no place for it came: there is no connection, or nothing passes on it.", cancellationToken);
    }

    /// <summary>
    /// Lets nothing pass until <see cref="Heal"/>, nor the end of the connection from the side that sends. Nothing is lost: what was on its way waits, and a sender waits when there is no more room. What the host closes
    /// is closed.
    /// </summary>
    public void BlackHole() => Rules.IsBlackHole = true;

    /// <summary>Ends a black hole: what waited goes on its way.</summary>
    public void Heal() => Rules.IsBlackHole = false;
}
