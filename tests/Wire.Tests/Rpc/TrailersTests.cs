using Grpc.Core;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>How a response ends, frame by frame, and what comes where nothing should.</summary>
public sealed class TrailersTests
{
    private static readonly (string, string)[] Head = [(":status", "200"), ("content-type", "application/grpc")];

    [Fact]
    [Trait("gRPC", "trailers-only")]
    public async Task TrailersOnly_WithEndStream_AreTheStatusAndTheMetadata()
    {
        await using var server = await StartAsync();
        foreach (var kind in Enum.GetValues<MethodType>())
        {
            using var call = OpenCall.Start(server.Client, kind);
            var stream = await server.ReceiveCallAsync();
            await server.Peer.SendAsync(Raw.Headers(stream, Raw.Block([.. Head, ("grpc-status", "9"), ("grpc-message", "not now"), ("why", "because")]), endStream: true));

            var failure = await call.FailureAsync();
            Assert.Equal((StatusCode.FailedPrecondition, "not now", "because"), (failure.StatusCode, failure.Status.Detail, failure.Trailers.GetValue("why")));
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("9")]
    [Trait("gRPC", "trailers-only")]
    public async Task StatusInTheHeaders_WithoutEndStream_IsNotTheCallsStatus(string status)
    {
        await using var server = await StartAsync();

        using var call = OpenCall.Start(server.Client, MethodType.ServerStreaming);
        var stream = await server.ReceiveCallAsync();
        await server.Peer.SendAsync(
            Raw.Headers(stream, Raw.Block([.. Head, ("grpc-status", status)])), Raw.Frame(RawFrame.Data, RawFrame.EndStream, stream));

        Assert.Equal(StatusCode.Unknown, (await call.FailureAsync()).StatusCode);
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    [Trait("gRPC", "trailers without END_STREAM")]
    public async Task Trailers_WithoutEndStream_AreInternalAndTheConnectionGoesOn(MethodType kind)
    {
        await using var server = await StartAsync();

        using var call = OpenCall.Start(server.Client, kind);
        var stream = await server.ReceiveCallAsync();
        await server.Peer.SendAsync(Raw.Headers(stream, Raw.Block(Head)), Message(stream), Raw.Headers(stream, Raw.Block(("grpc-status", "0"))));

        Assert.Equal(StatusCode.Internal, (await call.FailureAsync()).StatusCode);
        await AssertServedAsync(server);
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    [Trait("gRPC", "DATA after trailers")]
    public async Task Data_AfterTheTrailers_ChangesNothingAboutTheCall(MethodType kind)
    {
        await using var server = await StartAsync();

        using var call = OpenCall.Start(server.Client, kind);
        var stream = await server.ReceiveCallAsync();
        await server.Peer.SendAsync(Raw.Headers(stream, Raw.Block(Head)), Message(stream), Raw.Trailers(stream), Message(stream));

        await call.Outcome;
        Assert.Equal(StatusCode.OK, call.Status.StatusCode);
    }

    [Fact]
    [Trait("gRPC", "DATA before headers")]
    public async Task Data_BeforeTheHeaders_IsInternal()
    {
        await using var server = await StartAsync();

        using var call = OpenCall.Start(server.Client, MethodType.ServerStreaming);
        var stream = await server.ReceiveCallAsync();
        await server.Peer.SendAsync(Message(stream));

        Assert.Equal(StatusCode.Internal, (await call.FailureAsync()).StatusCode);
        await AssertServedAsync(server);
    }

    private static Task<FrameServer> StartAsync() => FrameServer.StartAsync(static () => new RpcClientOptions());

    private static byte[] Message(int stream) => Raw.Frame(RawFrame.Data, 0, stream, RawPeer.Message([]));

    private static async Task AssertServedAsync(FrameServer server)
    {
        using var call = OpenCall.Start(server.Client, MethodType.Unary);
        var stream = await server.ReceiveCallAsync();
        await server.Peer.SendAsync(Raw.Headers(stream, Raw.Block(Head)), Message(stream), Raw.Trailers(stream));
        await call.Outcome;
    }
}
