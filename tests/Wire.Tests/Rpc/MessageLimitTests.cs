using Google.Protobuf;
using Grpc.Core;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Rpc.Server;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>The longest message, each way, on each side.</summary>
public sealed class MessageLimitTests
{
    private const int Limit = 100_000;

    public enum Side
    {
        ClientSends,
        ServerReceives,
        ServerSends,
        ClientReceives,
    }

    public static TheoryData<Side, MethodType> Sides => new(
        from side in Enum.GetValues<Side>() from kind in Enum.GetValues<MethodType>() select (side, kind));

    [Theory]
    [MemberData(nameof(Sides))]
    [Trait("gRPC", "message over the limit")]
    public async Task Message_AroundTheLimit_PassesUpToItAndIsRefusedAboveWithLimitAndSize(Side side, MethodType kind)
    {
        await using var pair = await RpcPair.StartAsync(
            logger => new RpcServerOptions
            {
                Logger = logger,
                MaxReceiveMessageSize = side == Side.ServerReceives ? Limit : null,
                MaxSendMessageSize = side == Side.ServerSends ? Limit : null,
            },
            logger => new RpcClientOptions
            {
                Logger = logger,
                MaxReceiveMessageSize = side == Side.ClientReceives ? Limit : null,
                MaxSendMessageSize = side == Side.ClientSends ? Limit : null,
            });
        var isRequest = side is Side.ClientSends or Side.ServerReceives;

        foreach (var size in new[] { Limit - 1, Limit })
            await ExchangeAsync(pair, kind, size, isRequest);
        var failure = await Assert.ThrowsAsync<RpcException>(() => ExchangeAsync(pair, kind, Limit + 1, isRequest));

        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        Assert.Contains($"{Limit} bytes", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains($"{Limit + 1} bytes", failure.Status.Detail, StringComparison.Ordinal);
        pair.Service.OnDuplex = new ScriptedEcho().OnDuplex;
        using var later = pair.Client.Duplex();
        await later.RequestStream.WriteAsync(new EchoRequest()).WaitAsync(RpcPair.Limit);
        Assert.True(await later.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
    }

    [Fact]
    public async Task Messages_Of64MiB_PassInBothDirectionsWhenTheLimitsAreRaised()
    {
        const int Size = 64 * 1024 * 1024;
        await using var pair = await RpcPair.StartAsync(
            logger => new RpcServerOptions { Logger = logger, MaxReceiveMessageSize = Size + 64, MaxSendMessageSize = Size + 64 },
            logger => new RpcClientOptions { Logger = logger, MaxReceiveMessageSize = Size + 64, MaxSendMessageSize = Size + 64 });
        var payload = new byte[Size];
        new Random(1).NextBytes(payload);
        var request = new EchoRequest { Payload = UnsafeByteOperations.UnsafeWrap(payload) };

        var unary = await pair.Client.UnaryAsync(request).ResponseAsync.WaitAsync(RpcPair.Limit);
        Assert.True(unary.Payload.Span.SequenceEqual(payload));

        using var duplex = pair.Client.Duplex();
        for (var i = 0; i < 2; i++)
        {
            var write = duplex.RequestStream.WriteAsync(request);
            Assert.True(await duplex.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
            Assert.True(duplex.ResponseStream.Current.Payload.Span.SequenceEqual(payload));
            await write.WaitAsync(RpcPair.Limit);
        }
    }

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(16u * 1024 * 1024 + 1)]
    [Trait("gRPC", "message over the limit")]
    public async Task Prefix_OfAHugeMessage_IsRefusedByTheServerBeforeItIsSent(uint length)
    {
        var (peer, service) = await RawPeer.CallAsync();
        await using var _ = peer;
        foreach (var method in new[] { "Unary", "ClientStream", "ServerStream", "Duplex" })
        {
            var call = peer.Open();
            call.Send(RawPeer.Request(method), RawPeer.Message([], length: length));
            var end = await call.EndAsync();

            Assert.Equal("8", end["grpc-status"]);
            Assert.Contains($"{length} bytes", end["grpc-message"], StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("gRPC", "message over the limit")]
    public async Task Prefix_OfAHugeMessage_IsRefusedByTheClientBeforeItIsSent()
    {
        var (peer, client) = await RawPeer.ServeAsync();
        await using var _ = peer;
        foreach (var kind in Enum.GetValues<MethodType>())
        {
            using var call = OpenCall.Start(client, kind);
            var stream = await peer.AcceptAsync();
            stream.Send(RawPeer.Response(), RawPeer.Message([], length: uint.MaxValue));

            var failure = await call.FailureAsync();
            Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
            Assert.Contains($"{uint.MaxValue} bytes", failure.Status.Detail, StringComparison.Ordinal);
            Assert.Equal(Plugwire.Wire.Http2.Http2ErrorCode.Cancel, await stream.ResetAsync());
        }
    }

    [Fact]
    [Trait("gRPC", "malformed message")]
    public async Task Message_ThatIsNoProtobuf_IsInternalAndTheConnectionGoesOn()
    {
        var (peer, client) = await RawPeer.ServeAsync();
        await using var _ = peer;
        foreach (var kind in Enum.GetValues<MethodType>())
        {
            using var call = OpenCall.Start(client, kind);
            var stream = await peer.AcceptAsync();
            stream.Send(RawPeer.Response(), RawPeer.Message([0xff, 0xff, 0xff]), RawPeer.Trailers(("grpc-status", "0")));

            var failure = await call.FailureAsync();
            Assert.Equal(StatusCode.Internal, failure.StatusCode);
            Assert.Contains(nameof(EchoReply), failure.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task LongMessage_ThatIsNoProtobuf_IsInternalAsWell()
    {
        var (peer, client) = await RawPeer.ServeAsync();
        await using var _ = peer;
        var bytes = new byte[200_000];
        Array.Fill(bytes, (byte)0xff);
        foreach (var kind in Enum.GetValues<MethodType>())
        {
            using var call = OpenCall.Start(client, kind);
            var stream = await peer.AcceptAsync();
            stream.Send(RawPeer.Response(), RawPeer.Message(bytes), RawPeer.Trailers(("grpc-status", "0")));

            var failure = await call.FailureAsync();
            Assert.Equal(StatusCode.Internal, failure.StatusCode);
            Assert.Equal(StatusCode.Internal, call.Status.StatusCode);
        }
    }

    private static async Task ExchangeAsync(RpcPair pair, MethodType kind, int size, bool isRequest)
    {
        var request = isRequest ? OfSize<EchoRequest>(size) : new EchoRequest();
        var reply = isRequest ? new EchoReply() : OfSize<EchoReply>(size);
        pair.Service.OnUnary = (_, _) => Task.FromResult(reply);
        pair.Service.OnClientStream = async (requests, _) =>
        {
            Assert.True(await requests.MoveNext());
            return reply;
        };
        pair.Service.OnServerStream = (_, replies, _) => replies.WriteAsync(reply);
        pair.Service.OnDuplex = async (requests, replies, _) =>
        {
            Assert.True(await requests.MoveNext());
            await replies.WriteAsync(reply);
        };
        switch (kind)
        {
            case MethodType.Unary:
                await pair.Client.UnaryAsync(request).ResponseAsync.WaitAsync(RpcPair.Limit);
                break;
            case MethodType.ClientStreaming:
                using (var call = pair.Client.ClientStream())
                {
                    await call.RequestStream.WriteAsync(request).WaitAsync(RpcPair.Limit);
                    await call.ResponseAsync.WaitAsync(RpcPair.Limit);
                }

                break;
            case MethodType.ServerStreaming:
                using (var call = pair.Client.ServerStream(request))
                    Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
                break;
            default:
                using (var call = pair.Client.Duplex())
                {
                    await call.RequestStream.WriteAsync(request).WaitAsync(RpcPair.Limit);
                    Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
                }

                break;
        }
    }

    // A message of exactly so many bytes: the payload's own prefix is what the size is more than the payload.
    private static T OfSize<T>(int size)
        where T : class, IMessage<T>, new()
    {
        for (var length = size - 1; ; length--)
        {
            var message = new T();
            message.Descriptor.FindFieldByName("payload").Accessor.SetValue(message, ByteString.CopyFrom(new byte[length]));
            if (message.CalculateSize() == size)
                return message;
        }
    }
}
