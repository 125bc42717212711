using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Plugwire.Wire.Http2;

/// <summary>What one side grants its peer, and the bounds it keeps itself to.</summary>
internal sealed class Http2Options
{
    /// <summary>
    /// How many bytes a peer may send on a stream before its reader has taken some. A server's is at least 65,535: so much a client may send
    /// before it knows better.
    /// </summary>
    public int StreamWindow { get; init; } = 256 * 1024;

    /// <summary>
    /// How many bytes a peer may send on all streams before we have read them from the transport. It is given back when read, whether or not
    /// a stream's reader has taken them, so that unread streams never block others. At least 65,535, which no setting changes.
    /// </summary>
    public int ConnectionWindow { get; init; } = 4 * 1024 * 1024;

    /// <summary>The longest frame we take. Ours never exceed it either, however much the peer would take.</summary>
    public int MaxFrameSize { get; init; } = 64 * 1024;

    /// <summary>The largest header list we take, as RFC 9113 section 6.5.2 counts it: names, values and 32 bytes a field.</summary>
    public int MaxHeaderListSize { get; init; } = 16 * 1024;

    /// <summary>How many streams the peer may have open with us.</summary>
    public int MaxConcurrentStreams { get; init; } = 1000;

    /// <summary>How many streams of ours wait for the peer's limit before a further one is refused.</summary>
    public int MaxWaitingStreams { get; init; } = 16 * 1024;

    /// <summary>The number of the first stream that this side opens: odd for a client. A test begins near the end of the numbers.</summary>
    public int FirstStreamId { get; init; } = 1;

    /// <summary>How many bytes of answers to control frames (PING, SETTINGS, RST_STREAM) may wait for a peer that does not read them.</summary>
    public int MaxQueuedControlBytes { get; init; } = 256 * 1024;

    /// <summary>
    /// How many frames that move nothing on (<see cref="FrameAllowance"/>) the peer may send at once; as many come back each second. Null for no limit.
    /// </summary>
    public int? MaxIdleFramesPerSecond { get; init; } = 20_000;

    /// <summary>The time until the peer's preface and SETTINGS have come.</summary>
    public TimeSpan PrefaceTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The time, from the peer's own SETTINGS on, until it has acknowledged ours (RFC 9113 section 6.5.3).</summary>
    public TimeSpan SettingsTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long a peer may take from the first byte of a frame, or of a header block, to its last. Infinite for no limit. Long enough for a peer that a debugger stops for a moment.
    /// </summary>
    public TimeSpan FrameTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// After how long a silence the peer is asked by a PING whether it is still there; infinite for never. At least one second. A server of grpc-go ends a connection that is asked more often than
    /// every five minutes.
    /// </summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>How long the peer may be silent after that before the connection ends.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long a server that closes still takes streams of a client that has not acknowledged its first GOAWAY (RFC 9113 section 6.8). A client that reads acknowledges at once.
    /// </summary>
    public TimeSpan GoAwayTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The time that closing waits for the last bytes to leave.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(1);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>
    /// Asked once, within a short time, when the transport ends without a word: what happened; null when unknown. What <see cref="ExplainLeave"/> said comes with the loss.
    /// </summary>
    public Func<ConnectionLoss, CancellationToken, ValueTask<LossExplanation?>>? ExplainLoss { get; init; }

    /// <summary>
    /// Asked when the peer takes its leave (GOAWAY without an error) and streams are refused: why it does; null when unknown. On the read loop: it must not block.
    /// </summary>
    public Func<LossExplanation?>? ExplainLeave { get; init; }
}
