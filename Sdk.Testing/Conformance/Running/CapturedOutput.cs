using System.Text;

namespace Plugwire.Testing.Conformance.Running;

/// <summary>One output of a process, byte for byte as it came, up to a bound; read to its end, so that the process never waits for the reader.</summary>
internal sealed class CapturedOutput
{
    private const int MostBytes = 4 * 1024 * 1024;
    private const int ReadSize = 32 * 1024;

    private readonly Stream _pipe;
    private readonly Lock _gate = new();
    private readonly List<byte> _bytes = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    public CapturedOutput(Stream pipe)
    {
        _pipe = pipe;
        Ended = ReadAsync();
    }

    /// <summary>Ends when there is nothing more to read. Never faults.</summary>
    public Task Ended { get; }

    public byte[] Bytes
    {
        get
        {
            lock (_gate)
                return [.. _bytes];
        }
    }

    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Waits until the bytes are what is wanted, or no more come.</summary>
    /// <returns>Whether they became so.</returns>
    public async Task<bool> WaitAsync(Func<byte[], bool> predicate, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            bool ended;
            lock (_gate)
                (changed, ended) = (_changed.Task, _ended);
            if (predicate(Bytes))
                return true;
            if (ended)
                return false;
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReadAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var buffer = new byte[ReadSize];
        while (await TryReadAsync(buffer).ConfigureAwait(false) is var count and > 0)
            Add(buffer.AsSpan(0, count), ended: false);
        Add([], ended: true);
    }

    private async ValueTask<int> TryReadAsync(byte[] buffer)
    {
        try
        {
            return await _pipe.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Let go: the same as the end.
            return 0;
        }
    }

    private void Add(ReadOnlySpan<byte> bytes, bool ended)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _bytes.AddRange(bytes[..Math.Min(bytes.Length, MostBytes - _bytes.Count)]);
            _ended |= ended;
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.TrySetResult();
    }
}
