namespace Plugwire.Hosting.Launching.Posix;

/// <summary>Threads of the host's own.</summary>
internal static class NativeThread
{
    /// <exception cref="PosixException">The user or the container may have no further thread: a plugin that forks without end can bring that about.</exception>
    public static void Start(ThreadStart run, int maxStackSize, string name)
    {
        try
        {
            new Thread(run, maxStackSize) { IsBackground = true, Name = name }.Start();
        }
        catch (Exception failure) when (failure is OutOfMemoryException or ThreadStartException)
        {
            // What .NET makes of pthread_create's EAGAIN.
            throw new PosixException("pthread_create", Errno.TryAgain);
        }
    }
}
