namespace Plugwire.Testing;

/// <summary>Holds up what comes while it is not released. Safe for use by several threads.</summary>
public sealed class FakeHold
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal FakeHold()
    {
    }

    /// <summary>Whether it has been released.</summary>
    public bool IsReleased => _released.Task.IsCompleted;

    /// <summary>Lets go on what waits, and what comes from now on. Doing it again changes nothing.</summary>
    public void Release() => _released.TrySetResult();

    internal Task WaitAsync(CancellationToken cancellationToken) => _released.Task.WaitAsync(cancellationToken);
}
