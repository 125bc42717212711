using Grpc.Core;
using Grpc.Core.Interceptors;
using Plugwire.Contracts.Tests.Links;
using Plugwire.Testing;

namespace Plugwire.Contracts.Tests.Calling;

/// <summary>A handler passes its context on to a call of its own.</summary>
public sealed class ForwardingTests
{
    private static readonly string[] TraceNames = ["traceparent", "tracestate", "baggage", "grpc-trace-bin"];

    private readonly OptionsRecorder _recorder = new();

    [Fact]
    public async Task Headers_OfTheHandledRequest_GoOnOnlyAsFarAsTheyAreTheTrace()
    {
        var sent = await ForwardedAsync(static call => call, Handled());

        Assert.Equal(TraceNames.Order(), sent!.Select(entry => entry.Key).Order());
        Assert.Equal("00-1", sent!.GetValue("traceparent"));
        Assert.Equal([1, 2], sent!.GetValueBytes("grpc-trace-bin"));
    }

    [Fact]
    public async Task Headers_OfARequestWithoutTrace_AreNotMade()
    {
        Assert.Null(await ForwardedAsync(static call => call, new Metadata { { "authorization", "secret" } }));
    }

    [Fact]
    public async Task Headers_OfOnesOwn_GoBesideTheTraceAndStayAsTheyAre()
    {
        var own = new Metadata { { "mine", "1" } };

        var sent = await ForwardedAsync(call => call with { Headers = own }, Handled());

        Assert.Equal([.. TraceNames.Append("mine").Order()], sent!.Select(entry => entry.Key).Order());
        Assert.Single(own);
    }

    [Fact]
    public async Task Headers_OfOnesOwn_AreSentAsTheyAreWhereThereIsNoTrace()
    {
        var own = new Metadata { { "mine", "1" } };

        Assert.Same(own, await ForwardedAsync(call => call with { Headers = own }, []));
    }

    [Theory]
    [InlineData("baggage", new[] { "traceparent", "tracestate", "grpc-trace-bin" })]
    [InlineData("tracestate", new[] { "traceparent", "baggage", "grpc-trace-bin" })]
    public async Task Header_OfTheTraceThatIsSet_IsNotReplaced(string name, string[] forwarded)
    {
        var sent = await ForwardedAsync(call => call with { Headers = new Metadata { { name, "mine" } } }, Handled());

        Assert.Equal("mine", Assert.Single(sent!.GetAll(name)).Value);
        Assert.Equal([.. forwarded.Append(name).Order()], sent!.Select(entry => entry.Key).Order());
    }

    [Fact]
    public async Task Trace_OfOnesOwn_DoesNotGetAnothersState()
    {
        var sent = await ForwardedAsync(call => call with { Headers = new Metadata { { "traceparent", "mine" } } }, Handled());

        Assert.Equal(["baggage", "grpc-trace-bin", "traceparent"], sent!.Select(entry => entry.Key).Order());
        Assert.Equal("mine", sent!.GetValue("traceparent"));
    }

    [Fact]
    public async Task Token_OfTheHandler_IsTheCallsWhereNoOtherIsPassed()
    {
        var handled = new TestServerCallContext();

        await ForwardedAsync(handled.Call);
        Assert.Equal(handled.CancellationToken, _recorder.Options.CancellationToken);

        await ForwardedAsync(handled.Call, handled.CancellationToken);
        Assert.Equal(handled.CancellationToken, _recorder.Options.CancellationToken);
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public Task Token_OfTheHandler_CancelsBesideThePassedOneAndIsTold(MethodType kind) => FireOneAsync(kind, isHandlers: true);

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public Task Token_ThatIsPassed_CancelsBesideTheHandlersAndIsTold(MethodType kind) => FireOneAsync(kind, isHandlers: false);

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Link_OfTwoTokens_IsLetGoAtTheCallsEnd(MethodType kind)
    {
        await using var link = await EchoLink.StartAsync();
        link.Service.OnUpload = static (_, _, _) => new(new EchoReply());
        link.Service.OnDuplex = static (requests, _, _) => FirstAsync(requests);
        var handled = new TestServerCallContext();
        using var passed = new CancellationTokenSource();

        await Bound.Client<IEcho>(link.Invoker.Intercept(_recorder)).RunAsync(kind, handled.Call, passed.Token).Within();
        var linked = _recorder.Options.CancellationToken;
        var firedBefore = linked.IsCancellationRequested;
        await passed.CancelAsync();
        handled.Cancel();

        // That of an enumerable of requests fires with the call's end.
        Assert.Equal(kind is MethodType.ClientStreaming or MethodType.DuplexStreaming, firedBefore);
        Assert.Equal(firedBefore, linked.IsCancellationRequested);

        static async IAsyncEnumerable<EchoReply> FirstAsync(IAsyncEnumerable<EchoRequest> requests)
        {
            await foreach (var request in requests)
            {
                yield return new EchoReply();
                yield break;
            }
        }
    }

    [Theory]
    [EachLink]
    public async Task Chain_OfHandlers_EndsAsAWholeWhenItsCallerCancels(Link where)
    {
        await using var last = await EchoLink.StartAsync(where);
        await using var first = await EchoLink.StartAsync(where);
        var probe = HandlerProbe.In(last.Service);
        first.Service.OnUnary = (request, call, token) => last.Client.UnaryAsync(request, call, token);
        first.Service.OnDownload = (request, call, token) => last.Client.DownloadAsync(request, call, token);
        first.Service.OnDuplex = (requests, call, token) => last.Client.DuplexAsync(requests, call, token);
        using var cancellation = new CancellationTokenSource();

        var call = first.Client.RunAsync(MethodType.DuplexStreaming, cancellationToken: cancellation.Token);
        await probe.Started.WaitAsync();
        await cancellation.CancelAsync();

        Assert.Equal(cancellation.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within())).CancellationToken);
        await probe.Ended.WaitAsync();
        Assert.Equal(CallCancellation.Caller, probe.Reason);
    }

    [Theory]
    [EachLink]
    public async Task Chain_OfHandlers_HasOneDeadline(Link where)
    {
        await using var last = await EchoLink.StartAsync(where);
        await using var first = await EchoLink.StartAsync(where);
        DateTime? deadline = null;
        last.Service.OnUnary = (request, call, _) =>
        {
            deadline = call.Deadline;
            return new(new EchoReply());
        };
        first.Service.OnUnary = (request, call, token) => last.Client.UnaryAsync(request, call, token);
        var end = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1);

        await first.Client.UnaryAsync(new EchoRequest(), new CallContext { Deadline = end }).Within();

        // A deadline travels as the time that is left.
        Assert.InRange(deadline!.Value, end - TimeSpan.FromSeconds(1), end + TimeSpan.FromSeconds(20));
    }

    private static Metadata Handled() => new()
    {
        { "traceparent", "00-1" }, { "tracestate", "a=1" }, { "baggage", "b=2" }, { "grpc-trace-bin", [1, 2] },
        { "authorization", "secret" }, { "x-other", "1" }, { "x-other-bin", [3] },
    };

    private static async Task FireOneAsync(MethodType kind, bool isHandlers)
    {
        await using var link = await EchoLink.StartAsync();
        var probe = HandlerProbe.In(link.Service);
        var handled = new TestServerCallContext();
        using var passed = new CancellationTokenSource();

        var call = link.Client.RunAsync(kind, handled.Call, passed.Token);
        await probe.Started.WaitAsync();
        if (isHandlers)
            handled.Cancel();
        else
            await passed.CancelAsync();

        var fired = isHandlers ? handled.CancellationToken : passed.Token;
        Assert.Equal(fired, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within())).CancellationToken);
        await probe.Ended.WaitAsync();
    }

    private Task<Metadata?> ForwardedAsync(Func<CallContext, CallContext> change, Metadata handled) =>
        ForwardedAsync(change(new TestServerCallContext(requestHeaders: handled).Call));

    private async Task<Metadata?> ForwardedAsync(CallContext call, CancellationToken passed = default)
    {
        await using var link = await EchoLink.StartAsync();
        await Bound.Client<IEcho>(link.Invoker.Intercept(_recorder)).UnaryAsync(new EchoRequest(), call, passed).Within();
        return _recorder.Options.Headers;
    }
}
