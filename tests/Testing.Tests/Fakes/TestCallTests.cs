using Grpc.Core;
using Plugwire.Tests.Contract;

namespace Plugwire.Testing.Tests.Fakes;

public sealed class TestCallTests
{
    private static readonly Metadata Headers = new() { { "header", "h" } };
    private static readonly Metadata Trailers = new() { { "trailer", "t" } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unary_IsAnswered_WithAllThatComesWithIt()
    {
        using var call = TestCall.Unary(new Text { Value = "a" }, Headers, Trailers);

        Assert.Equal("a", (await call).Value);
        Assert.Same(Headers, await call.ResponseHeadersAsync);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Same(Trailers, call.GetTrailers());
    }

    [Fact]
    public async Task Unary_ThatFails_HasTheFailuresStatusAndTrailers()
    {
        var failing = new RpcException(new Status(StatusCode.NotFound, "no"), new Metadata { { "own", "o" } });
        using var call = TestCall.Unary(Task.FromException<Text>(failing), trailers: Trailers);

        Assert.Same(failing, await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync));
        Assert.Equal(StatusCode.NotFound, call.GetStatus().StatusCode);
        Assert.Equal("o", call.GetTrailers().GetValue("own"));
    }

    [Fact]
    public async Task Unary_ThatIsPending_HasNoStatus_AndIsCancelledByItsDisposal()
    {
        var call = TestCall.Unary(new TaskCompletionSource<Text>().Task);

        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());
        call.Dispose();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.Within())).StatusCode);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Streams_GiveAndTakeMessages_AndTheStatusComesWithTheEnd()
    {
        var requests = new TestStreamWriter<Text>();
        using var collect = TestCall.ClientStreaming(requests, Task.FromResult(new Text { Value = "sum" }));
        using var repeat = TestCall.ServerStreaming(new TestStreamReader<Text>(new Text(), new Text()), Headers, Trailers);
        using var both = TestCall.DuplexStreaming(requests, new TestStreamReader<Text>(new Text()));

        await collect.RequestStream.WriteAsync(new Text { Value = "a" }, Token);
        await both.RequestStream.WriteAsync(new Text { Value = "b" }, Token);

        Assert.Equal(["a", "b"], requests.Messages.Select(message => message.Value));
        Assert.Equal("sum", (await collect.ResponseAsync.Within()).Value);
        Assert.True(await repeat.ResponseStream.MoveNext(Token).Within());
        Assert.Throws<InvalidOperationException>(() => repeat.GetStatus());
        Assert.True(await repeat.ResponseStream.MoveNext(Token).Within());
        Assert.False(await repeat.ResponseStream.MoveNext(Token).Within());
        Assert.Equal(StatusCode.OK, repeat.GetStatus().StatusCode);
        Assert.True(await both.ResponseStream.MoveNext(Token).Within());
    }

    [Fact]
    public async Task Stream_ThatFails_HasTheFailuresStatus()
    {
        using var call = TestCall.ServerStreaming(new TestStreamReader<Text>(Failing()));

        Assert.True(await call.ResponseStream.MoveNext(Token).Within());
        await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Token).Within());

        Assert.Equal(StatusCode.DataLoss, call.GetStatus().StatusCode);

        static async IAsyncEnumerable<Text> Failing()
        {
            yield return new Text();
            await Task.Yield();
            throw new RpcException(new Status(StatusCode.DataLoss, "torn"));
        }
    }
}
