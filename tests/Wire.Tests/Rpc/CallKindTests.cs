using Google.Protobuf;
using Grpc.Core;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>The four kinds of calls, from our client to our server.</summary>
public sealed class CallKindTests
{
    [Fact]
    public async Task Unary_Request_IsAnswered()
    {
        await using var pair = await RpcPair.StartAsync();

        var reply = await pair.Client.UnaryAsync(new EchoRequest { Text = "hello" }).ResponseAsync.WaitAsync(RpcPair.Limit);

        Assert.Equal("hello", reply.Text);
    }

    [Fact]
    public async Task ClientStream_ManyRequests_AreAllReadInOrder()
    {
        await using var pair = await RpcPair.StartAsync();
        var seen = new List<int>();
        pair.Service.OnClientStream = async (requests, _) =>
        {
            while (await requests.MoveNext())
                seen.Add(requests.Current.Count);
            return new EchoReply { Count = seen.Count };
        };

        using var call = pair.Client.ClientStream();
        for (var i = 0; i < 1000; i++)
            await call.RequestStream.WriteAsync(new EchoRequest { Count = i }).WaitAsync(RpcPair.Limit);
        await call.RequestStream.CompleteAsync();
        var reply = await call.ResponseAsync.WaitAsync(RpcPair.Limit);

        Assert.Equal(1000, reply.Count);
        Assert.Equal(Enumerable.Range(0, 1000), seen);
    }

    [Fact]
    public async Task ServerStream_ManyReplies_AreAllReadInOrder()
    {
        await using var pair = await RpcPair.StartAsync();

        using var call = pair.Client.ServerStream(new EchoRequest { Count = 1000 });
        var seen = new List<int>();
        while (await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit))
            seen.Add(call.ResponseStream.Current.Count);

        Assert.Equal(Enumerable.Range(0, 1000), seen);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Duplex_PingPong_AnswersEachBeforeTheNext()
    {
        await using var pair = await RpcPair.StartAsync();

        using var call = pair.Client.Duplex();
        for (var i = 0; i < 100; i++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Count = i }).WaitAsync(RpcPair.Limit);
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
            Assert.Equal(i, call.ResponseStream.Current.Count);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16 * 1024)]
    [InlineData(64 * 1024)]
    [InlineData(256 * 1024)]
    [InlineData(1024 * 1024)]
    [InlineData(15 * 1024 * 1024)]
    public async Task Unary_MessageOfAnySize_ComesBackWhole(int size)
    {
        await using var pair = await RpcPair.StartAsync();
        var payload = new byte[size];
        new Random(size).NextBytes(payload);

        var reply = await pair.Client.UnaryAsync(new EchoRequest { Payload = ByteString.CopyFrom(payload) }).ResponseAsync.WaitAsync(RpcPair.Limit);

        Assert.Equal(payload, reply.Payload.Memory);
    }

    [Fact]
    public async Task Unary_ThousandAtOnceOnOneConnection_AreAllAnswered()
    {
        await using var pair = await RpcPair.StartAsync();

        var calls = Enumerable.Range(0, 1000).Select(i => pair.Client.UnaryAsync(new EchoRequest { Count = i }).ResponseAsync);
        var replies = await Task.WhenAll(calls).WaitAsync(RpcPair.Limit);

        Assert.Equal(Enumerable.Range(0, 1000), replies.Select(reply => reply.Count));
    }
}
