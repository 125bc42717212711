using System.Text;
using System.Threading.Channels;
using Examples.Inspection;
using Google.Protobuf;
using Grpc.Core;

namespace Examples.Watching;

/// <summary>
/// What changes under a directory, from construction on. Keeps at most <see cref="Capacity"/> changes for a reader that is
/// slow; when more are lost, it says so once all that were kept are read.
/// </summary>
internal sealed class DirectoryChanges : IDisposable
{
    public const int Capacity = 4096;

    private readonly Channel<Change> _changes = Channel.CreateBounded<Change>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(1);
    private readonly FileSystemWatcher _watcher;
    private readonly string _directory;
    private Exception? _failure;
    private int _lost;

    public DirectoryChanges(string directory)
    {
        _directory = directory;
        _watcher = new FileSystemWatcher(directory)
        {
            IncludeSubdirectories = true,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
        };
        _watcher.Created += (_, change) => Tell(Change.Types.Kind.Created, change.Name);
        _watcher.Changed += (_, change) => Tell(Change.Types.Kind.Changed, change.Name);
        _watcher.Deleted += (_, change) => Tell(Change.Types.Kind.Deleted, change.Name);
        _watcher.Renamed += (_, change) =>
        {
            Tell(Change.Types.Kind.Deleted, change.OldName);
            Tell(Change.Types.Kind.Created, change.Name);
        };
        _watcher.Error += (_, error) => Lose(error.GetException());
        try
        {
            _watcher.EnableRaisingEvents = true;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The next change; waits for one. Throws <c>UNAVAILABLE</c> when the system watches no longer.</summary>
    public async Task<Change> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_changes.Reader.TryRead(out var change))
                return change;
            if (Interlocked.Exchange(ref _lost, 0) != 0)
                return new Change { Kind = Change.Types.Kind.Overflow };
            if (Volatile.Read(ref _failure) is { } failure)
                throw new RpcException(new Status(StatusCode.Unavailable, $"The directory '{_directory}' is no longer watched: {failure.Message}"));
            await _news.Reader.ReadAsync(cancellationToken);
        }
    }

    public void Dispose() => _watcher.Dispose();

    internal void Tell(Change.Types.Kind kind, string? path)
    {
        if (string.IsNullOrEmpty(path))
            return;

        var name = Encoding.UTF8.GetBytes(Path.DirectorySeparatorChar == '/' ? path : path.Replace(Path.DirectorySeparatorChar, '/'));
        if (!_changes.Writer.TryWrite(new Change { Kind = kind, Path = UnsafeByteOperations.UnsafeWrap(name) }))
            Volatile.Write(ref _lost, 1);
        _news.Writer.TryWrite(true);
    }

    internal void Lose(Exception why)
    {
        // An overflow is no failure: the watching goes on.
        if (why is InternalBufferOverflowException)
            Volatile.Write(ref _lost, 1);
        else
            Volatile.Write(ref _failure, why);
        _news.Writer.TryWrite(true);
    }
}
