using System.IO.Compression;
using Google.Protobuf;
using Grpc.Core;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Rpc.Server;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>Messages in gzip, asked for by the sender and taken by any receiver.</summary>
public sealed class CompressionTests
{
    private static readonly Metadata Gzip = new() { { "grpc-internal-encoding-request", "gzip" } };

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(1_000_000)]
    public async Task Gzip_AskedForByBothSides_CarriesMessagesOfAnySize(int size)
    {
        await using var pair = await RpcPair.StartAsync();
        var asked = new List<string?>();
        pair.Service.OnUnary = async (request, context) =>
        {
            asked.Add(context.RequestHeaders.GetValue("grpc-internal-encoding-request"));
            await context.WriteResponseHeadersAsync(Gzip);
            return ScriptedEcho.Reply(request);
        };
        pair.Service.OnDuplex = async (requests, replies, context) =>
        {
            await context.WriteResponseHeadersAsync(Gzip);
            while (await requests.MoveNext())
                await replies.WriteAsync(ScriptedEcho.Reply(requests.Current));
        };
        var request = new EchoRequest { Payload = ByteString.CopyFrom(new byte[size]) };

        using var unary = pair.Client.UnaryAsync(request, Gzip);
        Assert.Equal(request.Payload, (await unary.ResponseAsync.WaitAsync(RpcPair.Limit)).Payload);
        Assert.Empty(await unary.ResponseHeadersAsync.WaitAsync(RpcPair.Limit));
        Assert.Equal([null], asked);

        using var duplex = pair.Client.Duplex(Gzip);
        for (var i = 0; i < 3; i++)
        {
            // Every other message goes uncompressed.
            duplex.RequestStream.WriteOptions = new WriteOptions(i % 2 == 0 ? WriteFlags.NoCompress : 0);
            await duplex.RequestStream.WriteAsync(request).WaitAsync(RpcPair.Limit);
            Assert.True(await duplex.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RpcPair.Limit));
            Assert.Equal(request.Payload, duplex.ResponseStream.Current.Payload);
        }
    }

    [Fact]
    public async Task Gzip_AskedForByTheClient_IsOnTheWire()
    {
        var (peer, client) = await RawPeer.ServeAsync();
        await using var _ = peer;

        using var call = client.UnaryAsync(new EchoRequest { Text = "x" }, Gzip);
        var stream = await peer.AcceptAsync();
        var headers = await stream.HeadersAsync();
        stream.Send(RawPeer.Response(("grpc-encoding", "gzip")), RawPeer.Message(Compress(new EchoReply { Text = "packed" }.ToByteArray()), flag: 1), RawPeer.Trailers(("grpc-status", "0")));

        Assert.Equal("gzip", headers["grpc-encoding"]);
        Assert.Equal("identity,gzip", headers["grpc-accept-encoding"]);
        Assert.DoesNotContain("grpc-internal-encoding-request", headers.Keys);
        Assert.Equal("packed", (await call.ResponseAsync.WaitAsync(RpcPair.Limit)).Text);
    }

    [Fact]
    [Trait("gRPC", "grpc-accept-encoding")]
    public async Task Gzip_ThatTheClientDoesNotTake_IsNotSent()
    {
        var (peer, service) = await RawPeer.CallAsync();
        await using var _ = peer;
        service.OnUnary = async (request, context) =>
        {
            await context.WriteResponseHeadersAsync(Gzip);
            return ScriptedEcho.Reply(request);
        };

        var call = peer.Open();
        call.Send(RawPeer.Request("Unary"), RawPeer.Message([]), endStream: true);

        Assert.DoesNotContain("grpc-encoding", (await call.HeadersAsync()).Keys);
        Assert.Equal("0", (await call.EndAsync())["grpc-status"]);
    }

    [Fact]
    public async Task Encoding_UnknownToTheClientsCaller_IsRefusedWhereItIsAskedFor()
    {
        await using var pair = await RpcPair.StartAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(() => pair.Client.UnaryAsync(
            new EchoRequest(), new Metadata { { "grpc-internal-encoding-request", "snappy" } }).ResponseAsync.WaitAsync(RpcPair.Limit));

        Assert.Equal(StatusCode.Internal, failure.StatusCode);
        Assert.Contains("'snappy'", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Unary")]
    [InlineData("ClientStream")]
    [InlineData("ServerStream")]
    [InlineData("Duplex")]
    [Trait("gRPC", "unknown grpc-encoding")]
    public async Task Encoding_UnknownToTheServer_IsUnimplementedAndTheKnownOnesAreNamed(string method)
    {
        var (peer, _) = await RawPeer.CallAsync();
        await using var owned = peer;

        var call = peer.Open();
        call.Send(RawPeer.Request(method, ("grpc-encoding", "snappy")), RawPeer.Message([1], flag: 1), endStream: true);
        var end = await call.EndAsync();

        Assert.Equal("12", end["grpc-status"]);
        Assert.Contains("snappy", end["grpc-message"], StringComparison.Ordinal);
        Assert.Equal("identity,gzip", end["grpc-accept-encoding"]);
    }

    [Theory]
    [InlineData("Unary")]
    [InlineData("ClientStream")]
    [InlineData("ServerStream")]
    [InlineData("Duplex")]
    [Trait("gRPC", "compressed flag without grpc-encoding")]
    public async Task CompressedMessage_WithoutAnEncoding_IsInternal(string method)
    {
        var (peer, _) = await RawPeer.CallAsync();
        await using var owned = peer;

        var call = peer.Open();
        call.Send(RawPeer.Request(method), RawPeer.Message(Compress([]), flag: 1), endStream: true);

        Assert.Equal("13", (await call.EndAsync())["grpc-status"]);
    }

    [Theory]
    [InlineData(null, StatusCode.Internal)]
    [InlineData("identity", StatusCode.Internal)]
    [InlineData("snappy", StatusCode.Unimplemented)]
    [Trait("gRPC", "unknown grpc-encoding")]
    public async Task CompressedResponse_InAnEncodingThatIsNotKnown_IsRefusedByTheClient(string? encoding, StatusCode expected)
    {
        var (peer, client) = await RawPeer.ServeAsync();
        await using var _ = peer;
        foreach (var kind in Enum.GetValues<MethodType>())
        {
            using var call = OpenCall.Start(client, kind);
            var stream = await peer.AcceptAsync();
            stream.Send(encoding is null ? RawPeer.Response() : RawPeer.Response(("grpc-encoding", encoding)), RawPeer.Message([1], flag: 1));

            Assert.Equal(expected, (await call.FailureAsync()).StatusCode);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(255)]
    [Trait("gRPC", "compressed flag of a message")]
    public async Task FirstByteOfAMessage_ThatIsNeitherZeroNorOne_IsInternalAndNamed(byte flag)
    {
        var (peer, client) = await RawPeer.ServeAsync();
        await using var _ = peer;

        using var call = OpenCall.Start(client, MethodType.ServerStreaming);
        (await peer.AcceptAsync()).Send(RawPeer.Response(("grpc-encoding", "gzip")), RawPeer.Message([], flag));

        var failure = await call.FailureAsync();
        Assert.Equal(StatusCode.Internal, failure.StatusCode);
        Assert.Contains($"{flag}", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "F50")]
    [Trait("gRPC", "message over the limit")]
    public async Task GzipBomb_IsRefusedAtTheLimitOnBothSides()
    {
        var bomb = Compress(new byte[64 * 1024 * 1024]);
        Assert.True(bomb.Length < 512 * 1024);
        var (server, client) = await RawPeer.ServeAsync(new RpcClientOptions { MaxReceiveMessageSize = 1024 * 1024 });
        await using var first = server;
        var (caller, _) = await RawPeer.CallAsync(new RpcServerOptions { MaxReceiveMessageSize = 1024 * 1024 });
        await using var second = caller;

        using var call = OpenCall.Start(client, MethodType.Unary);
        (await server.AcceptAsync()).Send(RawPeer.Response(("grpc-encoding", "gzip")), RawPeer.Message(bomb, flag: 1), RawPeer.Trailers(("grpc-status", "0")));
        var failure = await call.FailureAsync();
        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        Assert.Contains("1048576 bytes", failure.Status.Detail, StringComparison.Ordinal);

        var request = caller.Open();
        request.Send(RawPeer.Request("Unary", ("grpc-encoding", "gzip")), RawPeer.Message(bomb, flag: 1), endStream: true);
        var end = await request.EndAsync();
        Assert.Equal("8", end["grpc-status"]);
        Assert.Contains("1048576 bytes", end["grpc-message"], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("gRPC", "malformed message")]
    public async Task CompressedMessage_ThatIsNoGzip_IsInternal()
    {
        var (peer, client) = await RawPeer.ServeAsync();
        await using var _ = peer;
        foreach (var kind in Enum.GetValues<MethodType>())
        {
            using var call = OpenCall.Start(client, kind);
            (await peer.AcceptAsync()).Send(RawPeer.Response(("grpc-encoding", "gzip")), RawPeer.Message([1, 2, 3, 4], flag: 1), RawPeer.Trailers(("grpc-status", "0")));

            Assert.Equal(StatusCode.Internal, (await call.FailureAsync()).StatusCode);
        }
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.SmallestSize))
            gzip.Write(bytes);
        return output.ToArray();
    }
}
