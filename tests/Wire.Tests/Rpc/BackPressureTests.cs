using Google.Protobuf;
using Grpc.Core;
using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>Who does not read stops who writes, and nobody else.</summary>
public sealed class BackPressureTests
{
    private const int MessageSize = 16 * 1024;
    private const int MessageCount = 500;

    // The window, and the one message that waits for it.
    private const int MostUnread = (256 * 1024 / MessageSize) + 1;

    [Theory]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task CallerThatDoesNotRead_StopsTheHandlersWriterAndLosesNothing(MethodType kind)
    {
        await using var pair = await RpcPair.StartAsync();
        var written = 0;
        var stuck = new Signal();
        pair.Service.OnServerStream = (_, replies, _) => WriteAllAsync(replies);
        pair.Service.OnDuplex = (_, replies, _) => WriteAllAsync(replies);
        using var duplex = kind == MethodType.DuplexStreaming ? pair.Client.Duplex() : null;
        using var download = kind == MethodType.ServerStreaming ? pair.Client.ServerStream(new EchoRequest()) : null;
        var replies = duplex?.ResponseStream ?? download!.ResponseStream;

        await stuck.WaitAsync();
        await pair.GoRoundAsync();
        Assert.InRange(Volatile.Read(ref written), 1, MostUnread);
        for (var i = 0; i < MessageCount; i++)
        {
            Assert.True(await replies.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
            Assert.Equal(i, replies.Current.Count);
        }

        Assert.False(await replies.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
        Assert.Equal(MessageCount, written);

        async Task WriteAllAsync(IServerStreamWriter<EchoReply> writer)
        {
            for (var i = 0; i < MessageCount; i++)
            {
                var write = writer.WriteAsync(new EchoReply { Count = i, Payload = Payload(MessageSize) });
                if (!write.IsCompleted && i >= MostUnread - 2)
                    stuck.Set();
                await write;
                Interlocked.Increment(ref written);
            }
        }
    }

    [Theory]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task HandlerThatDoesNotRead_StopsTheCallersWriterAndLosesNothing(MethodType kind)
    {
        await using var pair = await RpcPair.StartAsync();
        var goOn = new Signal();
        var seen = new List<int>();
        pair.Service.OnClientStream = async (requests, _) =>
        {
            await ReadAllAsync(requests);
            return new EchoReply();
        };
        pair.Service.OnDuplex = (requests, _, _) => ReadAllAsync(requests);
        using var duplex = kind == MethodType.DuplexStreaming ? pair.Client.Duplex() : null;
        using var upload = kind == MethodType.ClientStreaming ? pair.Client.ClientStream() : null;
        var requests = duplex?.RequestStream ?? upload!.RequestStream;

        var written = 0;
        var writing = WriteAllAsync();
        do
            await pair.GoRoundAsync();
        while (Volatile.Read(ref written) < MostUnread - 2);
        await pair.GoRoundAsync();
        Assert.InRange(Volatile.Read(ref written), 1, MostUnread);
        Assert.False(writing.IsCompleted);
        goOn.Set();
        await writing.WaitAsync(RpcPair.Limit);
        if (upload is not null)
            await upload.ResponseAsync.WaitAsync(RpcPair.Limit);
        else
            Assert.False(await duplex!.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));

        Assert.Equal(Enumerable.Range(0, MessageCount), seen);

        async Task WriteAllAsync()
        {
            for (var i = 0; i < MessageCount; i++)
            {
                await requests.WriteAsync(new EchoRequest { Count = i, Payload = Payload(MessageSize) });
                Interlocked.Increment(ref written);
            }

            await requests.CompleteAsync();
        }

        async Task ReadAllAsync(IAsyncStreamReader<EchoRequest> reader)
        {
            await goOn.WaitAsync();
            while (await reader.MoveNext())
                seen.Add(reader.Current.Count);
        }
    }

    [Fact]
    [Trait("Fault", "F22")]
    [Trait("Fault", "F23")]
    public async Task StalledStreams_99EachWay_LetUnaryCallsPass()
    {
        await using var pair = await RpcPair.StartAsync();
        var stalled = 0;
        var allStalled = new Signal();
        var goOn = new Signal();
        pair.Service.OnServerStream = async (_, replies, _) =>
        {
            for (var i = 0; i < 40; i++)
            {
                var write = replies.WriteAsync(new EchoReply { Payload = Payload(MessageSize) });
                if (!write.IsCompleted && i == MostUnread - 1 && Interlocked.Increment(ref stalled) == 99)
                    allStalled.Set();
                await write;
            }
        };
        pair.Service.OnClientStream = async (requests, _) =>
        {
            await goOn.WaitAsync();
            var count = 0;
            while (await requests.MoveNext())
                count++;
            return new EchoReply { Count = count };
        };

        var downloads = Enumerable.Range(0, 99).Select(_ => pair.Client.ServerStream(new EchoRequest())).ToList();
        var uploads = Enumerable.Range(0, 99).Select(_ => pair.Client.ClientStream()).ToList();
        var writing = Task.WhenAll(uploads.Select(WriteAsync));
        for (var i = 0; i < 100; i++)
            await pair.Client.UnaryAsync(new EchoRequest()).ResponseAsync.WaitAsync(RpcPair.Limit);
        Assert.False(writing.IsCompleted);

        goOn.Set();
        await writing.WaitAsync(RpcPair.Limit);
        Assert.All(await Task.WhenAll(uploads.Select(call => call.ResponseAsync)).WaitAsync(RpcPair.Limit), reply => Assert.Equal(40, reply.Count));
        Assert.All(await Task.WhenAll(downloads.Select(CountAsync)).WaitAsync(RpcPair.Limit), count => Assert.Equal(40, count));

        static async Task WriteAsync(AsyncClientStreamingCall<EchoRequest, EchoReply> call)
        {
            for (var i = 0; i < 40; i++)
                await call.RequestStream.WriteAsync(new EchoRequest { Payload = Payload(MessageSize) });
            await call.RequestStream.CompleteAsync();
        }

        static async Task<int> CountAsync(AsyncServerStreamingCall<EchoReply> call)
        {
            var count = 0;
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
                count++;
            return count;
        }
    }

    [Fact]
    public async Task IdleStreams_BesideTraffic_StayOpen()
    {
        await using var pair = await RpcPair.StartAsync();
        var idle = Enumerable.Range(0, 100).Select(_ => pair.Client.Duplex()).ToList();

        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => pair.Client.UnaryAsync(new EchoRequest { Count = i }).ResponseAsync)).WaitAsync(RpcPair.Limit);

        foreach (var call in idle)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Count = 7 }).WaitAsync(RpcPair.Limit);
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
            Assert.Equal(7, call.ResponseStream.Current.Count);
            call.Dispose();
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public async Task Duplex_BothWindowsFull_GoesOnWhenTheCallerReads(int messageSize)
    {
        await using var pair = await RpcPair.StartAsync();
        using var call = pair.Client.Duplex();
        var count = 4 * 1024 * 1024 / messageSize;

        var writing = WriteAllAsync();
        await pair.GoRoundAsync();
        Assert.False(writing.IsCompleted);
        for (var i = 0; i < count; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
            Assert.Equal(i, call.ResponseStream.Current.Count);
        }

        await writing.WaitAsync(RpcPair.Limit);
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));

        async Task WriteAllAsync()
        {
            for (var i = 0; i < count; i++)
                await call.RequestStream.WriteAsync(new EchoRequest { Count = i, Payload = Payload(messageSize) });
            await call.RequestStream.CompleteAsync();
        }
    }

    // nghttp2 looks whether its source has ended only while it may send: without any credit it never ends the stream.
    [Fact]
    public async Task LongResponse_ThatHasCome_LeavesItsSenderCreditToEnd()
    {
        var (peer, client) = await RawPeer.ServeAsync();
        await using var ending = peer;
        using var call = client.UnaryAsync(new EchoRequest());
        var stream = await peer.AcceptAsync();

        await stream.SendThroughAsync(RawPeer.Response(), RawPeer.Message(new EchoReply { Payload = Payload(300_000) }.ToByteArray()));

        Assert.Equal(1, stream.SendWindow.Available);
        stream.Send(trailers: RawPeer.Trailers(("grpc-status", "0")));
        Assert.Equal(300_000, (await call.ResponseAsync.WaitAsync(RpcPair.Limit)).Payload.Length);
    }

    [Fact]
    public async Task LongRequest_ThatHasCome_LeavesItsSenderCreditToEnd()
    {
        var (peer, service) = await RawPeer.CallAsync();
        await using var ending = peer;
        service.OnUnary = (request, _) => Task.FromResult(new EchoReply { Count = request.Payload.Length });
        var stream = peer.Open();

        await stream.SendThroughAsync(RawPeer.Request("Unary"), RawPeer.Message(new EchoRequest { Payload = Payload(300_000) }.ToByteArray()));

        Assert.Equal(1, stream.SendWindow.Available);
        stream.Send(endStream: true);
        Assert.Equal("0", (await stream.EndAsync())["grpc-status"]);
    }

    [Fact]
    public async Task LongMessage_ThatComesWhileTheOneBeforeIsBeingTaken_StillComesWhole()
    {
        var (near, far) = Plugwire.Wire.Transports.Memory.MemoryTransport.CreatePair();
        SlowTaker? taker = null;
        await using var server = Http2Connection.Start(far.Stream, Http2Role.Server, new Http2Options(), (connection, _) =>
        {
            var accepted = new SlowTaker(connection);
            taker ??= accepted;
            return accepted;
        });
        await using var client = Http2Connection.Start(near.Stream, Http2Role.Client, new Http2Options());
        await client.Ready.WaitAsync(RpcPair.Limit);

        // The first message is out of the queue but not given back yet when all that the window allows of the second has come.
        var first = RawPeer.Message(new byte[100_000]);
        var second = RawPeer.Message(new byte[1_000_000]);
        var stream = new RawStream(client);
        stream.Send(RawPeer.Request("Unary"), [.. first, .. second]);
        for (var i = 0; i < 20; i++)
            await PassAsync();
        taker!.TakeFirst();

        await taker.SecondCame.WaitAsync();

        async Task PassAsync()
        {
            var fence = new RawStream(client);
            fence.Send(RawPeer.Request("Unary"), endStream: true);
            await fence.EndAsync();
        }
    }

    private static ByteString Payload(int size) => UnsafeByteOperations.UnsafeWrap(new byte[size]);
}
