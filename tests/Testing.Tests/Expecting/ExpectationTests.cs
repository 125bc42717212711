using Plugwire.Testing.Expecting;

namespace Plugwire.Testing.Tests.Expecting;

public sealed class ExpectationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Met_ByATaskThatHasEnded_IsItsResult() =>
        Assert.Equal(7, await Expectation.MetAsync(Task.FromResult(7), TimeSpan.Zero, () => "Seven was expected.", Token).Within());

    [Fact]
    public async Task Met_ByATaskThatNeverEnds_FailsWithWhatWasExpectedAndHowLong()
    {
        var never = new TaskCompletionSource().Task;

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => Expectation.MetAsync(never, TimeSpan.FromMilliseconds(1), () => "A message was expected.", Token).Within());

        Assert.Equal("A message was expected. Waited 0.001 s.", failure.Message);
    }

    [Fact]
    public async Task Met_ByATaskThatFaultsWithATimeout_IsThatFault()
    {
        var late = Task.FromException(new TimeoutException("its own"));

        var failure = await Assert.ThrowsAsync<TimeoutException>(() => Expectation.MetAsync(late, TimeSpan.FromMinutes(1), () => "", Token).Within());

        Assert.Equal("its own", failure.Message);
    }

    [Fact]
    public async Task Met_WhenTheTestIsCancelled_IsCancelled()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Expectation.MetAsync(new TaskCompletionSource().Task, TimeSpan.FromMinutes(1), () => "", cancelled.Token).Within());
    }
}
