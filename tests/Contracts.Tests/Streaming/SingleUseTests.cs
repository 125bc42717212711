using Grpc.Core;
using Plugwire.Contracts.Tests.Links;

namespace Plugwire.Contracts.Tests.Streaming;

/// <summary>A stream is enumerated once, by one reader, and there is no call before.</summary>
public sealed class SingleUseTests
{
    [Theory]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Responses_ThatNobodyEnumerates_AreNoCall(MethodType kind)
    {
        await using var link = await EchoLink.StartAsync();
        var probe = HandlerProbe.In(link.Service);
        var requests = TrackedRequests.ThenIdle(1);

        var responses = kind == MethodType.ServerStreaming ? link.Client.DownloadAsync(new EchoRequest()) : link.Client.DuplexAsync(requests);
        var enumerator = responses.GetAsyncEnumerator();
        await enumerator.DisposeAsync();

        await link.GoRoundAsync();
        Assert.False(probe.Started.IsSet);
        Assert.Equal(0, requests.Asked);
        Assert.False(await enumerator.MoveNextAsync());
    }

    [Theory]
    [InlineData(MethodType.ServerStreaming, true)]
    [InlineData(MethodType.ServerStreaming, false)]
    [InlineData(MethodType.DuplexStreaming, true)]
    [InlineData(MethodType.DuplexStreaming, false)]
    public async Task Responses_EnumeratedAgain_AreRefusedInAClearSentence(MethodType kind, bool afterTheEnd)
    {
        await using var link = await EchoLink.StartAsync();
        var responses = kind == MethodType.ServerStreaming ? link.Client.DownloadAsync(new EchoRequest { Count = 1 }) : link.Client.DuplexAsync(Requests.Range(1));
        await using var first = responses.GetAsyncEnumerator();
        while (afterTheEnd && await first.MoveNextAsync())
        {
        }

        var refused = Assert.Throws<InvalidOperationException>(() => { responses.GetAsyncEnumerator(); });

        Assert.Contains("each enumeration is one call. Call the method again.", refused.Message, StringComparison.Ordinal);
        Assert.Contains("/plugwire.contracts.tests.Echo/", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [EachLink]
    public async Task Requests_EnumeratedAgainByTheHandler_AreRefusedInAClearSentence(Link where)
    {
        await using var link = await EchoLink.StartAsync(where);
        InvalidOperationException? refused = null;
        link.Service.OnUpload = async (requests, _, _) =>
        {
            var count = 0;
            await foreach (var request in requests)
                count++;
            refused = Assert.Throws<InvalidOperationException>(() => { requests.GetAsyncEnumerator(); });
            return new EchoReply { Count = count };
        };

        Assert.Equal(3, (await link.Client.UploadAsync(Requests.Range(3)).Within()).Count);

        Assert.Contains("they come once", refused!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reader_ThatDoesNotAwaitTheReadBefore_IsRefused()
    {
        await using var link = await EchoLink.StartAsync();
        var probe = HandlerProbe.In(link.Service);
        var enumerator = link.Client.DownloadAsync(new EchoRequest()).GetAsyncEnumerator();
        var moving = enumerator.MoveNextAsync().AsTask();
        await probe.Started.WaitAsync();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await enumerator.MoveNextAsync());

        Assert.Contains("await each before the next", refused.Message, StringComparison.Ordinal);
        await enumerator.DisposeAsync();
        await Assert.ThrowsAsync<RpcException>(() => moving.Within());
    }

    [Fact]
    public async Task Current_BesideAMessage_IsRefused()
    {
        await using var link = await EchoLink.StartAsync();
        await using var enumerator = link.Client.DownloadAsync(new EchoRequest { Count = 1 }).GetAsyncEnumerator();

        Assert.Throws<InvalidOperationException>(() => enumerator.Current);
        Assert.True(await enumerator.MoveNextAsync());
        Assert.NotNull(enumerator.Current);
        Assert.False(await enumerator.MoveNextAsync());
        Assert.Throws<InvalidOperationException>(() => enumerator.Current);
    }

    [Theory]
    [EachLink]
    public async Task Reads_AfterTheEnd_SayTheEndAgain(Link where)
    {
        await using var link = await EchoLink.StartAsync(where);
        var enumerator = link.Client.DownloadAsync(new EchoRequest { Count = 1 }).GetAsyncEnumerator();

        Assert.True(await enumerator.MoveNextAsync().Within());
        Assert.False(await enumerator.MoveNextAsync().Within());
        Assert.False(await enumerator.MoveNextAsync().Within());
        await enumerator.DisposeAsync();
        await enumerator.DisposeAsync();
        Assert.False(await enumerator.MoveNextAsync().Within());
    }

    [Theory]
    [EachLink]
    public async Task Reads_AfterAFailure_SayTheEnd(Link where)
    {
        await using var link = await EchoLink.StartAsync(where);
        link.Service.FailWith(new RpcException(new Status(StatusCode.DataLoss, "lost")));
        await using var enumerator = link.Client.DownloadAsync(new EchoRequest()).GetAsyncEnumerator();

        await Assert.ThrowsAsync<RpcException>(async () => await enumerator.MoveNextAsync()).Within();

        Assert.False(await enumerator.MoveNextAsync().Within());
    }

    [Theory]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Invoker_ThatBeginsNoCall_IsToldByTheFirstRead(MethodType kind)
    {
        var client = Bound.Client<IEcho>(new NoInvoker());
        var requests = TrackedRequests.ThenIdle(1);
        await using var enumerator = (kind == MethodType.ServerStreaming ? client.DownloadAsync(new EchoRequest()) : client.DuplexAsync(requests)).GetAsyncEnumerator();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await enumerator.MoveNextAsync());

        Assert.False(await enumerator.MoveNextAsync());
        Assert.Equal(0, requests.Asked);
    }
}
