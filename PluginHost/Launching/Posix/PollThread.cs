using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Plugwire.Hosting.Launching.Posix;

/// <summary>
/// One thread that waits for the pipes and the ends of all plugins, in poll(2). A pipe that is read by .NET's own streams costs a pool thread for
/// as long as it is silent, and a plugin has two; here a silent plugin costs an entry in a list.
/// </summary>
internal sealed unsafe class PollThread
{
    private static readonly Lock Gate = new();
    private static PollThread? _shared;

    private readonly ConcurrentQueue<DescriptorWatch> _arriving = new();
    private readonly List<DescriptorWatch> _watches = [];
    private readonly SafeFileHandle _wakeReader;
    private readonly SafeFileHandle _wakeWriter;
    private PollDescriptor[] _descriptors = new PollDescriptor[16];
    private int _wakePending;

    private PollThread()
    {
        var pipe = PosixPipe.Create();
        _wakeReader = pipe.Reader;
        _wakeWriter = pipe.Writer;
        PosixPipe.MakeNonBlocking(_wakeReader);
        PosixPipe.MakeNonBlocking(_wakeWriter);
    }

    /// <summary>Made on first use, and not ended before the process: it belongs to the plugins of all hosts in it.</summary>
    /// <exception cref="PosixException">There is no descriptor left for it, or no thread; the next use tries again.</exception>
    public static PollThread Shared
    {
        get
        {
            if (Volatile.Read(ref _shared) is { } existing)
                return existing;

            lock (Gate)
                return _shared ??= Begin();
        }
    }

    private static PollThread Begin()
    {
        var created = new PollThread();
        try
        {
            NativeThread.Start(created.Run, maxStackSize: 256 * 1024, "plugin watcher");
            return created;
        }
        catch
        {
            created._wakeReader.Dispose();
            created._wakeWriter.Dispose();
            throw;
        }
    }

    /// <summary>Begins to wait until a read of the descriptor would not block. The descriptor stays open at least until the watch has ended.</summary>
    /// <exception cref="ObjectDisposedException">The descriptor is closed.</exception>
    public DescriptorWatch Watch(SafeHandle descriptor)
    {
        var watch = new DescriptorWatch(this, descriptor);
        _arriving.Enqueue(watch);
        Wake();
        return watch;
    }

    internal void Wake()
    {
        if (Interlocked.Exchange(ref _wakePending, 1) != 0)
            return;

        // The pipe takes thousands of bytes and holds at most a few, so this cannot fail for want of room.
        byte one = 1;
        _ = LibC.Write(_wakeWriter, &one, 1);
    }

    private void Run()
    {
        while (true)
        {
            try
            {
                RunOnce();
            }
            catch (Exception failure)
            {
                // Nothing is expected here. Whoever waits is told instead of waiting for ever, and the thread goes on for the others.
                foreach (var watch in _watches)
                    watch.EndWith(failure);
                _watches.Clear();
            }
        }
    }

    private void RunOnce()
    {
        Admit();
        var count = Fill();
        fixed (PollDescriptor* descriptors = _descriptors)
        {
            if (LibC.Poll(descriptors, (nuint)count, -1) < 0)
            {
                var error = Marshal.GetLastPInvokeError();
                if (error is Errno.Interrupted or Errno.TryAgain)
                    return;

                throw new IOException($"poll(2) failed: {Marshal.GetPInvokeErrorMessage(error)}.");
            }
        }

        // Entry 0 of the descriptors is the wake-up pipe.
        for (var i = _watches.Count - 1; i >= 0; i--)
        {
            if (_descriptors[i + 1].Returned != 0)
                End(i, readable: true);
        }
    }

    private void Admit()
    {
        // In this order: what comes after the flag is down writes a new byte, what came before is in the queue.
        DrainWakePipe();
        Volatile.Write(ref _wakePending, 0);
        Interlocked.MemoryBarrier();
        while (_arriving.TryDequeue(out var watch))
            _watches.Add(watch);
        for (var i = _watches.Count - 1; i >= 0; i--)
        {
            if (_watches[i].IsCancelled)
                End(i, readable: false);
        }
    }

    private void DrainWakePipe()
    {
        var buffer = stackalloc byte[64];
        while (LibC.Read(_wakeReader, buffer, 64) > 0)
        {
        }
    }

    private int Fill()
    {
        var count = _watches.Count + 1;
        if (_descriptors.Length < count)
            _descriptors = new PollDescriptor[count * 2];

        _descriptors[0] = new PollDescriptor { Descriptor = (int)_wakeReader.DangerousGetHandle(), Events = PollDescriptor.Readable };
        for (var i = 0; i < _watches.Count; i++)
            _descriptors[i + 1] = new PollDescriptor { Descriptor = _watches[i].Descriptor, Events = PollDescriptor.Readable };
        return count;
    }

    private void End(int index, bool readable)
    {
        // Walking downwards, the last one has been looked at already and may take this one's place.
        var watch = _watches[index];
        var last = _watches.Count - 1;
        _watches[index] = _watches[last];
        _watches.RemoveAt(last);
        watch.End(readable);
    }
}
