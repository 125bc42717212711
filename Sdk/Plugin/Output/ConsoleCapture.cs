using Plugwire.Descriptors;

namespace Plugwire.Output;

/// <summary>
/// Leads descriptor 1 into a pipe of our own, below .NET: what .NET's console, native code and children of the plugin write,
/// before and after the handshake, becomes console output for the host and never a torn handshake. One thread reads the pipe
/// for the life of the process, so that no writer ever blocks for long.
/// </summary>
/// <remarks>
/// After <see cref="EndAsync"/> late output goes to standard error, the log channel: the stream that carried it has ended, and
/// nothing is to be lost in silence. The pipe stays open until the process ends, because .NET's console and children hold it.
/// </remarks>
internal sealed class ConsoleCapture
{
    private const int ReadSize = 16 * 1024;

    // More than any pipe holds: after so much, all that stood in the pipe at the time of the fence has been read.
    private const int MostPipeBytes = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Action<ReadOnlySpan<byte>> _late;
    private readonly int _reader;
    private readonly int _wakeReader;
    private readonly int _wakeWriter;
    private List<TaskCompletionSource> _fences = [];
    private bool _over;

    /// <param name="reader">The pipe's read end; owned.</param>
    /// <param name="late">Takes what comes after the end.</param>
    internal ConsoleCapture(int reader, Action<ReadOnlySpan<byte>> late)
    {
        _reader = reader;
        _late = late;
        (_wakeReader, _wakeWriter) = Descriptor.CreatePipe();
        new Thread(ReadPipe, 256 * 1024) { IsBackground = true, Name = "Plugwire console output" }.Start();
    }

    /// <summary>Of what is delivered by hand alone: there is no pipe, and nothing to wait for.</summary>
    internal ConsoleCapture(Action<ReadOnlySpan<byte>> late)
    {
        _late = late;
        _over = true;
        _reader = _wakeReader = _wakeWriter = -1;
    }

    /// <summary>What was written and not yet read by the host.</summary>
    public OutputBuffer Buffer { get; } = new();

    /// <summary>Takes over the process's standard output. To be called once, before anything can have written to it.</summary>
    /// <param name="original">A saved descriptor of the original standard output (Unix), which no child inherits.</param>
    public static ConsoleCapture TakeOver(out int original)
    {
        if (OperatingSystem.IsWindows())
        {
            original = -1;
            var capture = new ConsoleCapture(StandardError.Write);
            WindowsConsole.LeadOutputTo(new CapturedStream(capture));
            return capture;
        }

        original = Descriptor.Duplicate(Descriptor.StandardOutput);
        var (reader, writer) = Descriptor.CreatePipe();
        Descriptor.Replace(writer, Descriptor.StandardOutput);
        Descriptor.Close(writer);
        return new ConsoleCapture(reader, StandardError.Write);
    }

    /// <summary>Completes when all that was written before the call has left the pipe.</summary>
    public Task FlushAsync()
    {
        var fence = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_over)
                return Task.CompletedTask;
            _fences.Add(fence);
        }

        Descriptor.TryWrite(_wakeWriter, [1]);
        return fence.Task;
    }

    /// <summary>Ends the console stream after all that was written before the call; what comes later goes to standard error.</summary>
    public async Task EndAsync()
    {
        await FlushAsync().ConfigureAwait(false);
        Buffer.Complete();
    }

    internal void Deliver(ReadOnlySpan<byte> bytes)
    {
        if (!Buffer.TryWrite(bytes))
            _late(bytes);
    }

    private void ReadPipe()
    {
        var buffer = new byte[ReadSize];
        try
        {
            var open = true;
            while (open)
            {
                var (_, woken) = Descriptor.WaitReadable(_reader, _wakeReader);
                var fences = woken ? TakeFences(buffer) : [];
                open = ReadWhatIsThere(buffer);
                foreach (var fence in fences)
                    fence.TrySetResult();
            }
        }
        catch (IOException failure)
        {
            StandardError.Tell($"[ERROR] The plugin's console output can no longer be read. {failure.Message}");
        }
        finally
        {
            End();
        }
    }

    private List<TaskCompletionSource> TakeFences(byte[] buffer)
    {
        Descriptor.Read(_wakeReader, buffer);
        lock (_gate)
        {
            var fences = _fences;
            _fences = [];
            return fences;
        }
    }

    private bool ReadWhatIsThere(byte[] buffer)
    {
        for (var total = 0; total < MostPipeBytes && Descriptor.IsReadable(_reader);)
        {
            var count = Descriptor.Read(_reader, buffer);
            if (count == 0)
                return false;
            total += count;
            Deliver(buffer.AsSpan(0, count));
        }

        return true;
    }

    private void End()
    {
        List<TaskCompletionSource> fences;
        lock (_gate)
        {
            _over = true;
            fences = _fences;
            _fences = [];
        }

        // The two ends of the wake-up pipe stay open until the process ends: a fence may be about to write to one.
        Descriptor.Close(_reader);
        foreach (var fence in fences)
            fence.TrySetResult();
    }
}
