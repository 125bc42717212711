using Grpc.Core;
using Plugwire.Testing.Expecting;

namespace Plugwire.Testing;

/// <summary>A call that a fake has got. Safe for use by several threads.</summary>
public abstract class FakeCall
{
    /// <summary>How many requests of one call are kept; of more the first.</summary>
    public const int Capacity = 10_000;

    private const int MostShown = 200;

    private readonly ServerCallContext _context;
    private readonly TaskCompletionSource<Status> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CallCancellation _cancellation;

    private protected FakeCall(IMethod method, ServerCallContext context)
    {
        _context = context;

        // Made at its first use, which is not to be that of several threads.
        _ = context.UserState;
        Method = method.Name;
        Service = method.ServiceName;
        Headers = context.RequestHeaders;
        Deadline = context.Deadline == DateTime.MaxValue ? null : context.Deadline;
        Peer = context.Peer;
    }

    /// <summary>The method's name as the .proto has it, such as <c>ListWords</c>.</summary>
    public string Method { get; }

    /// <summary>The service's full name, such as <c>examples.inspection.v1.Rules</c>.</summary>
    public string Service { get; }

    /// <summary>The request's headers.</summary>
    public Metadata Headers { get; }

    /// <summary>The call's deadline in UTC; null when it has none.</summary>
    public DateTime? Deadline { get; }

    /// <summary>Who calls, as gRPC writes it: <c>plugin:</c> and a name for a plugin's call to its host, <c>local:</c> for one that never left the process.</summary>
    public string Peer { get; }

    /// <summary>Why the call was cancelled; <see cref="CallCancellation.None"/> where it was not.</summary>
    public CallCancellation Cancellation => _ended.Task.IsCompleted ? _cancellation : CancellationReason.Of(_context);

    /// <summary>What the fake has answered in the end; null while it has not.</summary>
    public Status? Status => _ended.Task.IsCompleted ? _ended.Task.GetAwaiter().GetResult() : null;

    /// <summary>The requests that the fake has read so far, whatever their type; see <see cref="FakeCall{TRequest}.Requests"/>.</summary>
    public abstract IReadOnlyList<object> Messages { get; }

    /// <summary>Waits until the fake has answered. Waits for 30 s at most.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What it has answered in the end.</returns>
    /// <exception cref="ExpectationException">It still has not.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<Status> WaitForEndAsync(CancellationToken cancellationToken = default) => WaitForEndAsync(Expectation.Limit, cancellationToken);

    /// <summary>Waits until the call is cancelled, be it by its caller, its deadline or the end of a connection. Waits for 30 s at most.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Why.</returns>
    /// <exception cref="ExpectationException">It has ended without a cancellation, or goes on.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<CallCancellation> WaitForCancellationAsync(CancellationToken cancellationToken = default) => WaitForCancellationAsync(Expectation.Limit, cancellationToken);

    /// <summary>The call in one line: method, requests, end.</summary>
    public override string ToString()
    {
        var messages = string.Join(", ", Messages);
        if (messages.Length > MostShown)
            messages = messages[..MostShown] + "…";
        var end = Status switch
        {
            null => "runs",
            { StatusCode: StatusCode.OK } => "OK",
            { } status => $"{status.StatusCode}: {status.Detail}",
        };
        return $"{Service[(Service.LastIndexOf('.') + 1)..]}/{Method}({messages}) → {end}{(Cancellation is var reason and not CallCancellation.None ? $", cancelled: {reason}" : "")}";
    }

    internal Task<Status> WaitForEndAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        Expectation.MetAsync(_ended.Task, limit, () => $"The call was expected to end, and it has not: {this}.", cancellationToken);

    internal async Task<CallCancellation> WaitForCancellationAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = _context.CancellationToken.UnsafeRegister(static fired => ((TaskCompletionSource)fired!).TrySetResult(), fired);
        await Expectation.MetAsync(Task.WhenAny(fired.Task, _ended.Task), limit, () => $"The call was expected to be cancelled, and it goes on: {this}.", cancellationToken).ConfigureAwait(false);
        return Cancellation is var reason and not CallCancellation.None
            ? reason
            : throw new ExpectationException($"The call was expected to be cancelled, and it has ended without: {this}.");
    }

    internal void End(Status status)
    {
        _cancellation = CancellationReason.Of(_context);
        _ended.TrySetResult(status);
    }
}
