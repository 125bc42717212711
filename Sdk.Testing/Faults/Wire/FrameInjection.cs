namespace Plugwire.Testing.Faults.Wire;

/// <summary>A frame that waits for its place.</summary>
internal sealed class FrameInjection(WireFrame frame)
{
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ReadOnlyMemory<byte> Bytes => frame.Bytes;

    public Task Written => _written.Task;

    public void NoteWritten() => _written.TrySetResult();
}
