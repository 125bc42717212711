using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Plugwire.Hosting.Launching.Posix;

namespace Plugwire.Hosting.Launching.Guarding;

/// <summary>A guard that runs: a shell in a session of its own, so that no signal of a terminal reaches it, with nothing of the host's but the read end of a pipe.</summary>
internal sealed class GuardProcess : IDisposable
{
    // What a pipe takes whole or not at all. An entry is an id, two numbers, and a path that is short because sockets lie below it.
    private const int LongestEntry = 4096;

    private static readonly TimeSpan WriteBudget = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WriteAgain = TimeSpan.FromMilliseconds(10);

    private readonly SafeChildHandle _child;
    private readonly SafeFileHandle _pipe;

    private GuardProcess(int processId, SafeFileHandle process, SafeFileHandle pipe)
    {
        Id = processId;
        PipeDescriptor = (int)pipe.DangerousGetHandle();
        _child = new SafeChildHandle(processId);
        _pipe = pipe;
        Ended = ReapAsync(process);
    }

    public int Id { get; }

    /// <summary>The host's end, by its number.</summary>
    public int PipeDescriptor { get; }

    /// <summary>Ends when the guard has ended, by whatever cause, and nothing of it is left. Never faults.</summary>
    public Task Ended { get; }

    /// <param name="shell">A POSIX shell, as an absolute path.</param>
    /// <param name="hostId">The process whose end the guard waits for.</param>
    /// <param name="searchPath">Where it finds grep, sleep and rm; null for where the system has them.</param>
    /// <param name="grace">How long plugins may take to end by themselves, in tenths of a second.</param>
    /// <exception cref="PosixException">It did not come to life.</exception>
    public static GuardProcess Start(string shell, int hostId, string? searchPath, int grace = GuardScript.Grace)
    {
        // Before there is a guard, because it can fail.
        _ = PollThread.Shared;
        var pipe = PosixPipe.Create();
        try
        {
            PosixPipe.MakeNonBlocking(pipe.Writer);
            var processId = PosixSpawn.Start(
                shell,
                [shell, "-c", GuardScript.Text, "plugwire-guard", Text(hostId), Text(grace)],
                [$"PATH={(string.IsNullOrEmpty(searchPath) ? "/usr/sbin:/usr/bin:/sbin:/bin" : searchPath)}", "LC_ALL=C"],
                workingDirectory: "/",
                [pipe.Reader],
                ownSession: true);
            pipe.Reader.Dispose();
            return Adopt(processId, pipe.Writer);
        }
        catch
        {
            pipe.Dispose();
            throw;
        }
    }

    /// <summary>Tells the guard something, and waits while its pipe is full.</summary>
    /// <param name="entry">Whole lines.</param>
    /// <returns>False when it has ended, or has not read for so long that it is as good as that.</returns>
    public async Task<bool> TryTellAsync(string entry)
    {
        var bytes = Encoding.UTF8.GetBytes(entry);
        if (bytes.Length > LongestEntry)
            throw new ArgumentException($"An entry of {bytes.Length} bytes may be read in parts.", nameof(entry));

        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var error = Write(bytes);
            if (error == 0)
                return true;
            if (error is not (Errno.TryAgain or Errno.Interrupted) || TimeProvider.System.GetElapsedTime(began) > WriteBudget)
                return false;

            await Task.Delay(WriteAgain, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Ends it without a deed: killed before its pipe ends, it takes nobody for dead. <see cref="Ended"/> follows.</summary>
    public void Dispose()
    {
        _child.Signal(LibC.SigKill);
        Release();
    }

    /// <summary>Closes the host's end of the pipe and nothing else, as the end of the host's process does.</summary>
    internal void Release() => _pipe.Dispose();

    private static GuardProcess Adopt(int processId, SafeFileHandle pipe)
    {
        try
        {
            return new GuardProcess(processId, ProcessDescriptor.Open(processId), pipe);
        }
        catch
        {
            SafeChildHandle.KillAndReap(processId);
            throw;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // 0, or an error number.
    private unsafe int Write(byte[] bytes)
    {
        try
        {
            fixed (byte* start = bytes)
                return LibC.Write(_pipe, start, bytes.Length) == bytes.Length ? 0 : Marshal.GetLastPInvokeError();
        }
        catch (ObjectDisposedException)
        {
            return Errno.NotFound;
        }
    }

    private async Task ReapAsync(SafeFileHandle process)
    {
        using (process)
        {
            while (!_child.HasEnded(out _, out _))
                await PollThread.Shared.Watch(process).Ended.ConfigureAwait(false);
            _child.Dispose();
        }
    }
}
