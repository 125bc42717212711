using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Fakes;

public sealed class FakeCallEndTests
{
    // The room of a stream, what its reader has taken, and what its writer holds.
    private const int MostAhead = 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HeldCall_WaitsUntilItIsReleased()
    {
        var echo = new FakeContract<IEcho>();
        var unary = echo.When(c => c.UnaryAsync, (Text request) => request);
        var hold = unary.Hold();

        var call = echo.Object.UnaryAsync(new Text { Value = "held" }, cancellationToken: Token).AsTask();
        await unary.Calls.WaitForAsync(c => c.Request.Value == "held", Token).Within();
        Assert.False(call.IsCompleted);
        hold.Release();

        Assert.Equal("held", (await call.Within()).Value);
    }

    [Fact]
    public async Task Arrival_OfACallThatNeverComes_IsAFailureThatNamesTheMethod()
    {
        var hold = new FakeContract<IEcho>().When(c => c.UnaryAsync, (Text request) => request).Hold();

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => hold.WaitForArrivalAsync(TimeSpan.FromMilliseconds(1), Token).Within());

        Assert.Equal("A call of plugwire.tests.echo.v1.Echo/Unary was expected to be held up, and none has come. Waited 0.001 s.", failure.Message);
    }

    [Fact]
    public async Task HeldCall_ThatItsCallerCancels_IsCancelledOnBothSides()
    {
        var echo = new FakeContract<IEcho>();
        var unary = echo.When(c => c.UnaryAsync, (Text request) => request);
        var hold = unary.Hold();
        using var cancelling = new CancellationTokenSource();

        var call = echo.Object.UnaryAsync(new Text(), cancellationToken: cancelling.Token).AsTask();
        await hold.WaitForArrivalAsync(Token).Within();
        await cancelling.CancelAsync();

        var cancelled = await Assert.ThrowsAsync<OperationCanceledException>(() => call.Within());
        Assert.Equal(cancelling.Token, cancelled.CancellationToken);
        Assert.Equal(CallCancellation.Caller, await unary.Calls[0].WaitForCancellationAsync(Token));
        Assert.Equal(StatusCode.Cancelled, (await unary.Calls[0].WaitForEndAsync(Token)).StatusCode);
    }

    [Fact]
    public async Task HeldCall_WhoseDeadlinePassesOnTheGivenClock_EndsOnBothSides()
    {
        var clock = new FakeTimeProvider();
        var echo = new FakeContract<IEcho>(timeProvider: clock);
        var unary = echo.When(c => c.UnaryAsync, (Text request) => request);
        unary.Hold();

        var call = echo.Object.UnaryAsync(new Text(), new CallContext { Timeout = TimeSpan.FromDays(3) }, Token).AsTask();
        await unary.Calls.WaitForAsync(cancellationToken: Token).Within();
        clock.Advance(TimeSpan.FromDays(2));
        Assert.False(call.IsCompleted);
        clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => call.Within())).StatusCode);
        Assert.Equal(CallCancellation.Deadline, await unary.Calls[0].WaitForCancellationAsync(Token));
    }

    [Fact]
    public async Task Call_WhoseDeadlineHasPassed_NeverComes()
    {
        var echo = new FakeContract<IEcho>(new Harness.EchoHandler());

        var failure = await Assert.ThrowsAsync<RpcException>(() => echo.Object.UnaryAsync(new Text(), new CallContext { Deadline = DateTime.UnixEpoch }, Token).AsTask().Within());

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        echo.Calls.None();
    }

    [Fact]
    public async Task EndlessStream_IsPulledAsItIsRead_AndItsHandlerHearsWhenTheReaderTurnsAway()
    {
        var echo = new FakeContract<IEcho>();
        var made = 0;
        var repeat = echo.When(c => c.RepeatAsync, (Text request) => Endless());

        var read = 0;
        await foreach (var _ in echo.Object.RepeatAsync(new Text(), cancellationToken: Token))
        {
            if (++read == 5)
                break;
        }

        Assert.Equal(CallCancellation.Caller, await repeat.Calls[0].WaitForCancellationAsync(Token).Within());
        await repeat.Calls[0].WaitForEndAsync(Token).Within();
        Assert.InRange(made, 5, 5 + MostAhead);

        IEnumerable<Text> Endless()
        {
            while (true)
            {
                made++;
                yield return new Text();
            }
        }
    }

    [Fact]
    public async Task EndlessRequests_OfACallThatIsAnsweredEarly_AreTakenNoFurther()
    {
        var echo = new FakeContract<IEcho>();
        echo.When(c => c.CollectAsync, async (IAsyncEnumerable<Text> requests, CallContext _, CancellationToken token) => await requests.FirstAsync(token));
        var given = 0;

        var answer = await echo.Object.CollectAsync(Endless().ToAsyncEnumerable(), cancellationToken: Token).AsTask().Within();

        Assert.Equal("1", answer.Value);
        Assert.InRange(given, 1, MostAhead);

        IEnumerable<Text> Endless()
        {
            while (true)
                yield return new Text { Value = $"{++given}" };
        }
    }

    [Fact]
    public async Task Requests_ThatFail_AreWhatTheCallerIsTold_AndCancelTheCall()
    {
        var echo = new FakeContract<IEcho>();
        var collect = echo.When(c => c.CollectAsync, (IReadOnlyList<Text> requests) => new Text());

        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => echo.Object.CollectAsync(Failing().ToAsyncEnumerable(), cancellationToken: Token).AsTask().Within());

        Assert.Equal("of the requests", failure.Message);
        Assert.Equal(CallCancellation.Caller, await collect.Calls[0].WaitForCancellationAsync(Token).Within());

        static IEnumerable<Text> Failing()
        {
            yield return new Text();
            throw new InvalidDataException("of the requests");
        }
    }

    [Fact]
    public async Task StreamThatFails_GivesFirstWhatCameBefore()
    {
        var echo = new FakeContract<IEcho>();
        echo.When(c => c.RepeatAsync, (Text _) => Failing());
        var read = new List<string>();

        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (var response in echo.Object.RepeatAsync(new Text(), cancellationToken: Token))
                read.Add(response.Value);
        });

        Assert.Equal(StatusCode.DataLoss, failure.StatusCode);
        Assert.Equal(["1", "2"], read);

        static IEnumerable<Text> Failing()
        {
            yield return new Text { Value = "1" };
            yield return new Text { Value = "2" };
            throw new RpcException(new Status(StatusCode.DataLoss, "torn"));
        }
    }
}
