using Examples.Inspection;
using Examples.Watching;
using Grpc.Core;

namespace Examples.Tests.Watching;

public sealed class WatcherServiceTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static IWatcher Watcher { get; } = new WatcherService();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Watch_FileThatIsWritten_IsToldAfterTheBeginning()
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var changes = Watcher.WatchAsync(new WatchRequest { Directory = _directory.Path }, cancellationToken: cancelled.Token).GetAsyncEnumerator(Cancellation);

        Assert.Equal(Change.Types.Kind.Started, (await NextAsync(changes)).Kind);
        _directory.Write("file", "TODO");
        var change = await NextAsync(changes);

        Assert.Equal((Change.Types.Kind.Created, "file"), (change.Kind, change.Path.ToStringUtf8()));
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            // The file's writing may be told by more than one change.
            while (true)
                await NextAsync(changes);
        });
    }

    [Fact]
    public async Task Watch_NoDirectory_IsRefusedWithASentence()
    {
        var missing = await WatchAsync(Path.Combine(_directory.Path, "gone"));
        Assert.Equal(StatusCode.NotFound, missing.StatusCode);
        Assert.Equal($"There is no directory '{Path.Combine(_directory.Path, "gone")}' to watch.", missing.Status.Detail);

        Assert.Equal(StatusCode.InvalidArgument, (await WatchAsync("relative")).StatusCode);
    }

    [Fact]
    public async Task NextAsync_MoreChangesThanAreKept_TellsThatSomeAreLost()
    {
        using var changes = new DirectoryChanges(_directory.Path);
        for (var i = 0; i < DirectoryChanges.Capacity + 10; i++)
            changes.Tell(Change.Types.Kind.Changed, $"file {i}");

        for (var i = 0; i < DirectoryChanges.Capacity; i++)
            Assert.Equal($"file {i}", (await changes.NextAsync(Cancellation)).Path.ToStringUtf8());
        Assert.Equal(Change.Types.Kind.Overflow, (await changes.NextAsync(Cancellation)).Kind);

        var next = changes.NextAsync(Cancellation);
        Assert.False(next.IsCompleted);
        changes.Tell(Change.Types.Kind.Created, "later");
        Assert.Equal("later", (await next.WaitAsync(Limit, Cancellation)).Path.ToStringUtf8());
    }

    [Fact]
    public async Task NextAsync_SystemLosesChanges_TellsItAndGoesOn()
    {
        using var changes = new DirectoryChanges(_directory.Path);
        var next = changes.NextAsync(Cancellation);
        changes.Lose(new InternalBufferOverflowException());

        Assert.Equal(Change.Types.Kind.Overflow, (await next.WaitAsync(Limit, Cancellation)).Kind);
        changes.Lose(new IOException("the disk is gone"));
        var failure = await Assert.ThrowsAsync<RpcException>(() => changes.NextAsync(Cancellation));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.EndsWith("is no longer watched: the disk is gone", failure.Status.Detail, StringComparison.Ordinal);
    }

    private static async Task<RpcException> WatchAsync(string directory) =>
        await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await using var changes = Watcher.WatchAsync(new WatchRequest { Directory = directory }, cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
            await NextAsync(changes);
        });

    private static async Task<Change> NextAsync(IAsyncEnumerator<Change> changes)
    {
        Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(Limit, Cancellation));
        return changes.Current;
    }
}
