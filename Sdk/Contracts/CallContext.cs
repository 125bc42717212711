using Grpc.Core;

namespace Plugwire;

/// <summary>
/// What travels with a call, beside its messages and its cancellation. A caller sets what is to differ from the default; a handler reads what has come.
/// </summary>
/// <remarks>
/// A handler that passes its own context on to another call forwards the deadline, the cancellation and the trace (<c>traceparent</c>, <c>tracestate</c>,
/// <c>baggage</c>, <c>grpc-trace-bin</c>), and never any other header. To send something else beside them: <c>call with { Headers = … }</c>.
/// Of several time limits the earliest counts.
/// </remarks>
public readonly struct CallContext
{
    private readonly Metadata? _headers;
    private readonly CallResponse? _response;

    // One more than the ticks, so that a context of all zeros has no limit.
    private readonly long _deadline;
    private readonly long _timeout;

    internal CallContext(CallResponse handled) => Handled = handled;

    /// <summary>The request's headers. Null where a caller sets none; never null in a handler that was called over the wire.</summary>
    public Metadata? Headers
    {
        get => _headers ?? Handled?.Server!.RequestHeaders;
        init => _headers = value;
    }

    /// <summary>
    /// When the call ends at the latest, in UTC; null for no such time. A time of another kind is converted as <see cref="DateTime.ToUniversalTime"/> does. In a handler
    /// this is the caller's deadline; of one that is set on a handler's context the earlier of the two.
    /// </summary>
    public DateTime? Deadline
    {
        get
        {
            var own = _deadline == 0 ? DateTime.MaxValue : new DateTime(_deadline - 1, DateTimeKind.Utc);
            var handled = Handled?.Server!.Deadline ?? DateTime.MaxValue;
            var earliest = own < handled ? own : handled;
            return earliest == DateTime.MaxValue ? null : earliest;
        }
        init => _deadline = value is not { } deadline || deadline == DateTime.MaxValue ? 0 : deadline.ToUniversalTime().Ticks + 1;
    }

    /// <summary>
    /// How long the call may take, from its beginning; null, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>, for no such limit. Always null in a handler, where it
    /// has become a deadline.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    public TimeSpan? Timeout
    {
        get => _timeout == 0 ? null : new TimeSpan(_timeout - 1);
        init
        {
            if (value is not { } timeout || timeout == System.Threading.Timeout.InfiniteTimeSpan)
            {
                _timeout = 0;
                return;
            }

            ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero, nameof(Timeout));
            _timeout = timeout == TimeSpan.MaxValue ? 0 : timeout.Ticks + 1;
        }
    }

    /// <summary>Whether the call waits for its other side to be ready, as long as its deadline allows, rather than fail. False by default, and in a handler.</summary>
    /// <remarks>
    /// A call that starts its plugin waits for the start in any case. In a plugin, a call to its host waits for the host to connect: without this for 10 s. What has ended, a plugin or a connection, is
    /// never ready again, and such a call fails at once.
    /// </remarks>
    public bool WaitForReady { get; init; }

    /// <summary>Who calls, as gRPC writes it; null where it is not a handler's context.</summary>
    public string? Peer => Handled?.Server!.Peer;

    /// <summary>
    /// What travels back beside the messages. A handler writes it; a caller may pass a new one in, for one call, and read it afterwards. Null where a caller passes none,
    /// never null in a handler that was called over the wire.
    /// </summary>
    /// <exception cref="ArgumentException">What is set belongs to a call that is being handled: it is written by its handler, and cannot be read into.</exception>
    public CallResponse? Response
    {
        get => _response ?? Handled;
        init => _response = value is not { Server: not null } ? value : throw new ArgumentException(
            "This CallResponse belongs to a call that this side handles. Pass a new CallResponse in, read it after the call, and write what is to go on into the handler's own.", nameof(Response));
    }

    /// <summary>Why the handler's token has fired; <see cref="CallCancellation.None"/> while it has not, and where this is not a handler's context.</summary>
    public CallCancellation Cancellation => Handled is { } handled ? CancellationReason.Of(handled.Server!) : CallCancellation.None;

    // What this side handles; null on a context that a caller made.
    internal CallResponse? Handled { get; }

    internal Metadata? OwnHeaders => _headers;

    internal CallResponse? OwnResponse => _response;
}
