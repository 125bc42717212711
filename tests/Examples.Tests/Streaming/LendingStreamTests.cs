using Examples.Inspect.Streaming;

namespace Examples.Tests.Streaming;

public sealed class LendingStreamTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly LendingStream<string> _stream = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_MessageThatIsTaken_EndsWhenTheNextIsAskedFor()
    {
        var message = new string('m', 1);
        await using var call = _stream.GetAsyncEnumerator(Cancellation);
        var sending = SendAsync(message);
        Assert.True(await MoveNextAsync(call));

        Assert.Same(message, call.Current);
        Assert.False(sending.IsCompleted);

        var next = MoveNextAsync(call);
        Assert.True(await sending);
        Assert.False(next.IsCompleted);
        _stream.Complete();
        Assert.False(await next);
        Assert.True(_stream.IsComplete);
    }

    [Fact]
    public async Task Send_ManyMessages_ComeInOrder()
    {
        const int Count = 10_000;
        var received = Task.Run(async () => await _stream.ToListAsync(Cancellation), Cancellation);

        for (var i = 0; i < Count; i++)
            Assert.True(await SendAsync($"{i}"));
        _stream.Complete();

        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i}"), await received.WaitAsync(Limit, Cancellation));
    }

    [Fact]
    public async Task Send_CallThatHasEnded_AnswersFalse()
    {
        var call = _stream.GetAsyncEnumerator(Cancellation);
        var waiting = SendAsync("taken, and never asked on");
        Assert.True(await MoveNextAsync(call));

        await call.DisposeAsync();

        Assert.False(await waiting);
        Assert.False(await SendAsync("later"));
        Assert.False(_stream.IsComplete);
    }

    [Fact]
    public async Task Send_CallThatIsCancelledWhileItWaits_AnswersFalse()
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var call = _stream.GetAsyncEnumerator(cancelled.Token);
        var next = MoveNextAsync(call);
        Assert.False(next.IsCompleted);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        Assert.False(await SendAsync("later"));
    }

    [Fact]
    public async Task Send_NobodyTakesIt_WaitsUntilItIsCancelled()
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var sending = _stream.SendAsync("message", cancelled.Token).AsTask();
        Assert.False(sending.IsCompleted);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(Limit, Cancellation));
    }

    private Task<bool> SendAsync(string message) => _stream.SendAsync(message, Cancellation).AsTask().WaitAsync(Limit, Cancellation);

    private static Task<bool> MoveNextAsync(IAsyncEnumerator<string> call) => call.MoveNextAsync().AsTask().WaitAsync(Limit, Cancellation);
}
