using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Plugwire.Contracts.Tests.Links;

namespace Plugwire.Contracts.Tests.Calling;

/// <summary>The caller's enumerable of requests: how it ends, and how it is treated.</summary>
public sealed class RequestTests
{
    [Theory]
    [EachLink(MethodType.ClientStreaming)]
    [EachLink(MethodType.DuplexStreaming)]
    public async Task Requests_ThatEnd_AreDisposedOfAndEndTheHandlersEnumeration(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        var requests = new TrackedRequests((index, _) => new(index < 5 ? new EchoRequest { Count = 1 } : null));

        Assert.Equal(5, await SumAsync(link.Client, kind, requests).Within());

        Assert.True(requests.IsDisposed);
        Assert.Null(requests.Violation);
    }

    [Theory]
    [EachLink(MethodType.ClientStreaming, 0)]
    [EachLink(MethodType.DuplexStreaming, 0)]
    [EachLink(MethodType.ClientStreaming, 3)]
    [EachLink(MethodType.DuplexStreaming, 3)]
    public async Task Requests_ThatThrow_EndTheCallWithThatVeryErrorAndCancelTheHandler(Link where, MethodType kind, int count)
    {
        await using var link = await EchoLink.StartAsync(where);
        var probe = HandlerProbe.In(link.Service);
        var mine = new InvalidTimeZoneException("mine");
        var requests = new TrackedRequests(async (index, _) =>
        {
            if (index < count)
                return new EchoRequest();
            await probe.Started.WaitAsync();
            throw Mine(mine);
        });

        var thrown = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => SumAsync(link.Client, kind, requests)).Within();

        Assert.Same(mine, thrown);
        Assert.Contains(nameof(Requests_ThatThrow_EndTheCallWithThatVeryErrorAndCancelTheHandler), thrown.StackTrace, StringComparison.Ordinal);
        Assert.True(requests.IsDisposed);
        Assert.Null(requests.Violation);
        await probe.Ended.WaitAsync();
        Assert.Equal(CallCancellation.Caller, probe.Reason);
    }

    [Theory]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Requests_ThatCannotEvenBeEnumerated_EndTheCallWithThatVeryError(MethodType kind)
    {
        await using var link = await EchoLink.StartAsync();
        HandlerProbe.In(link.Service);
        var mine = new InvalidTimeZoneException();

        Assert.Same(mine, await Assert.ThrowsAsync<InvalidTimeZoneException>(() => SumAsync(link.Client, kind, new Unenumerable(mine))).Within());
    }

    [Theory]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Requests_ThatThrowAtTheirDisposal_EndTheCallWithThatVeryError(MethodType kind)
    {
        await using var link = await EchoLink.StartAsync();
        var mine = new InvalidTimeZoneException();

        var requests = new TrackedRequests((index, _) => new(index < 2 ? new EchoRequest() : null)) { FailureOfDisposal = mine };

        Assert.Same(mine, await Assert.ThrowsAsync<InvalidTimeZoneException>(() => SumAsync(link.Client, kind, requests)).Within());
    }

    [Theory]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Requests_WithANull_EndTheCallWithAnErrorThatSaysSo(MethodType kind)
    {
        await using var link = await EchoLink.StartAsync();

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => SumAsync(link.Client, kind, Nulls())).Within();

        Assert.Contains("gave null where a EchoRequest was expected", thrown.Message, StringComparison.Ordinal);

        static async IAsyncEnumerable<EchoRequest> Nulls()
        {
            await Task.CompletedTask;
            yield return new EchoRequest();
            yield return null!;
        }
    }

    [Theory]
    [EachLink(MethodType.ClientStreaming)]
    [EachLink(MethodType.DuplexStreaming)]
    public async Task Handler_ThatReturnsBeforeReadingAll_EndsTheCallWellAndTheRequestsAreDisposedOf(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        link.Service.OnUpload = async (requests, _, _) =>
        {
            await foreach (var request in requests)
                return new EchoReply { Count = 7 };
            return new EchoReply();
        };
        link.Service.OnDuplex = (requests, _, _) => FirstAsync(requests);
        var requests = TrackedRequests.ThenIdle(1);

        Assert.Equal(7, await SumAsync(link.Client, kind, requests).Within());

        Assert.True(requests.IsDisposed);
        Assert.True(requests.IsCancelled);
        Assert.Null(requests.Violation);

        static async IAsyncEnumerable<EchoReply> FirstAsync(IAsyncEnumerable<EchoRequest> requests)
        {
            await foreach (var request in requests)
            {
                yield return new EchoReply { Count = 7 };
                yield break;
            }
        }
    }

    [Theory]
    [EachLink(MethodType.ClientStreaming)]
    [EachLink(MethodType.DuplexStreaming)]
    public async Task Handler_ThatReturnsWhileRequestsStillFlow_EndsTheCallWell(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        link.Service.OnUpload = async (requests, _, _) =>
        {
            await foreach (var request in requests)
            {
                if (request.Count == 50)
                    break;
            }

            return new EchoReply { Count = 7 };
        };
        link.Service.OnDuplex = (requests, _, _) => FiftyAsync(requests);
        for (var i = 0; i < 5; i++)
        {
            var requests = TrackedRequests.Endless(payload: 10_000);

            Assert.Equal(7, await SumAsync(link.Client, kind, requests).Within());

            Assert.True(requests.IsDisposed);
            Assert.Null(requests.Violation);
        }

        static async IAsyncEnumerable<EchoReply> FiftyAsync(IAsyncEnumerable<EchoRequest> requests)
        {
            await foreach (var request in requests)
            {
                if (request.Count == 50)
                    break;
            }

            yield return new EchoReply { Count = 7 };
        }
    }

    [Theory]
    [EachLink(MethodType.ClientStreaming)]
    [EachLink(MethodType.DuplexStreaming)]
    public async Task Handler_ThatFailsWhileRequestsStillFlow_EndsTheCallWithItsStatus(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        link.Service.FailWith(new RpcException(new Status(StatusCode.OutOfRange, "no more")));
        for (var i = 0; i < 5; i++)
        {
            var requests = TrackedRequests.Endless(payload: 10_000);

            Assert.Equal(StatusCode.OutOfRange, (await Assert.ThrowsAsync<RpcException>(() => SumAsync(link.Client, kind, requests)).Within()).StatusCode);

            Assert.True(requests.IsLetGo);
            Assert.Null(requests.Violation);
        }
    }

    [Theory]
    [EachLink(MethodType.ClientStreaming)]
    [EachLink(MethodType.DuplexStreaming)]
    public async Task Token_ThatTheCallerFires_ReachesTheRequestsAndTheyAreDisposedOf(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        var probe = HandlerProbe.In(link.Service);
        var requests = TrackedRequests.ThenIdle(2);
        using var cancellation = new CancellationTokenSource();

        var call = SumAsync(link.Client, kind, requests, cancellation.Token);
        await probe.Started.WaitAsync();
        await cancellation.CancelAsync();

        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call).Within();
        Assert.Equal(cancellation.Token, failure.CancellationToken);
        Assert.True(requests.IsLetGo);
        Assert.Null(requests.Violation);
    }

    [Theory]
    [EachLink]
    public async Task Break_OutOfTheResponses_ReachesTheRequestsAndTheyAreDisposedOf(Link where)
    {
        await using var link = await EchoLink.StartAsync(where);
        var requests = TrackedRequests.ThenIdle(2);

        await foreach (var _ in link.Client.DuplexAsync(requests))
            break;

        Assert.True(requests.IsDisposed);
        Assert.True(requests.IsCancelled);
        Assert.Null(requests.Violation);
    }

    [Fact]
    public async Task Requests_OfTheCallersOwnToken_EndTheCallWithThatTokenAndNotAsTheirFailure()
    {
        await using var link = await EchoLink.StartAsync();
        var probe = HandlerProbe.In(link.Service);
        using var cancellation = new CancellationTokenSource();
        var requests = new TrackedRequests(async (_, _) =>
        {
            // Not the token that the enumeration gets.
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation.Token);
            return null;
        });

        var call = link.Client.UploadAsync(requests, cancellationToken: cancellation.Token);
        await probe.Started.WaitAsync();
        await cancellation.CancelAsync();

        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within());
        Assert.Equal(cancellation.Token, failure.CancellationToken);
        Assert.StartsWith("The caller cancelled the call.", failure.Message, StringComparison.Ordinal);
        Assert.IsType<RpcException>(failure.InnerException);
    }

    [Theory]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Requests_ThatDoNotHeedTheirToken_HoldTheEndNoLongerThanASecond(MethodType kind)
    {
        var clock = new FakeTimeProvider();
        await using var link = await EchoLink.StartAsync(timeProvider: clock);
        var read = new Signal();
        link.Service.OnUpload = async (requests, _, _) =>
        {
            await read.WaitAsync();
            return new EchoReply { Count = 7 };
        };
        link.Service.OnDuplex = (_, _, _) => AnswerAsync();
        var asked = new Signal();
        var goOn = new TaskCompletionSource<EchoRequest?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var requests = new TrackedRequests((_, _) =>
        {
            asked.Set();
            return new(goOn.Task);
        });

        var call = SumAsync(link.Client, kind, requests);
        await asked.WaitAsync();
        read.Set();
        await requests.CancelledAsync();
        await link.GoRoundAsync();
        clock.Advance(TimeSpan.FromMilliseconds(999));
        await link.GoRoundAsync();
        Assert.False(call.IsCompleted);

        do
        {
            // The patience may begin a moment after the token has fired.
            clock.Advance(TimeSpan.FromSeconds(1));
            await link.GoRoundAsync();
        }
        while (!call.IsCompleted);
        Assert.Equal(7, await call.Within());
        Assert.False(requests.IsDisposed);

        // Still owned.
        goOn.SetResult(new EchoRequest());
        await requests.DisposedAsync();
        Assert.Equal(1, requests.Asked);

        async IAsyncEnumerable<EchoReply> AnswerAsync()
        {
            await read.WaitAsync();
            yield return new EchoReply { Count = 7 };
        }
    }

    [Fact]
    public async Task Requests_ThatDoNotHeedTheirToken_HoldTheDisposalNoLongerThanASecond()
    {
        var clock = new FakeTimeProvider();
        await using var link = await EchoLink.StartAsync(timeProvider: clock);
        var goOn = new TaskCompletionSource<EchoRequest?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var requests = new TrackedRequests((index, _) => index == 0 ? new(new EchoRequest()) : new(goOn.Task));
        var responses = link.Client.DuplexAsync(requests).GetAsyncEnumerator();
        Assert.True(await responses.MoveNextAsync().Within());

        var disposal = responses.DisposeAsync().AsTask();
        await requests.CancelledAsync();
        Assert.False(disposal.IsCompleted);
        do
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await link.GoRoundAsync();
        }
        while (!disposal.IsCompleted);

        await disposal.Within();
        Assert.False(requests.IsDisposed);
        goOn.SetResult(null);
        await requests.DisposedAsync();
    }

    [Fact]
    public async Task Requests_ThatThrowAfterTheCallsEnd_ChangeNothing()
    {
        await using var link = await EchoLink.StartAsync();
        var asked = new Signal();
        link.Service.OnUpload = async (_, _, _) =>
        {
            await asked.WaitAsync();
            return new EchoReply { Count = 7 };
        };
        var requests = new TrackedRequests(async (_, token) =>
        {
            asked.Set();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new InvalidTimeZoneException();
        });

        Assert.Equal(7, (await link.Client.UploadAsync(requests).Within()).Count);
        Assert.True(requests.IsDisposed);
    }

    [Theory]
    [EachLink(MethodType.ClientStreaming)]
    [EachLink(MethodType.DuplexStreaming)]
    public async Task Request_ThatIsTooLong_EndsTheCallRatherThanLeaveTheHandlerWaiting(Link where, MethodType kind)
    {
        await using var link = await EchoLink.StartAsync(where);
        link.ExpectsErrors = true;
        var requests = new TrackedRequests((index, _) =>
            new(new EchoRequest { Payload = UnsafeByteOperations.UnsafeWrap(new byte[index == 0 ? 10 : 17 * 1024 * 1024]) }));

        var failure = await Assert.ThrowsAsync<RpcException>(() => SumAsync(link.Client, kind, requests)).Within();

        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        Assert.True(requests.IsDisposed);
        Assert.Null(requests.Violation);
    }

    [Fact]
    public async Task Requests_ThatNeverWait_DoNotHoldTheirCaller()
    {
        await using var link = await EchoLink.StartAsync();
        var goOn = new ManualResetEventSlim();
        var requests = new TrackedRequests((index, _) =>
        {
            Assert.True(goOn.Wait(TimeSpan.FromSeconds(20), CancellationToken.None));
            return new(index < 3 ? new EchoRequest { Count = 1 } : null);
        });

        var call = link.Client.UploadAsync(requests);
        goOn.Set();

        Assert.Equal(3, (await call.Within()).Count);
    }

    private static async Task<int> SumAsync(IEcho client, MethodType kind, IAsyncEnumerable<EchoRequest> requests, CancellationToken cancellationToken = default)
    {
        if (kind == MethodType.ClientStreaming)
            return (await client.UploadAsync(requests, cancellationToken: cancellationToken)).Count;

        var sum = 0;
        await foreach (var reply in client.DuplexAsync(requests, cancellationToken: cancellationToken))
            sum += reply.Count;
        return sum;
    }

    private static Exception Mine(Exception mine) => mine;

    private sealed class Unenumerable(Exception exception) : IAsyncEnumerable<EchoRequest>
    {
        public IAsyncEnumerator<EchoRequest> GetAsyncEnumerator(CancellationToken cancellationToken = default) => throw exception;
    }
}
