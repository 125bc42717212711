using System.Runtime.CompilerServices;
using Examples.Inspection;
using Grpc.Core;
using Plugwire;

namespace Examples.Watching;

/// <summary>Server stream: one question, and changes until the caller has enough.</summary>
internal sealed class WatcherService : IWatcher
{
    public async IAsyncEnumerable<Change> WatchAsync(WatchRequest request, CallContext call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var changes = Open(request.Directory);
        yield return new Change { Kind = Change.Types.Kind.Started };
        while (true)
            yield return await changes.NextAsync(cancellationToken);
    }

    private static DirectoryChanges Open(string directory)
    {
        if (!Path.IsPathFullyQualified(directory))
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"The directory to watch is '{directory}': an absolute path is expected."));
        if (!Directory.Exists(directory))
            throw new RpcException(new Status(StatusCode.NotFound, $"There is no directory '{directory}' to watch."));
        try
        {
            return new DirectoryChanges(directory);
        }
        catch (IOException exception)
        {
            // The system's limit of watches, above all: its message names it.
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"The directory '{directory}' cannot be watched: {exception.Message}"));
        }
    }
}
