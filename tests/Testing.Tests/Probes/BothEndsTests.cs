using Grpc.Core;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Probes;

/// <summary>Probes at the caller's and at the handler's end of calls of each kind.</summary>
public sealed class BothEndsTests
{
    private static readonly Text A = new() { Value = "a" };
    private static readonly Text B = new() { Value = "b" };
    private static readonly Text Fence = new() { Value = "fence" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Unary_GoesThereAndBack(PluginWay way)
    {
        var echo = new ProbedEcho();
        await using var harness = await echo.StartAsync(way, Token);

        await using var caller = CallProbe.Start(harness.GetContract<IEcho>().UnaryAsync, A);
        var handler = await echo.Handler.ExpectCallAsync(Token).Within();
        await handler.Requests.ExpectAsync(A, Token).Within();
        await handler.Requests.ExpectEndAsync(Token).Within();
        handler.Context.Response!.Trailers.Add("rules", "1");
        await handler.Responses.WriteAsync(B, Token).Within();

        await caller.Responses.ExpectAsync(B, Token).Within();
        await caller.Responses.ExpectEndAsync(Token).Within();
        await handler.Responses.ExpectDisposedAsync(Token).Within();
        Assert.Equal("1", caller.Response.Trailers.GetValue("rules"));
        await (await harness.Calls.NextAsync("Unary", Token).Within()).ExpectCompletionAsync(Token).Within();
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task ClientStream_GoesThereAndBack(PluginWay way)
    {
        var echo = new ProbedEcho();
        await using var harness = await echo.StartAsync(way, Token);
        var requests = new StreamSource<Text>();

        await using var caller = CallProbe.Start(harness.GetContract<IEcho>().CollectAsync, requests);
        var handler = await echo.Handler.ExpectCallAsync(Token).Within();
        await requests.WriteAsync(A, Token).Within();
        await requests.WriteAsync(B, Token).Within();
        await handler.Requests.ExpectAsync(A, Token).Within();
        await handler.Requests.ExpectAsync(B, Token).Within();
        await handler.Requests.ExpectSilenceAsync(requests, Fence, Token).Within();
        requests.Complete();
        await handler.Requests.ExpectEndAsync(Token).Within();
        await handler.Responses.WriteAsync(B, Token).Within();

        await caller.Responses.ExpectAsync(B, Token).Within();
        await caller.Responses.ExpectEndAsync(Token).Within();
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task ServerStream_GoesThereAndBack(PluginWay way)
    {
        var echo = new ProbedEcho();
        await using var harness = await echo.StartAsync(way, Token);

        await using var caller = CallProbe.Start(harness.GetContract<IEcho>().RepeatAsync, A);
        var handler = await echo.Handler.ExpectCallAsync(Token).Within();
        await handler.Requests.ExpectAsync(A, Token).Within();
        await handler.Responses.WriteAsync(A, Token).Within();
        await handler.Responses.WriteAsync(B, Token).Within();

        Assert.Equal([A, B], await caller.Responses.TakeAsync(2, Token).Within());
        await caller.Responses.ExpectSilenceAsync(handler.Responses, Fence, Token).Within();
        handler.Responses.Complete();
        await caller.Responses.ExpectEndAsync(Token).Within();
        Assert.Equal(StatusCode.OK, caller.Response.Status?.StatusCode);
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Duplex_GoesBothWays_AndIsSilentBetween(PluginWay way)
    {
        var echo = new ProbedEcho();
        await using var harness = await echo.StartAsync(way, Token);

        await using var both = await DuplexProbe.ConnectAsync(harness.GetContract<IEcho>().BothAsync, echo.Handler, cancellationToken: Token).Within();
        await both.Requests.WriteAsync(A, Token).Within();
        await both.Handler.Requests.ExpectAsync(A, Token).Within();
        await both.ExpectNoResponseAsync(Fence, Token).Within();
        await both.Handler.Responses.WriteAsync(B, Token).Within();
        await both.Caller.Responses.ExpectAsync(B, Token).Within();
        await both.ExpectNoRequestAsync(Fence, Token).Within();

        both.Requests.Complete();
        await both.Handler.Requests.ExpectEndAsync(Token).Within();
        both.Handler.Responses.Complete();
        await both.Caller.Responses.ExpectEndAsync(Token).Within();
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Duplex_WithAMessageUnderWay_IsNotSilent(PluginWay way)
    {
        var echo = new ProbedEcho();
        await using var harness = await echo.StartAsync(way, Token);
        await using var both = await DuplexProbe.ConnectAsync(harness.GetContract<IEcho>().BothAsync, echo.Handler, cancellationToken: Token).Within();
        await both.Requests.WriteAsync(A, Token).Within();
        await both.Handler.Responses.WriteAsync(B, Token).Within();

        var request = await Assert.ThrowsAsync<ExpectationException>(() => both.ExpectNoRequestAsync(Fence, Token).Within());
        var response = await Assert.ThrowsAsync<ExpectationException>(() => both.ExpectNoResponseAsync(Fence, Token).Within());

        Assert.Contains("Silence until the fence's message ({ \"value\": \"fence\" }) was expected on the stream of Text, and a message came: { \"value\": \"a\" }.", request.Message, StringComparison.Ordinal);
        Assert.Contains("a message came: { \"value\": \"b\" }.", response.Message, StringComparison.Ordinal);
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Caller_ThatCancels_IsSeenByTheHandlerAndByTheRequests(PluginWay way)
    {
        var echo = new ProbedEcho();
        await using var harness = await echo.StartAsync(way, Token);
        await using var both = await DuplexProbe.ConnectAsync(harness.GetContract<IEcho>().BothAsync, echo.Handler, cancellationToken: Token).Within();

        await both.Caller.CancelAsync();

        await both.Handler.ExpectCancelledAsync(CallCancellation.Caller, Token).Within();
        await both.Handler.Responses.ExpectCancelledAsync(Token).Within();
        await both.Handler.Responses.ExpectDisposedAsync(Token).Within();
        await both.Handler.Requests.ExpectErrorAsync<OperationCanceledException>(Token).Within();
        await both.Requests.ExpectDisposedAsync(Token).Within();
        await both.Caller.Responses.ExpectErrorAsync<OperationCanceledException>(Token).Within();
        await (await harness.Calls.NextAsync("Both", Token).Within()).ExpectCancelledAsync(CallCancellation.Caller, Token).Within();
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Caller_ThatBreaksOut_IsSeenByTheHandler(PluginWay way)
    {
        var echo = new ProbedEcho();
        await using var harness = await echo.StartAsync(way, Token);
        var caller = CallProbe.Start(harness.GetContract<IEcho>().RepeatAsync, A);
        var handler = await echo.Handler.ExpectCallAsync(Token).Within();
        await handler.Responses.WriteAsync(B, Token).Within();
        await caller.Responses.ExpectAsync(B, Token).Within();

        await caller.DisposeAsync();

        await handler.ExpectCancelledAsync(CallCancellation.Caller, Token).Within();
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Caller_WithADeadline_IsSeenByTheHandler_AndNotAsACancellationOfItsOwn(PluginWay way)
    {
        var echo = new ProbedEcho();
        await using var harness = await echo.StartAsync(way, Token);
        await using var caller = CallProbe.Start(harness.GetContract<IEcho>().RepeatAsync, A, new CallContext { Timeout = TimeSpan.FromMilliseconds(500) });
        var handler = await echo.Handler.ExpectCallAsync(Token).Within();

        await caller.Responses.ExpectStatusAsync(StatusCode.DeadlineExceeded, Token).Within();
        await handler.ExpectCancelledAsync(CallCancellation.Deadline, Token).Within();
        var failure = await Assert.ThrowsAsync<ExpectationException>(() => handler.ExpectCancelledAsync(CallCancellation.Caller, Token).Within());

        Assert.Equal("The handler's token was expected to fire for the reason Caller, and it has fired for Deadline.", failure.Message);
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Handler_ThatFails_IsSeenByTheCaller(PluginWay way)
    {
        var echo = new ProbedEcho();
        await using var harness = await echo.StartAsync(way, Token);
        await using var both = await DuplexProbe.ConnectAsync(harness.GetContract<IEcho>().BothAsync, echo.Handler, cancellationToken: Token).Within();

        both.Handler.Responses.Fail(new RpcException(new Status(StatusCode.NotFound, "no such rule")));

        var failure = await both.Caller.Responses.ExpectStatusAsync(StatusCode.NotFound, Token).Within();
        Assert.Equal("no such rule", failure.Status.Detail);
        await both.Requests.ExpectDisposedAsync(Token).Within();
    }

    [Theory, PluginWays(InTestProcess = true)]
    public async Task Requests_ThatFail_AreSeenByTheHandlerAsACancellation(PluginWay way)
    {
        var echo = new ProbedEcho();
        await using var harness = await echo.StartAsync(way, Token);
        await using var both = await DuplexProbe.ConnectAsync(harness.GetContract<IEcho>().BothAsync, echo.Handler, cancellationToken: Token).Within();

        both.Requests.Fail(new InvalidDataException("broken file"));

        await both.Handler.ExpectCancelledAsync(CallCancellation.Caller, Token).Within();
        Assert.Equal("broken file", (await both.Caller.Responses.ExpectErrorAsync<InvalidDataException>(Token).Within()).Message);
    }

    [Fact]
    public async Task Handler_ThatIsNotCancelled_FailsTheExpectation()
    {
        using var cancellation = new CancellationTokenSource();
        var handler = new HandlerCall<Text, Text>(new StreamSource<Text>(), default, cancellation.Token) { Limit = TimeSpan.FromMilliseconds(50) };

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => handler.ExpectCancelledAsync(CallCancellation.Caller, Token).Within());

        Assert.StartsWith("The handler's token was expected to fire (Caller), and it has not.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HandlerProbe_ToWhichNothingComes_Fails()
    {
        var handler = new HandlerProbe<Text, Text> { Limit = TimeSpan.FromMilliseconds(50) };

        var failure = await Assert.ThrowsAsync<ExpectationException>(() => handler.ExpectCallAsync(Token).Within());

        Assert.Contains("none has come to its handler", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DuplexProbe_OfAMethodThatLeadsNowhere_FailsAtOnceWithTheCallsEnd()
    {
        await using var harness = await PluginHarness.StartAsync(plugin => plugin.AddContract<IEcho>(new Silent()), cancellationToken: Token);

        var failure = await Assert.ThrowsAsync<ExpectationException>(
            () => DuplexProbe.ConnectAsync(harness.GetContract<IEcho>().BothAsync, new HandlerProbe<Text, Text>(), cancellationToken: Token).Within());

        Assert.Contains("The call was expected to come to its handler on the stream of Text, and it failed with", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Unimplemented", failure.Message, StringComparison.Ordinal);
    }

    private sealed class Silent : IEcho;
}
