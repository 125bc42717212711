using System.Threading.Channels;

namespace Plugwire.Testing.Tests.Time;

/// <summary>What a timer has set off has run when the step returns, however busy the pool is. The load is the tests' own: that of tests beside them is no part of what is promised.</summary>
[Collection(typeof(AloneCollection))]
public sealed class DrainTests
{
    private const int Hops = 12;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Step_OverLongChains_ReturnsAfterTheirLastLink()
    {
        for (var time = 0; time < 200; time++)
            await StepOverChainsAsync(_clock);
    }

    [Fact]
    public async Task Step_OnASaturatedPool_ReturnsAfterTheLastLinkAThousandTimes()
    {
        await using var load = new PoolLoad(4 * Environment.ProcessorCount);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => StepAsync()));

        Assert.True(load.Items > 1000);

        static async Task StepAsync()
        {
            var clock = new ManualClock();
            for (var time = 0; time < 10; time++)
                await StepOverChainsAsync(clock);
        }
    }

    [Fact]
    public async Task Step_WithThreadsOfThePoolBlocked_ReturnsAfterTheLastLink()
    {
        using var release = new ManualResetEventSlim();
        var blocked = Enumerable.Range(0, 2).Select(_ => Task.Run(() => release.Wait(Token), Token)).ToArray();

        for (var time = 0; time < 10; time++)
            await StepOverChainsAsync(_clock);

        release.Set();
        await Task.WhenAll(blocked).Within();
    }

    [Fact]
    public async Task Step_OverAnExchangeThatAsksTheClock_ReturnsAfterIt()
    {
        var (there, back) = (Channel.CreateUnbounded<int>(), Channel.CreateUnbounded<int>());
        var answering = AnswerAsync();
        var asking = AskAsync();

        await _clock.AdvanceAsync(Second, Token).Within();

        Assert.True(asking.IsCompletedSuccessfully);
        await answering.Within();

        async Task AskAsync()
        {
            await Task.Delay(Second, _clock, Token).ConfigureAwait(false);
            for (var turn = 0; turn < 500; turn++)
            {
                _clock.GetTimestamp();
                there.Writer.TryWrite(turn);
                await back.Reader.ReadAsync(Token).ConfigureAwait(false);
            }

            there.Writer.Complete();
        }

        async Task AnswerAsync()
        {
            await foreach (var turn in there.Reader.ReadAllAsync(Token).ConfigureAwait(false))
                back.Writer.TryWrite(turn);
        }
    }

    // Links of all sorts: through the queue of all, through a thread's own, and from one task to the next.
    private static async Task StepOverChainsAsync(ManualClock clock)
    {
        var chains = ChainsAsync();

        await clock.AdvanceAsync(Second, Token).Within();

        Assert.True(chains.IsCompletedSuccessfully);

        async Task ChainsAsync()
        {
            await Task.Delay(Second, clock, Token).ConfigureAwait(false);
            await Task.WhenAll(YieldAsync(), HandOverAsync(), ForkAsync()).ConfigureAwait(false);
        }
    }

    private static async Task YieldAsync()
    {
        for (var hop = 0; hop < Hops; hop++)
            await Task.Yield();
    }

    private static async Task HandOverAsync()
    {
        for (var hop = 0; hop < Hops / 2; hop++)
        {
            var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            ThreadPool.UnsafeQueueUserWorkItem(static next => next.SetResult(), next, preferLocal: hop % 2 == 0);
            await next.Task.ConfigureAwait(false);
        }
    }

    private static async Task ForkAsync()
    {
        for (var hop = 0; hop < Hops / 4; hop++)
            await Task.WhenAll(Task.Run(static () => { }, Token), Task.Run(static async () => await Task.Yield(), Token)).ConfigureAwait(false);
    }

    /// <summary>Other tests' work: as many chains as it is told keep the pool's queue full until it is disposed of.</summary>
    private sealed class PoolLoad : IAsyncDisposable
    {
        private readonly Task[] _chains;
        private volatile bool _isOver;
        private int _items;

        public PoolLoad(int chains) => _chains = [.. Enumerable.Range(0, chains).Select(_ => Task.Run(WorkAsync))];

        public int Items => Volatile.Read(ref _items);

        public async ValueTask DisposeAsync()
        {
            _isOver = true;
            await Task.WhenAll(_chains).Within();
        }

        private async Task WorkAsync()
        {
            while (!_isOver)
            {
                Thread.SpinWait(50);
                Interlocked.Increment(ref _items);
                await Task.Yield();
            }
        }
    }
}
