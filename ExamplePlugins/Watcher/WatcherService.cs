using Examples.Inspection;
using Grpc.Core;

namespace Examples.Watching;

/// <summary>Server stream: one question, and changes until the caller has enough.</summary>
internal sealed class WatcherService : Watcher.WatcherBase
{
    public override async Task Watch(WatchRequest request, IServerStreamWriter<Change> responseStream, ServerCallContext context)
    {
        using var changes = Open(request.Directory);
        await responseStream.WriteAsync(new Change { Kind = Change.Types.Kind.Started }, context.CancellationToken);
        while (true)
        {
            var change = await changes.NextAsync(context.CancellationToken);
            await responseStream.WriteAsync(change, context.CancellationToken);
        }
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
