using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Plugwire.Hosting.Reporting;

/// <summary>Where a plugin's status stands for all to read. One writes; many read and watch.</summary>
/// <param name="first">The status to begin with.</param>
internal sealed class StatusBoard(PluginStatus first)
{
    // Who watches and does not read loses the oldest of them, never the last.
    private const int MostUnread = 64;

    private readonly Lock _lock = new();
    private readonly List<Channel<PluginStatus>> _watchers = [];
    private volatile PluginStatus _current = first;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;

    public PluginStatus Current => _current;

    /// <summary>The status, and a task that ends with the next one. After the last there is none.</summary>
    public (PluginStatus Status, Task Changed) Read()
    {
        lock (_lock)
            return (_current, _changed.Task);
    }

    /// <param name="status">What holds from here on.</param>
    /// <param name="isLast">Whether it holds for good.</param>
    public void Write(PluginStatus status, bool isLast = false)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _current = status;
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _closed = isLast;
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(status);
                if (isLast)
                    watcher.Writer.TryComplete();
            }
        }

        changed.TrySetResult();
    }

    /// <summary>The status now, each that follows, and the end after the last.</summary>
    public async IAsyncEnumerable<PluginStatus> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watcher = Channel.CreateBounded<PluginStatus>(new BoundedChannelOptions(MostUnread) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        lock (_lock)
        {
            watcher.Writer.TryWrite(_current);
            if (_closed)
                watcher.Writer.TryComplete();
            else
                _watchers.Add(watcher);
        }

        try
        {
            await foreach (var status in watcher.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return status;
        }
        finally
        {
            lock (_lock)
                _watchers.Remove(watcher);
        }
    }
}
