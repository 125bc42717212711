using Grpc.Core;

namespace Plugwire;

/// <summary>
/// What travels with a call, beside its messages and its cancellation. A caller sets what is to differ from the default; a handler reads what has come.
/// </summary>
/// <remarks>
/// A handler that passes its own context on to another call forwards the deadline, the cancellation and the trace, and never the headers. Of several time limits
/// the shortest counts.
/// </remarks>
public readonly struct CallContext
{
    private readonly Metadata? _headers;
    private readonly CallResponse? _response;
    private readonly long _ticks;
    private readonly Limit _limit;

    internal CallContext(ServerCallContext server) => Handled = new CallResponse(server);

    private enum Limit : byte
    {
        None,
        Deadline,
        Timeout,
    }

    /// <summary>The request's headers. Null where a caller sets none; never null in a handler that was called over the wire.</summary>
    public Metadata? Headers
    {
        get => _headers ?? Handled?.Server!.RequestHeaders;
        init => _headers = value;
    }

    /// <summary>When the call ends at the latest, in UTC; null for no such time. A caller sets this or <see cref="Timeout"/>: the one set last counts.</summary>
    public DateTime? Deadline
    {
        get => _limit == Limit.Deadline ? new DateTime(_ticks, DateTimeKind.Utc)
            : Handled?.Server!.Deadline is { } deadline && deadline < DateTime.MaxValue ? deadline
            : null;
        init
        {
            _limit = value is null ? Limit.None : Limit.Deadline;
            _ticks = value?.ToUniversalTime().Ticks ?? 0;
        }
    }

    /// <summary>How long the call may take, from its beginning; null for no such limit, and always null in a handler, where it has become a deadline.</summary>
    public TimeSpan? Timeout
    {
        get => _limit == Limit.Timeout ? new TimeSpan(_ticks) : null;
        init
        {
            _limit = value is null ? Limit.None : Limit.Timeout;
            _ticks = value?.Ticks ?? 0;
        }
    }

    /// <summary>Whether the call waits for a plugin that is not ready yet, rather than fail. False by default, and in a handler.</summary>
    public bool WaitForReady { get; init; }

    /// <summary>Who calls, as gRPC writes it; null where it is not a handler's context.</summary>
    public string? Peer => Handled?.Server!.Peer;

    /// <summary>
    /// What travels back beside the messages. A handler writes it; a caller may pass a new one in, for one call, and read it afterwards. Null where a caller passes none,
    /// never null in a handler that was called over the wire.
    /// </summary>
    public CallResponse? Response
    {
        get => _response ?? Handled;
        init => _response = value;
    }

    /// <summary>Why the handler's token has fired; <see cref="CallCancellation.None"/> while it has not, and where this is not a handler's context.</summary>
    public CallCancellation Cancellation => Handled is { } handled ? CancellationReason.Of(handled.Server!) : CallCancellation.None;

    // What this side handles; null on a context that a caller made.
    internal CallResponse? Handled { get; }

    internal Metadata? OwnHeaders => _headers;

    internal CallResponse? OwnResponse => _response;
}
