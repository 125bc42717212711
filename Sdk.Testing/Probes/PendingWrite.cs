namespace Plugwire.Testing.Probes;

/// <summary>A message that a reader has not taken yet.</summary>
internal sealed class PendingWrite<T>(T message)
{
    private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public T Message => message;

    public Task Taken => _taken.Task;

    public void Accept() => _taken.TrySetResult();

    public void Refuse(ExpectationException failure) => _taken.TrySetException(failure);
}
