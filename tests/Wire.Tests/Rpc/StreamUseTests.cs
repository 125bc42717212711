using Google.Protobuf;
using Grpc.Core;
using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>Streams used out of order, ended early, or not at all.</summary>
public sealed class StreamUseTests
{
    private static readonly EchoRequest Large = new() { Payload = ByteString.CopyFrom(new byte[400 * 1024]) };

    [Fact]
    public async Task WriteAsync_AfterCompleteAsync_SaysThatTheRequestsAreCompleted()
    {
        await using var pair = await RpcPair.StartAsync();
        using var call = pair.Client.Duplex();
        await call.RequestStream.CompleteAsync().WaitAsync(RpcPair.Limit);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new EchoRequest()).WaitAsync(RpcPair.Limit));

        Assert.Contains("CompleteAsync", exception.Message, StringComparison.Ordinal);
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
        await call.RequestStream.CompleteAsync().WaitAsync(RpcPair.Limit);
    }

    [Fact]
    public async Task CompleteAsync_WhileAWriteWaits_ComesBehindIt()
    {
        await using var pair = await RpcPair.StartAsync();
        var goOn = new Signal();
        var sizes = new List<int>();
        pair.Service.OnClientStream = async (requests, _) =>
        {
            await goOn.WaitAsync();
            while (await requests.MoveNext())
                sizes.Add(requests.Current.Payload.Length);
            return new EchoReply();
        };
        using var call = pair.Client.ClientStream();
        var first = call.RequestStream.WriteAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[256 * 1024]) });
        await first.WaitAsync(RpcPair.Limit);
        var write = call.RequestStream.WriteAsync(Large);
        Assert.False(write.IsCompleted);

        await call.RequestStream.CompleteAsync().WaitAsync(RpcPair.Limit);
        goOn.Set();

        await write.WaitAsync(RpcPair.Limit);
        await call.ResponseAsync.WaitAsync(RpcPair.Limit);
        Assert.Equal([256 * 1024, 400 * 1024], sizes);
    }

    [Fact]
    public async Task TwoWrites_AtOnce_TheSecondIsRefusedAndTheFirstGoesOn()
    {
        await using var pair = await RpcPair.StartAsync();
        var goOn = new Signal();
        pair.Service.OnClientStream = async (requests, _) =>
        {
            await goOn.WaitAsync();
            var count = 0;
            while (await requests.MoveNext())
                count++;
            return new EchoReply { Count = count };
        };
        using var call = pair.Client.ClientStream();
        await call.RequestStream.WriteAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[256 * 1024]) }).WaitAsync(RpcPair.Limit);
        var first = call.RequestStream.WriteAsync(Large);

        var second = await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new EchoRequest()).WaitAsync(RpcPair.Limit));
        Assert.Contains("previous write", second.Message, StringComparison.Ordinal);
        goOn.Set();
        await first.WaitAsync(RpcPair.Limit);
        await call.RequestStream.CompleteAsync();

        Assert.Equal(2, (await call.ResponseAsync.WaitAsync(RpcPair.Limit)).Count);
    }

    [Fact]
    public async Task TwoReads_AtOnce_TheSecondIsRefusedAndTheFirstGoesOn()
    {
        await using var pair = await RpcPair.StartAsync();
        using var call = pair.Client.Duplex();
        var first = call.ResponseStream.MoveNext(CancellationToken.None);

        var second = await Assert.ThrowsAsync<InvalidOperationException>(() => call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
        Assert.Contains("previous read", second.Message, StringComparison.Ordinal);
        await call.RequestStream.WriteAsync(new EchoRequest()).WaitAsync(RpcPair.Limit);

        Assert.True(await first.WaitAsync(RpcPair.Limit));
    }

    [Fact]
    public async Task Handler_MisusesItsStreams_IsToldSo()
    {
        await using var pair = await RpcPair.StartAsync();
        Exception? secondRead = null;
        Exception? secondWrite = null;
        var goOn = new Signal();
        pair.Service.OnDuplex = async (requests, replies, _) =>
        {
            var read = requests.MoveNext();
            secondRead = await Record.ExceptionAsync(() => requests.MoveNext());
            await replies.WriteAsync(new EchoReply { Payload = ByteString.CopyFrom(new byte[256 * 1024]) });
            var write = replies.WriteAsync(new EchoReply { Payload = Large.Payload });
            secondWrite = await Record.ExceptionAsync(() => replies.WriteAsync(new EchoReply()));
            goOn.Set();
            await write;
            await read;
        };
        using var call = pair.Client.Duplex();
        await goOn.WaitAsync();
        await call.RequestStream.CompleteAsync();
        for (var i = 0; i < 2; i++)
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));

        Assert.Contains("previous read", Assert.IsType<InvalidOperationException>(secondRead).Message, StringComparison.Ordinal);
        Assert.Contains("previous write", Assert.IsType<InvalidOperationException>(secondWrite).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_WritesAfterItHasReturned_IsToldThatTheCallHasEnded()
    {
        await using var pair = await RpcPair.StartAsync();
        IServerStreamWriter<EchoReply>? writer = null;
        pair.Service.OnServerStream = (_, replies, _) =>
        {
            writer = replies;
            return Task.CompletedTask;
        };
        using var call = pair.Client.ServerStream(new EchoRequest());
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));

        await Assert.ThrowsAsync<InvalidOperationException>(() => writer!.WriteAsync(new EchoReply()).WaitAsync(RpcPair.Limit));
    }

    [Fact]
    public async Task Handler_ReturnsWithoutWaitingForItsLastWrite_LosesNothing()
    {
        await using var pair = await RpcPair.StartAsync();
        Task? last = null;
        pair.Service.OnServerStream = async (_, replies, _) =>
        {
            await replies.WriteAsync(new EchoReply { Payload = ByteString.CopyFrom(new byte[256 * 1024]) });
            last = replies.WriteAsync(new EchoReply { Payload = Large.Payload });
        };
        using var call = pair.Client.ServerStream(new EchoRequest());
        for (var i = 0; i < 2; i++)
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));

        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
        await last!.WaitAsync(RpcPair.Limit);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Handler_AnswersWhileTheCallerStillWrites_TheWriterIsToldAndTheAnswerArrives(bool fails)
    {
        await using var pair = await RpcPair.StartAsync();
        pair.Service.OnClientStream = async (requests, _) =>
        {
            Assert.True(await requests.MoveNext());
            return fails ? throw new RpcException(new Status(StatusCode.Aborted, "enough")) : new EchoReply { Text = "enough" };
        };
        using var call = pair.Client.ClientStream();

        var exception = await Record.ExceptionAsync(async () =>
        {
            while (true)
                await call.RequestStream.WriteAsync(Large).WaitAsync(RpcPair.Limit);
        });

        if (fails)
        {
            Assert.Equal(StatusCode.Aborted, Assert.IsType<RpcException>(exception).StatusCode);
            Assert.Equal(StatusCode.Aborted, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(RpcPair.Limit))).StatusCode);
        }
        else
        {
            Assert.IsType<InvalidOperationException>(exception);
            Assert.Equal("enough", (await call.ResponseAsync.WaitAsync(RpcPair.Limit)).Text);
        }

        await pair.GoRoundAsync();
    }

    [Fact]
    public async Task Handler_NeverReads_TheCallEndsAsItSays()
    {
        await using var pair = await RpcPair.StartAsync();
        pair.Service.OnDuplex = async (_, replies, _) => await replies.WriteAsync(new EchoReply { Text = "unread" });

        using var call = pair.Client.Duplex();
        for (var i = 0; i < 3; i++)
        {
            // What it is told when the call has ended is another test's.
            _ = await Record.ExceptionAsync(() => call.RequestStream.WriteAsync(new EchoRequest()).WaitAsync(RpcPair.Limit));
        }

        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
        Assert.Equal("unread", call.ResponseStream.Current.Text);
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
    }

    [Fact]
    public async Task CallerCompletesAtOnce_HandlerWritesOn_AllOfItArrives()
    {
        await using var pair = await RpcPair.StartAsync();
        pair.Service.OnDuplex = async (requests, replies, _) =>
        {
            Assert.False(await requests.MoveNext());
            for (var i = 0; i < 100; i++)
                await replies.WriteAsync(new EchoReply { Count = i });
        };

        using var call = pair.Client.Duplex();
        await call.RequestStream.CompleteAsync();
        for (var i = 0; i < 100; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
            Assert.Equal(i, call.ResponseStream.Current.Count);
        }

        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
    }

    [Fact]
    public async Task StatusAndTrailers_OfAnOpenCall_AreRefusedUntilItEnds()
    {
        await using var pair = await RpcPair.StartAsync();
        using var call = pair.Client.Duplex();

        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Empty(call.GetTrailers());
    }

    [Fact]
    public async Task Current_BeforeTheFirstMessage_IsRefused()
    {
        await using var pair = await RpcPair.StartAsync();
        using var call = pair.Client.Duplex();

        Assert.Throws<InvalidOperationException>(() => call.ResponseStream.Current);
    }

    [Fact]
    public async Task Call_DisposedWithALargeRequestOnItsWay_LeavesNoUnobservedException()
    {
        var unobserved = new List<Exception>();
        EventHandler<UnobservedTaskExceptionEventArgs> note = (_, args) =>
        {
            if (args.Exception.InnerExceptions.Any(inner => inner is Http2StreamClosedException))
                unobserved.Add(args.Exception);
        };
        TaskScheduler.UnobservedTaskException += note;
        try
        {
            await DisposeInMidRequestAsync();
            for (var i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= note;
        }

        Assert.Empty(unobserved);

        static async Task DisposeInMidRequestAsync()
        {
            var (peer, client) = await RawPeer.ServeAsync();
            await using var _ = peer;
            using (client.UnaryAsync(Large))
                await peer.AcceptAsync();
        }
    }
}
