using Plugwire.Testing.Expecting;

namespace Plugwire.Testing;

/// <summary>Holds up what comes while it is not released. Safe for use by several threads.</summary>
public sealed class FakeHold
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _held;

    internal FakeHold(string held) => _held = held;

    /// <summary>Whether it has been released.</summary>
    public bool IsReleased => _released.Task.IsCompleted;

    /// <summary>Waits until something is held up here. Waits for 30 s at most.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ExpectationException">Nothing has come.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task WaitForArrivalAsync(CancellationToken cancellationToken = default) => WaitForArrivalAsync(Expectation.Limit, cancellationToken);

    /// <summary>Lets go on what waits, and what comes from now on. Doing it again changes nothing.</summary>
    public void Release() => _released.TrySetResult();

    internal Task WaitForArrivalAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        Expectation.MetAsync(_arrived.Task, limit, () => $"{_held} was expected to be held up, and none has come.", cancellationToken);

    internal Task WaitAsync(CancellationToken cancellationToken)
    {
        _arrived.TrySetResult();
        return _released.Task.WaitAsync(cancellationToken);
    }
}
