using Google.Protobuf;
using Grpc.Core;
using Plugwire.Wire.Tests.Rpc;

namespace Plugwire.Interop.Tests;

/// <summary>What any gRPC client and any gRPC server do together. A pair of makes derives from it.</summary>
public abstract class PeerTests
{
    private static readonly Metadata Gzip = new() { { "grpc-internal-encoding-request", "gzip" } };

    private protected abstract Task<EchoPair> StartAsync();

    [Fact]
    public async Task EveryKind_OfCall_IsServed()
    {
        await using var pair = await StartAsync();

        var unary = await pair.Client.UnaryAsync(new EchoRequest { Text = "hello" }).ResponseAsync.WaitAsync(EchoPair.Limit);
        Assert.Equal("hello", unary.Text);

        using var upload = pair.Client.ClientStream();
        for (var i = 0; i < 100; i++)
            await upload.RequestStream.WriteAsync(new EchoRequest()).WaitAsync(EchoPair.Limit);
        await upload.RequestStream.CompleteAsync().WaitAsync(EchoPair.Limit);
        Assert.Equal(100, (await upload.ResponseAsync.WaitAsync(EchoPair.Limit)).Count);

        using var download = pair.Client.ServerStream(new EchoRequest { Count = 100 });
        for (var i = 0; i < 100; i++)
        {
            Assert.True(await download.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(EchoPair.Limit));
            Assert.Equal(i, download.ResponseStream.Current.Count);
        }

        Assert.False(await download.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(EchoPair.Limit));

        using var duplex = pair.Client.Duplex();
        for (var i = 0; i < 100; i++)
        {
            await duplex.RequestStream.WriteAsync(new EchoRequest { Count = i }).WaitAsync(EchoPair.Limit);
            Assert.True(await duplex.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(EchoPair.Limit));
            Assert.Equal(i, duplex.ResponseStream.Current.Count);
        }

        await duplex.RequestStream.CompleteAsync().WaitAsync(EchoPair.Limit);
        Assert.False(await duplex.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(EchoPair.Limit));
        Assert.Equal(StatusCode.OK, duplex.GetStatus().StatusCode);
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Cancellation_ByTheCaller_EndsTheCallAndFiresTheHandlersToken(MethodType kind)
    {
        await using var pair = await StartAsync();
        var (started, cancelled) = WaitForCancellation(pair.Service);
        using var cancellation = new CancellationTokenSource();

        var call = RunAsync(pair.Client, kind, new CallOptions(cancellationToken: cancellation.Token));
        await started.Task.WaitAsync(EchoPair.Limit);
        await cancellation.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.WaitAsync(EchoPair.Limit))).StatusCode);
        await cancelled.Task.WaitAsync(EchoPair.Limit);
        await pair.Client.UnaryAsync(new EchoRequest(), new CallOptions(cancellationToken: new CancellationToken(canceled: true))).ResponseAsync
            .ContinueWith(static task => Assert.True(task.IsFaulted || task.IsCanceled), TaskScheduler.Default).WaitAsync(EchoPair.Limit);
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Deadline_ThatPasses_EndsTheCallAndFiresTheHandlersToken(MethodType kind)
    {
        await using var pair = await StartAsync();
        var (started, cancelled) = WaitForCancellation(pair.Service);

        var call = RunAsync(pair.Client, kind, new CallOptions(deadline: (TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(2)).UtcDateTime));

        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => call.WaitAsync(EchoPair.Limit))).StatusCode);

        // On a machine that is very busy the time may pass before the handler is reached.
        if (started.Task.IsCompleted)
            await cancelled.Task.WaitAsync(EchoPair.Limit);
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    public async Task Failure_OfTheHandler_ArrivesWithCodeDetailAndTrailers(MethodType kind)
    {
        await using var pair = await StartAsync();
        foreach (var code in Enum.GetValues<StatusCode>().Where(code => code != StatusCode.OK))
        {
            Do(pair.Service, _ => throw new RpcException(
                new Status(code, "Grüße, 100 %\nof 世界."), new Metadata { { "reason", "r1" }, { "reason", "r2" }, { "reason-bin", [0, 255] } }));

            var failure = await Assert.ThrowsAsync<RpcException>(() => RunAsync(pair.Client, kind, default).WaitAsync(EchoPair.Limit));

            Assert.Equal(code, failure.StatusCode);
            Assert.Equal("Grüße, 100 %\nof 世界.", failure.Status.Detail);
            Assert.Equal(["r1", "r2"], failure.Trailers.GetAll("reason").Select(entry => entry.Value));
            Assert.Equal([0, 255], failure.Trailers.GetValueBytes("reason-bin"));
        }
    }

    [Fact]
    public async Task Failure_AfterMessages_ComesBehindThem()
    {
        await using var pair = await StartAsync();
        pair.Service.OnServerStream = async (_, replies, _) =>
        {
            for (var i = 0; i < 3; i++)
                await replies.WriteAsync(new EchoReply());
            throw new RpcException(new Status(StatusCode.DataLoss, "lost"), new Metadata { { "after", "3" } });
        };

        using var call = pair.Client.ServerStream(new EchoRequest());
        for (var i = 0; i < 3; i++)
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(EchoPair.Limit));
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(EchoPair.Limit));

        Assert.Equal((StatusCode.DataLoss, "3"), (failure.StatusCode, failure.Trailers.GetValue("after")));
    }

    [Fact]
    public async Task Metadata_InEveryDirection_ArrivesAsItWasSent()
    {
        await using var pair = await StartAsync();
        var sent = new Metadata { { "text", "a value, with: signs; \"~" }, { "twice", "1" }, { "twice", "2" } };
        for (var length = 0; length < 5; length++)
            sent.Add($"bytes{length}-bin", Enumerable.Range(250, length).Select(value => unchecked((byte)value)).ToArray());
        Metadata? seen = null;
        pair.Service.OnUnary = async (_, context) =>
        {
            seen = context.RequestHeaders;
            await context.WriteResponseHeadersAsync(sent);
            foreach (var entry in sent)
                context.ResponseTrailers.Add(entry);
            return new EchoReply();
        };

        using var call = pair.Client.UnaryAsync(new EchoRequest(), sent);
        await call.ResponseAsync.WaitAsync(EchoPair.Limit);

        AssertHolds(sent, seen!);
        AssertHolds(sent, await call.ResponseHeadersAsync.WaitAsync(EchoPair.Limit));
        AssertHolds(sent, call.GetTrailers());
    }

    [Fact]
    public async Task Method_ThatIsNotServed_IsUnimplemented()
    {
        await using var pair = await StartAsync();
        var messages = Marshallers.Create<byte[]>(static bytes => bytes, static bytes => bytes);
        var unknown = new Method<byte[], byte[]>(MethodType.Unary, "plugwire.wire.tests.Echo", "Nothing", messages, messages);

        var failure = await Assert.ThrowsAsync<RpcException>(() => pair.Invoker.AsyncUnaryCall(unknown, null, default, []).ResponseAsync.WaitAsync(EchoPair.Limit));

        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public async Task Gzip_AskedForByBothSides_CarriesMessages(int size)
    {
        await using var pair = await StartAsync();
        pair.Service.OnDuplex = async (requests, replies, context) =>
        {
            await context.WriteResponseHeadersAsync(Gzip);
            while (await requests.MoveNext())
                await replies.WriteAsync(ScriptedEcho.Reply(requests.Current));
        };
        var payload = ByteString.CopyFrom(new byte[size]);

        using var call = pair.Client.Duplex(Gzip);
        for (var i = 0; i < 3; i++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Payload = payload }).WaitAsync(EchoPair.Limit);
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(EchoPair.Limit));
            Assert.Equal(payload, call.ResponseStream.Current.Payload);
        }

        await call.RequestStream.CompleteAsync().WaitAsync(EchoPair.Limit);
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(EchoPair.Limit));
    }

    [Fact]
    public async Task Messages_Of64MiB_PassInBothDirections()
    {
        await using var pair = await StartAsync();
        var payload = new byte[64 * 1024 * 1024];
        new Random(64).NextBytes(payload);
        var request = new EchoRequest { Payload = UnsafeByteOperations.UnsafeWrap(payload), Count = 1 };

        var unary = await pair.Client.UnaryAsync(request).ResponseAsync.WaitAsync(EchoPair.Limit);
        Assert.True(unary.Payload.Span.SequenceEqual(payload));

        using var duplex = pair.Client.Duplex();
        var write = duplex.RequestStream.WriteAsync(request);
        Assert.True(await duplex.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(EchoPair.Limit));
        Assert.True(duplex.ResponseStream.Current.Payload.Span.SequenceEqual(payload));
        await write.WaitAsync(EchoPair.Limit);
    }

    [Fact]
    public async Task ThousandCalls_AtOnce_AreAllServed()
    {
        await using var pair = await StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => i % 2 == 0 ? UnaryAsync(i) : EchoAsync(i))).WaitAsync(EchoPair.Limit);

        async Task UnaryAsync(int i) => Assert.Equal(i, (await pair.Client.UnaryAsync(new EchoRequest { Count = i })).Count);

        async Task EchoAsync(int i)
        {
            using var call = pair.Client.Duplex();
            for (var message = 0; message < 3; message++)
            {
                await call.RequestStream.WriteAsync(new EchoRequest { Count = i, Payload = ByteString.CopyFrom(new byte[i]) });
                Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
                Assert.Equal((i, i), (call.ResponseStream.Current.Count, call.ResponseStream.Current.Payload.Length));
            }

            await call.RequestStream.CompleteAsync();
            Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
        }
    }

    [Fact]
    public async Task CallerThatDoesNotRead_StopsTheHandlersWriterAndLosesNothing()
    {
        const int Count = 4000;
        await using var pair = await StartAsync();
        var written = 0;
        var stuck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        pair.Service.OnServerStream = async (_, replies, _) =>
        {
            for (var i = 0; i < Count; i++)
            {
                var write = replies.WriteAsync(new EchoReply { Count = i, Payload = ByteString.CopyFrom(new byte[16 * 1024]) });

                // Windows are the client's: Grpc.Net.Client grants a stream up to 16 MiB when it is read, ours 256 KiB.
                if (!write.IsCompleted)
                    stuck.TrySetResult();
                await write;
                Interlocked.Increment(ref written);
            }
        };

        using var call = pair.Client.ServerStream(new EchoRequest());
        await stuck.Task.WaitAsync(EchoPair.Limit);
        for (var i = 0; i < 50; i++)
            await pair.Client.UnaryAsync(new EchoRequest()).ResponseAsync.WaitAsync(EchoPair.Limit);
        Assert.InRange(Volatile.Read(ref written), 1, Count / 2);
        for (var i = 0; i < Count; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(EchoPair.Limit));
            Assert.Equal(i, call.ResponseStream.Current.Count);
        }

        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(EchoPair.Limit));
    }

    [Fact]
    public async Task HandlerThatDoesNotRead_StopsTheCallersWriterAndLosesNothing()
    {
        const int Count = 1000;
        await using var pair = await StartAsync();
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        pair.Service.OnClientStream = async (requests, _) =>
        {
            await goOn.Task;
            var count = 0;
            while (await requests.MoveNext())
                Assert.Equal(count++, requests.Current.Count);
            return new EchoReply { Count = count };
        };

        using var call = pair.Client.ClientStream();
        var written = 0;
        var writing = WriteAllAsync();
        for (var i = 0; i < 50; i++)
            await pair.Client.UnaryAsync(new EchoRequest()).ResponseAsync.WaitAsync(EchoPair.Limit);
        Assert.InRange(Volatile.Read(ref written), 0, Count / 2);
        Assert.False(writing.IsCompleted);
        goOn.SetResult();

        await writing.WaitAsync(EchoPair.Limit);
        Assert.Equal(Count, (await call.ResponseAsync.WaitAsync(EchoPair.Limit)).Count);

        async Task WriteAllAsync()
        {
            for (var i = 0; i < Count; i++)
            {
                await call.RequestStream.WriteAsync(new EchoRequest { Count = i, Payload = ByteString.CopyFrom(new byte[16 * 1024]) });
                Interlocked.Increment(ref written);
            }

            await call.RequestStream.CompleteAsync();
        }
    }

    [Fact]
    public async Task Handler_AnswersWhileTheCallerStillWrites_TheAnswerArrivesAndTheConnectionGoesOn()
    {
        await using var pair = await StartAsync();
        pair.Service.OnClientStream = async (requests, _) =>
        {
            Assert.True(await requests.MoveNext());
            return new EchoReply { Text = "enough" };
        };

        for (var i = 0; i < 10; i++)
        {
            using var call = pair.Client.ClientStream();
            var exception = await Record.ExceptionAsync(async () =>
            {
                while (true)
                    await call.RequestStream.WriteAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[16 * 1024]) }).WaitAsync(EchoPair.Limit);
            });

            Assert.NotNull(exception);
            Assert.Equal("enough", (await call.ResponseAsync.WaitAsync(EchoPair.Limit)).Text);
            Assert.Equal("after", (await pair.Client.UnaryAsync(new EchoRequest { Text = "after" }).ResponseAsync.WaitAsync(EchoPair.Limit)).Text);
        }
    }

    private static void Do(ScriptedEcho service, Func<ServerCallContext, Task> body)
    {
        service.OnUnary = async (_, context) =>
        {
            await body(context);
            return new EchoReply();
        };
        service.OnClientStream = async (_, context) =>
        {
            await body(context);
            return new EchoReply();
        };
        service.OnServerStream = (_, _, context) => body(context);
        service.OnDuplex = (_, _, context) => body(context);
    }

    private static (TaskCompletionSource Started, TaskCompletionSource Cancelled) WaitForCancellation(ScriptedEcho service)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Do(service, async context =>
        {
            started.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            }
            finally
            {
                cancelled.TrySetResult();
            }
        });
        return (started, cancelled);
    }

    private static async Task RunAsync(Echo.EchoClient client, MethodType kind, CallOptions options)
    {
        switch (kind)
        {
            case MethodType.Unary:
                await client.UnaryAsync(new EchoRequest(), options);
                break;
            case MethodType.ClientStreaming:
                using (var call = client.ClientStream(options))
                    await call.ResponseAsync;
                break;
            case MethodType.ServerStreaming:
                using (var call = client.ServerStream(new EchoRequest(), options))
                    Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
                break;
            default:
                using (var call = client.Duplex(options))
                    Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
                break;
        }
    }

    // RFC 9110 section 5.3: who passes fields of one name on may join them by commas, and .NET's HTTP does.
    private static void AssertHolds(Metadata expected, Metadata actual)
    {
        foreach (var name in expected.Select(entry => entry.Key).Distinct())
            Assert.Equal(Join(expected, name), Join(actual, name));

        static string Join(Metadata metadata, string name) => string.Join(
            ',', metadata.GetAll(name).Select(entry => entry.IsBinary ? Convert.ToHexString(entry.ValueBytes) : entry.Value.Replace(", ", ",", StringComparison.Ordinal)));
    }
}
