using System.Threading.Channels;
using Examples.Inspect.Reporting;
using Examples.Inspect.Streaming;
using Examples.Inspect.Walking;
using Examples.Inspection;
using Grpc.Core;

namespace Examples.Inspect.Watching;

/// <summary>The server stream of the watcher: inspects what changes, and prints what is found there.</summary>
internal sealed class TreeWatch : IAsyncDisposable
{
    private const string WatcherName = "watcher";
    private const int ChangesInFlight = 1024;

    // A program that saves a file touches it more than once.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop;
    private readonly IAsyncEnumerator<Change> _changes;
    private readonly SourceTree _tree;
    private readonly TimeProvider _timeProvider;

    private TreeWatch(IWatcher watcher, SourceTree tree, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _changes = watcher.WatchAsync(new WatchRequest { Directory = tree.Root }, cancellationToken: _stop.Token).GetAsyncEnumerator(CancellationToken.None);
        _tree = tree;
        _timeProvider = timeProvider;
    }

    /// <summary>Ends when the tree is being watched: what changes from then on is told by <see cref="RunAsync"/>. The watching ends when it is cancelled.</summary>
    public static async Task<TreeWatch> BeginAsync(IWatcher watcher, SourceTree tree, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var watch = new TreeWatch(watcher, tree, timeProvider, cancellationToken);
        try
        {
            var first = await watch.NextAsync();
            return first.Kind == Change.Types.Kind.Started
                ? watch
                : throw new InspectException($"The plugin '{WatcherName}' began with {first.Kind} in place of {Change.Types.Kind.Started}.");
        }
        catch
        {
            await watch.DisposeAsync();
            throw;
        }
    }

    /// <summary>Goes on until the watching is cancelled, or a plugin fails.</summary>
    public async Task RunAsync(IReadOnlyList<NamedInspector> inspectors, Output output)
    {
        output.WriteLine($"watching {DisplayText.Text(_tree.Root)}, Ctrl+C ends");
        var changes = Channel.CreateBounded<Change>(new BoundedChannelOptions(ChangesInFlight) { SingleReader = true, SingleWriter = true });
        await TaskGroup.WhenAllAsync(
        [
            ReadAsync(changes.Writer),
            InspectAsync(changes.Reader, inspectors, output, _stop.Token),
        ], _stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _changes.DisposeAsync();
        _stop.Dispose();
    }

    private async Task ReadAsync(ChannelWriter<Change> changes)
    {
        while (true)
            await changes.WriteAsync(await NextAsync(), _stop.Token);
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

    private async Task<Change> NextAsync()
    {
        try
        {
            return await _changes.MoveNextAsync()
                ? _changes.Current
                : throw new InspectException($"The plugin '{WatcherName}' stopped watching without a word.");
        }
        catch (RpcException exception)
        {
            throw PluginFailure.Of(WatcherName, exception);
        }
    }
}
