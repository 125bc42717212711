using System.Runtime.InteropServices;

namespace Plugwire.Hosting.Launching.Posix;

/// <summary>One wait for one descriptor.</summary>
internal sealed class DescriptorWatch
{
    private readonly PollThread _thread;
    private readonly SafeHandle _handle;
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _cancelled;

    public DescriptorWatch(PollThread thread, SafeHandle handle)
    {
        _thread = thread;
        _handle = handle;

        // Held until the end of the watch: a closed descriptor's number may at once be another file's.
        var held = false;
        handle.DangerousAddRef(ref held);
        Descriptor = (int)handle.DangerousGetHandle();
    }

    /// <summary>True when the descriptor is readable or at its end, false when the watch was cancelled.</summary>
    public Task<bool> Ended => _ended.Task;

    internal int Descriptor { get; }

    internal bool IsCancelled => _cancelled;

    /// <summary>Ends the watch soon; may be called at any time, also afterwards.</summary>
    public void Cancel()
    {
        _cancelled = true;
        _thread.Wake();
    }

    internal void End(bool readable)
    {
        _handle.DangerousRelease();
        _ended.TrySetResult(readable);
    }

    internal void EndWith(Exception failure)
    {
        _handle.DangerousRelease();
        _ended.TrySetException(failure);
    }
}
