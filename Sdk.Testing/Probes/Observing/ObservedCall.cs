using System.Runtime.CompilerServices;
using Grpc.Core;
using Plugwire.Testing.Expecting;
using Plugwire.Testing.Probes;
using Plugwire.Testing.Probes.Metering;
using Plugwire.Testing.Probes.Observing;

namespace Plugwire.Testing;

/// <summary>One call as a plugin's own handler has it: what it has read and written, and how it ended. Safe for use by several threads.</summary>
public sealed partial class ObservedCall
{
    private readonly Lock _gate = new();
    private readonly ServerCallContext _context;
    private readonly StandStill _standStill;
    private readonly TimeSpan _limit;
    private readonly CancellationTokenRegistration _registration;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CallProgress _progress;

    internal ObservedCall(ServerCallContext context, StandStill standStill, TimeSpan limit)
    {
        _context = context;
        _standStill = standStill;
        _limit = limit;
        _registration = context.CancellationToken.UnsafeRegister(static state => ((ObservedCall)state!).NoteCancelled(), this);
    }

    /// <summary>The method, such as <c>/examples.inspection.v1.Inspector/Inspect</c>.</summary>
    public string Method => _context.Method;

    /// <summary>How many requests the handler has read.</summary>
    public long RequestsRead => Progress.RequestsRead;

    /// <summary>Whether the handler has read the end of the requests.</summary>
    public bool HasReadAllRequests => Progress.HasReadAllRequests;

    /// <summary>How many responses the handler has written: such as are on their way, not one whose write waits.</summary>
    public long ResponsesWritten => Progress.ResponsesWritten;

    /// <summary>Whether the handler has ended.</summary>
    public bool HasEnded => Progress.Status is not null;

    /// <summary>How the handler has ended; null while it runs. That of a call which was over before its handler is for nobody but the test.</summary>
    public Status? Status => Progress.Status;

    /// <summary>Why the handler's token has fired; <see cref="CallCancellation.None"/> if it has not, or only after the handler's end.</summary>
    public CallCancellation Cancellation => Progress.Cancellation;

    /// <summary>What the handler has thrown; null if it has not. Of a typed contract what its exception has become for the caller.</summary>
    public Exception? Failure => Progress.Failure;

    private CallProgress Progress
    {
        get
        {
            lock (_gate)
                return _progress;
        }
    }

    /// <summary>Waits, for 30 s at most, until something is true of the call.</summary>
    /// <param name="condition">What has to be true; asked again after each message and at the end.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="expression">Left to the compiler: the condition's text, for the failure.</param>
    /// <exception cref="ExpectationException">It does not become true: not in time, or not before the handler has ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task WaitForAsync(Func<ObservedCall, bool> condition, CancellationToken cancellationToken = default, [CallerArgumentExpression(nameof(condition))] string? expression = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Task changed;
            bool hasEnded;
            lock (_gate)
                (changed, hasEnded) = (_changed.Task, _progress.Status is not null);
            if (condition(this))
                return;
            if (hasEnded)
                throw new ExpectationException(Describe(expression));

            var left = _limit - TimeProvider.System.GetElapsedTime(began);
            await Expectation.MetAsync(changed, left > TimeSpan.Zero ? left : TimeSpan.Zero, () => Describe(expression), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>That the handler ends well, and not after it has been cancelled.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">It fails, is cancelled, or still runs after 30 s.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task ExpectCompletionAsync(CancellationToken cancellationToken = default)
    {
        await WaitForAsync(static call => call.HasEnded, cancellationToken, "it completes").ConfigureAwait(false);
        if (Progress is not { Status.StatusCode: StatusCode.OK, Cancellation: CallCancellation.None })
            throw new ExpectationException(Describe("it completes"), Failure);
    }

    /// <summary>That the handler fails with a status.</summary>
    /// <param name="code">The status that its caller is told, if it waits for one: <see cref="StatusCode.Unknown"/> for an exception that means none.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The status with its text.</returns>
    /// <exception cref="ExpectationException">It ends in another way, or still runs after 30 s.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<Status> ExpectErrorAsync(StatusCode code, CancellationToken cancellationToken = default)
    {
        var expectation = $"it fails with the status {code}";
        await WaitForAsync(static call => call.HasEnded, cancellationToken, expectation).ConfigureAwait(false);
        return Status is { } status && status.StatusCode == code && Failure is not null ? status : throw new ExpectationException(Describe(expectation), Failure);
    }

    /// <summary>That the handler's token fires for a reason, and that the handler then ends, however: a handler that does not heed its token fails this.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">It ends without that, for another reason, or still runs after 30 s.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task ExpectCancelledAsync(CallCancellation reason, CancellationToken cancellationToken = default)
    {
        var expectation = $"its token fires ({reason}) and it ends";
        await WaitForAsync(static call => call.HasEnded, cancellationToken, expectation).ConfigureAwait(false);
        if (Cancellation != reason)
            throw new ExpectationException(Describe(expectation), Failure);
    }

    /// <summary>
    /// That the handler's responses come to a stop while nobody takes them: that a write of its waits. The caller must have stopped reading. How that is told, and what it proves, is said at
    /// <see cref="BackPressureMeter{T}"/>.
    /// </summary>
    /// <param name="mostBytes">How many bytes of responses, prefixes included, mean that it never stops; 16 MiB by default.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What it had written when it stopped, all that the caller has taken included.</returns>
    /// <exception cref="ExpectationException">It writes on, has ended, or waits for something else than for its caller for 30 s.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<BackPressureReading> ExpectBlockedAsync(long mostBytes = 16 * 1024 * 1024, CancellationToken cancellationToken = default) =>
        _standStill.ExpectAsync($"the handler of {Method}", WriterState, mostBytes, _limit, cancellationToken);

    /// <summary>The call in one line.</summary>
    public override string ToString()
    {
        var progress = Progress;
        var token = progress.Cancellation == CallCancellation.None ? "" : $", its token has fired ({progress.Cancellation})";
        var end = progress.Status is not { } status ? "it still runs"
            : progress.Failure is null ? $"it has ended with {status.StatusCode}"
            : $"it has failed with {status.StatusCode} ({MessageText.Of(progress.Failure)})";
        return $"{Method}: {MessageText.Count(progress.RequestsRead, "request")} read{(progress.HasReadAllRequests ? " and their end" : "")}, " +
            $"{MessageText.Count(progress.ResponsesWritten, "response")} written{(progress.IsWriteWaiting ? " and one waiting" : "")}{token}, {end}.";
    }
}
