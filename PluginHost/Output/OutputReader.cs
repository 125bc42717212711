namespace Plugwire.Hosting.Output;

/// <summary>
/// Reads one output pipe of a plugin from its first byte to its end, whatever is in it: a pipe that nobody reads stops the plugin when it is full, and
/// what the plugin writes must neither stop the reader nor fill the host's memory.
/// </summary>
internal abstract class OutputReader : IAsyncDisposable
{
    /// <summary>How long a pipe is still read when its plugin has ended. A grandchild may hold it open for ever; what the plugin itself wrote is there at once.</summary>
    public static readonly TimeSpan RestAfterExit = TimeSpan.FromMilliseconds(200);

    private readonly Stream _pipe;
    private readonly LineBuffer _lines;
    private readonly TimeProvider _timeProvider;
    private Task _pump = Task.CompletedTask;

    /// <param name="pipe">Disposed with the reader.</param>
    /// <param name="longestLine">In bytes; what is longer comes in pieces.</param>
    /// <param name="timeProvider">Where the time comes from.</param>
    protected OutputReader(Stream pipe, int longestLine, TimeProvider timeProvider)
    {
        _pipe = pipe;
        _lines = new LineBuffer(longestLine, HandlePiece);
        _timeProvider = timeProvider;
    }

    /// <summary>Ends when there is nothing more to read. Never faults.</summary>
    public Task Completion => _pump;

    /// <summary>After the plugin's end: reads what is left, for <see cref="RestAfterExit"/> at most, then lets the pipe go.</summary>
    public async Task FinishAsync()
    {
        await EndsWithinRestAsync().ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Lets the pipe go at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _pipe.DisposeAsync().ConfigureAwait(false);

        // .NET's own pipe streams do not wake a read that waits; it then ends with the pipe's last writer, and touches nothing of ours any more.
        await EndsWithinRestAsync().ConfigureAwait(false);
    }

    /// <summary>Called once by the derived type when it is ready to receive.</summary>
    protected void Begin() => _pump = PumpAsync();

    /// <summary>Keeps a copy; does nothing that can fail.</summary>
    protected abstract void OnBytes(ReadOnlySpan<byte> bytes);

    protected abstract void OnPiece(ReadOnlySpan<byte> piece, LineEnd end);

    /// <summary>Told of what should not happen: a fault in our own reading of the output. The pipe is read on.</summary>
    protected abstract void OnFault(Exception fault);

    private async Task EndsWithinRestAsync()
    {
        try
        {
            await _pump.WaitAsync(RestAfterExit, _timeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Somebody else holds the pipe.
        }
    }

    private async Task PumpAsync()
    {
        // Not on the caller's time: a plugin that floods from its first byte would keep the caller here.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (await TryReadAsync().ConfigureAwait(false) is var count and > 0)
        {
            OnBytes(_lines.Free.Span[..count]);
            _lines.Commit(count);
        }

        _lines.End();
    }

    private async ValueTask<int> TryReadAsync()
    {
        try
        {
            return await _pipe.ReadAsync(_lines.Free, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Torn or let go: for the reader the same as the end.
            return 0;
        }
    }

    private void HandlePiece(ReadOnlySpan<byte> piece, LineEnd end)
    {
        try
        {
            OnPiece(piece, end);
        }
        catch (Exception fault)
        {
            OnFault(fault);
        }
    }
}
