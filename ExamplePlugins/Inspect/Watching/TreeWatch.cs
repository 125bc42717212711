using System.Threading.Channels;
using Examples.Inspect.Reporting;
using Examples.Inspect.Streaming;
using Examples.Inspect.Walking;
using Examples.Inspection;
using Grpc.Core;

namespace Examples.Inspect.Watching;

/// <summary>The server stream of the watcher: inspects what changes, and prints what is found there.</summary>
internal sealed class TreeWatch : IDisposable
{
    private const string WatcherName = "watcher";
    private const int ChangesInFlight = 1024;

    // A program that saves a file touches it more than once.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(100);

    private readonly AsyncServerStreamingCall<Change> _call;
    private readonly SourceTree _tree;
    private readonly TimeProvider _timeProvider;

    private TreeWatch(AsyncServerStreamingCall<Change> call, SourceTree tree, TimeProvider timeProvider)
    {
        _call = call;
        _tree = tree;
        _timeProvider = timeProvider;
    }

    /// <summary>Ends when the tree is being watched: what changes from then on is told by <see cref="RunAsync"/>.</summary>
    public static async Task<TreeWatch> BeginAsync(Watcher.WatcherClient watcher, SourceTree tree, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var watch = new TreeWatch(watcher.Watch(new WatchRequest { Directory = tree.Root }, cancellationToken: cancellationToken), tree, timeProvider);
        try
        {
            var first = await watch.NextAsync(cancellationToken);
            return first.Kind == Change.Types.Kind.Started
                ? watch
                : throw new InspectException($"The plugin '{WatcherName}' began with {first.Kind} in place of {Change.Types.Kind.Started}.");
        }
        catch
        {
            watch.Dispose();
            throw;
        }
    }

    /// <summary>Goes on until it is cancelled, or a plugin fails.</summary>
    public async Task RunAsync(IReadOnlyList<NamedInspector> inspectors, Output output, CancellationToken cancellationToken)
    {
        output.WriteLine($"watching {DisplayText.Text(_tree.Root)}, Ctrl+C ends");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var changes = Channel.CreateBounded<Change>(new BoundedChannelOptions(ChangesInFlight) { SingleReader = true, SingleWriter = true });
        await TaskGroup.WhenAllAsync(
        [
            ReadAsync(changes.Writer, stop.Token),
            InspectAsync(changes.Reader, inspectors, output, stop.Token),
        ], stop);
    }

    public void Dispose() => _call.Dispose();

    private async Task ReadAsync(ChannelWriter<Change> changes, CancellationToken cancellationToken)
    {
        while (true)
            await changes.WriteAsync(await NextAsync(cancellationToken), cancellationToken);
    }

    private async Task InspectAsync(ChannelReader<Change> changes, IReadOnlyList<NamedInspector> inspectors, Output output, CancellationToken cancellationToken)
    {
        var inspection = new TreeInspection(inspectors, [new FindingLines(output)], onSkipped: null);
        while (await changes.WaitToReadAsync(cancellationToken))
        {
            await Task.Delay(Settle, _timeProvider, cancellationToken);
            var batch = new ChangeBatch();
            while (batch.Count < ChangesInFlight && changes.TryRead(out var change))
                batch.Add(change);
            if (batch.LostChanges)
                output.WriteLine("changes came too fast and some are lost: the whole tree is inspected again");

            var counts = new InspectionCounts();
            using var walker = batch.LostChanges ? _tree.Walk() : new ChangedPathsWalker(_tree, batch.ToPaths());
            await inspection.RunAsync(walker, counts, cancellationToken);
            if (counts.Files > 0)
                output.WriteLine($"{Output.Count(counts.Files, "file")} inspected again, {Output.Count(counts.Findings, "finding")}");
        }
    }

    private async Task<Change> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _call.ResponseStream.MoveNext(cancellationToken)
                ? _call.ResponseStream.Current
                : throw new InspectException($"The plugin '{WatcherName}' stopped watching without a word.");
        }
        catch (RpcException exception)
        {
            throw PluginFailure.Of(WatcherName, exception, cancellationToken);
        }
    }
}
