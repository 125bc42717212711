using Grpc.Core;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Fakes;

public sealed class FakeClientTests
{
    private readonly FakeClient<Echo.EchoClient> _echo = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unary_IsAnswered_WithHeadersStatusAndTrailers()
    {
        var unary = _echo.When(c => c.UnaryAsync, async (Text request, ServerCallContext context) =>
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "header", "h" } });
            context.ResponseTrailers.Add("trailer", "t");
            return new Text { Value = request.Value + "!" };
        });

        using var call = _echo.Object.UnaryAsync(new Text { Value = "hello" }, new Metadata { { "tenant", "7" } }, cancellationToken: Token);

        Assert.Equal("hello!", (await call.ResponseAsync.Within()).Value);
        Assert.Equal("h", (await call.ResponseHeadersAsync.Within()).GetValue("header"));
        Assert.Equal("t", call.GetTrailers().GetValue("trailer"));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Equal("7", unary.Calls.Single().Headers.GetValue("tenant"));
    }

    [Fact]
    public void BlockingCall_IsAnsweredAsWell()
    {
        _echo.When(c => c.UnaryAsync, (Text request) => request);

        Assert.Equal("hello", _echo.Object.Unary(new Text { Value = "hello" }, cancellationToken: Token).Value);
    }

    [Fact]
    public async Task Streams_OfAllKinds_AreAnswered()
    {
        _echo.When(c => c.Repeat, (Text request) => new[] { request, request });
        _echo.When(c => c.Collect, (IReadOnlyList<Text> requests) => new Text { Value = string.Concat(requests.Select(request => request.Value)) });
        _echo.When(c => c.Both, (Text request) => new[] { request });

        using var repeat = _echo.Object.Repeat(new Text { Value = "r" }, cancellationToken: Token);
        using var collect = _echo.Object.Collect(cancellationToken: Token);
        using var both = _echo.Object.Both(cancellationToken: Token);
        await collect.RequestStream.WriteAsync(new Text { Value = "a" }, Token).Within();
        await collect.RequestStream.WriteAsync(new Text { Value = "b" }, Token).Within();
        await collect.RequestStream.CompleteAsync().Within();
        await both.RequestStream.WriteAsync(new Text { Value = "x" }, Token).Within();

        Assert.True(await both.ResponseStream.MoveNext(Token).Within());
        Assert.Equal("x", both.ResponseStream.Current.Value);
        await both.RequestStream.CompleteAsync().Within();
        Assert.False(await both.ResponseStream.MoveNext(Token).Within());
        Assert.Equal("ab", (await collect.ResponseAsync.Within()).Value);
        Assert.Equal(2, await CountAsync(repeat.ResponseStream));
        Assert.Equal(StatusCode.OK, repeat.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Failure_IsWhatTheCallerGets_AndTheAnswersComeInTurn()
    {
        _echo.When(c => c.UnaryAsync, (Text _) => throw new RpcException(new Status(StatusCode.Unavailable, "not yet"), new Metadata { { "trailer", "t" } }), request => request);

        using var failing = _echo.Object.UnaryAsync(new Text(), cancellationToken: Token);
        var failure = await Assert.ThrowsAsync<RpcException>(() => failing.ResponseAsync.Within());

        Assert.Equal("not yet", failure.Status.Detail);
        Assert.Equal("t", failure.Trailers.GetValue("trailer"));
        Assert.Equal(StatusCode.Unavailable, failing.GetStatus().StatusCode);
        await _echo.Object.UnaryAsync(new Text(), cancellationToken: Token).ResponseAsync.Within();
    }

    [Fact]
    public async Task DisposedCall_IsCancelled()
    {
        var unary = _echo.When(c => c.UnaryAsync, (Text request) => request);
        unary.Hold();
        var call = _echo.Object.UnaryAsync(new Text(), cancellationToken: Token);

        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        call.Dispose();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.Within())).StatusCode);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
        Assert.Equal(CallCancellation.Caller, await unary.Calls[0].WaitForCancellationAsync(Token).Within());
    }

    [Fact]
    public async Task Service_AnswersWhatIsNotTold()
    {
        var echo = new FakeClient<Echo.EchoClient>(binder => Echo.BindService(binder, new HalfAnEcho()));

        Assert.Equal("served", (await echo.Object.UnaryAsync(new Text(), cancellationToken: Token).ResponseAsync.Within()).Value);
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(() => echo.Object.Repeat(new Text(), cancellationToken: Token).ResponseStream.MoveNext(Token).Within())).StatusCode);
        Assert.Equal(["Unary", "Repeat"], echo.Calls.Select(call => call.Method));
    }

    [Fact]
    public async Task Method_WithoutAnAnswer_IsUnimplementedAndNamed()
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => _echo.Object.UnaryAsync(new Text(), cancellationToken: Token).ResponseAsync.Within());

        Assert.Equal("plugwire.tests.echo.v1.Echo/Unary is not implemented: the fake EchoClient has no answer for it. Tell it one with When.", failure.Status.Detail);
    }

    [Fact]
    public void Answer_OfAMethodThatIsNotTheClients_IsRefused()
    {
        var refusal = Assert.Throws<ArgumentException>(() => _echo.When(_ => (request, options) => TestCall.Unary(request), (Text request) => request));

        Assert.Contains("pick a method of EchoClient itself", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<int> CountAsync(IAsyncStreamReader<Text> responses)
    {
        var count = 0;
        while (await responses.MoveNext(Token).Within())
            count++;
        return count;
    }

    private sealed class HalfAnEcho : Echo.EchoBase
    {
        public override Task<Text> Unary(Text request, ServerCallContext context) => Task.FromResult(new Text { Value = "served" });
    }
}
