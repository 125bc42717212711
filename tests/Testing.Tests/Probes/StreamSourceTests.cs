namespace Plugwire.Testing.Tests.Probes;

public sealed class StreamSourceTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_EndsWhenTheReaderHasTaken_AndNotBefore()
    {
        var source = new StreamSource<string>();
        var reader = source.GetAsyncEnumerator(Token);

        var write = source.WriteAsync("a", Token);
        Assert.False(write.IsCompleted);
        Assert.Equal(0, source.Count);
        Assert.True(await reader.MoveNextAsync());
        await write.Within();

        Assert.Equal("a", reader.Current);
        Assert.Equal(1, source.Count);
        await reader.DisposeAsync();
    }

    [Fact]
    public async Task Write_ThatNobodyTakes_Fails_AndIsTakenBack()
    {
        var source = new StreamSource<string> { Limit = Short };

        var unread = await Assert.ThrowsAsync<ExpectationException>(() => source.WriteAsync("a", Token).Within());
        var reader = source.GetAsyncEnumerator(Token);
        var unasked = await Assert.ThrowsAsync<ExpectationException>(() => source.WriteAsync("b", Token).Within());
        source.Complete();

        Assert.StartsWith("The reader of the stream of String was expected to take message 1, a, and nobody has begun to read. It has taken 0 messages.", unread.Message, StringComparison.Ordinal);
        Assert.Contains("it does not ask for a message", unasked.Message, StringComparison.Ordinal);
        Assert.False(await reader.MoveNextAsync());
        await reader.DisposeAsync();
    }

    [Fact]
    public async Task Write_ToAReaderThatTurnsAway_Fails()
    {
        var source = new StreamSource<string>();
        var reader = source.GetAsyncEnumerator(Token);
        var write = source.WriteAsync("a", Token);

        await reader.DisposeAsync();

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => write.Within());
        Assert.Contains("was expected to take message 1, a, and it reads no more.", failure.Message, StringComparison.Ordinal);
        _ = await Assert.ThrowsAsync<ExpectationException>(() => source.WriteAsync("b", Token).Within());
    }

    [Fact]
    public async Task Write_WhileAnotherOneWaits_IsRefused()
    {
        var source = new StreamSource<string>();
        var reader = source.GetAsyncEnumerator(Token);
        var write = source.WriteAsync("a", Token);

        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => source.WriteAsync("b", Token).Within());

        Assert.True(await reader.MoveNextAsync());
        await write.Within();
        await reader.DisposeAsync();
    }

    [Fact]
    public async Task Fail_IsWhatTheReaderGets_AfterWhatIsBeingWritten()
    {
        var source = new StreamSource<string>();
        var reader = source.GetAsyncEnumerator(Token);
        var write = source.WriteAsync("a", Token);
        source.Fail(new InvalidDataException("broken"));

        Assert.True(await reader.MoveNextAsync());
        await write.Within();
        Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidDataException>(async () => await reader.MoveNextAsync())).Message);
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => source.WriteAsync("b", Token).Within());
        await reader.DisposeAsync();
    }

    [Fact]
    public async Task ExpectWaiting_HoldsWhenTheReaderAsksAgain()
    {
        var source = new StreamSource<string>();
        var reader = source.GetAsyncEnumerator(Token);
        var move = reader.MoveNextAsync().AsTask();
        await source.WriteAsync("a", Token).Within();
        Assert.True(await move);

        var waiting = source.ExpectWaitingAsync(Token);
        Assert.False(waiting.IsCompleted);
        var next = reader.MoveNextAsync().AsTask();
        await waiting.Within();

        source.Complete();
        Assert.False(await next);
        await reader.DisposeAsync();
    }

    [Fact]
    public async Task ExpectWaiting_ForAReaderThatIsBusyOrGone_Fails()
    {
        var source = new StreamSource<string> { Limit = Short };
        var reader = source.GetAsyncEnumerator(Token);

        var busy = await Assert.ThrowsAsync<ExpectationException>(() => source.ExpectWaitingAsync(Token).Within());
        await reader.DisposeAsync();
        var gone = await Assert.ThrowsAsync<ExpectationException>(() => source.ExpectWaitingAsync(Token).Within());

        Assert.Contains("was expected to wait for a message, and it does not ask for a message", busy.Message, StringComparison.Ordinal);
        Assert.Contains("was expected to wait for a message, and it reads no more", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExpectDisposed_OfAReaderThatReadsOn_Fails()
    {
        var source = new StreamSource<string> { Limit = Short };
        await using var reader = source.GetAsyncEnumerator(Token);
        var move = reader.MoveNextAsync();

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => source.ExpectDisposedAsync(Token).Within());

        Assert.Contains("was expected to dispose of its enumeration, and it waits for a message.", failure.Message, StringComparison.Ordinal);
        source.Complete();
        Assert.False(await move);
    }

    [Fact]
    public async Task ExpectCancelled_HoldsWhenTheTokenFires_AndFailsBefore()
    {
        var source = new StreamSource<string> { Limit = Short };
        using var cancellation = new CancellationTokenSource();
        await using var reader = source.GetAsyncEnumerator(cancellation.Token);
        var move = reader.MoveNextAsync();

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => source.ExpectCancelledAsync(Token).Within());
        await cancellation.CancelAsync();

        Assert.Contains("was expected to be cancelled by its token, and it waits for a message.", failure.Message, StringComparison.Ordinal);
        await source.ExpectCancelledAsync(Token).Within();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await move);
    }

    [Fact]
    public void Enumeration_ForTheSecondTime_IsRefused()
    {
        var source = new StreamSource<string>();
        _ = source.GetAsyncEnumerator(Token);

        Assert.Contains("can be read once", Assert.Throws<InvalidOperationException>(() => source.GetAsyncEnumerator(Token)).Message, StringComparison.Ordinal);
    }
}
