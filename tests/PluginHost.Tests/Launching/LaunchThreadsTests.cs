using Plugwire.Hosting.Launching.Posix;
using static Plugwire.Hosting.Tests.Launching.Shell;

namespace Plugwire.Hosting.Tests.Launching;

public sealed class LaunchThreadsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_OneAfterAnother_RunsOnOneThread()
    {
        var threads = new LaunchThreads();

        var first = await threads.RunAsync(() => Environment.CurrentManagedThreadId).WaitAsync(Limit, Token);
        var second = await threads.RunAsync(() => Environment.CurrentManagedThreadId).WaitAsync(Limit, Token);

        Assert.Equal((first, 1), (second, threads.Count));
    }

    [Fact]
    public async Task RunAsync_BehindWorkThatHangs_GetsAThreadOfItsOwnAndTheOtherStays()
    {
        var threads = new LaunchThreads();
        using var release = new ManualResetEventSlim();
        var hanging = threads.RunAsync(() => { release.Wait(); return Environment.CurrentManagedThreadId; });

        var next = await threads.RunAsync(() => Environment.CurrentManagedThreadId).WaitAsync(Limit, Token);
        Assert.False(hanging.IsCompleted);
        release.Set();

        Assert.NotEqual(next, await hanging.WaitAsync(Limit, Token));
        Assert.Equal(2, threads.Count);
    }

    [Fact]
    public async Task RunAsync_AbandonedBeforeItBegan_DoesNotRun()
    {
        var threads = new LaunchThreads();
        var ran = false;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => threads.RunAsync(() => ran = true, new CancellationToken(canceled: true)).WaitAsync(Limit, Token));

        Assert.False(ran);
    }

    [Fact]
    public async Task RunAsync_WorkThatThrows_ThrowsThat() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => new LaunchThreads().RunAsync<int>(() => throw new InvalidDataException()).WaitAsync(Limit, Token));
}
