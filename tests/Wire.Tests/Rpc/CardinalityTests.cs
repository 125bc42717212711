using Grpc.Core;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>One message where one belongs.</summary>
public sealed class CardinalityTests
{
    [Theory]
    [InlineData("Unary", 0)]
    [InlineData("Unary", 2)]
    [InlineData("ServerStream", 0)]
    [InlineData("ServerStream", 2)]
    [Trait("gRPC", "number of messages")]
    public async Task Request_OfAnotherNumberThanOne_IsUnimplemented(string method, int count)
    {
        var (peer, service) = await RawPeer.CallAsync();
        await using var _ = peer;
        var reached = new Signal();
        service.Do(_ =>
        {
            reached.Set();
            return Task.CompletedTask;
        });

        var call = peer.Open();
        call.Send(RawPeer.Request(method), Messages(count), endStream: true);
        var end = await call.EndAsync();

        Assert.Equal("12", end["grpc-status"]);
        Assert.Contains("takes one message", end["grpc-message"], StringComparison.Ordinal);
        Assert.False(reached.IsSet);
    }

    [Theory]
    [InlineData(MethodType.Unary, 0)]
    [InlineData(MethodType.Unary, 2)]
    [InlineData(MethodType.ClientStreaming, 0)]
    [InlineData(MethodType.ClientStreaming, 2)]
    [Trait("gRPC", "number of messages")]
    public async Task Response_OfAnotherNumberThanOne_IsUnimplemented(MethodType kind, int count)
    {
        var (peer, client) = await RawPeer.ServeAsync();
        await using var _ = peer;

        using var call = OpenCall.Start(client, kind);
        (await peer.AcceptAsync()).Send(RawPeer.Response(), Messages(count), RawPeer.Trailers(("grpc-status", "0")));

        var failure = await call.FailureAsync();
        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
        Assert.Contains("answers one message", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(StatusCode.Unimplemented, call.Status.StatusCode);
    }

    [Theory]
    [InlineData("Unary")]
    [InlineData("ClientStream")]
    [InlineData("ServerStream")]
    [Trait("gRPC", "truncated message")]
    public async Task Request_ThatEndsWithinAMessage_IsInternal(string method)
    {
        var (peer, service) = await RawPeer.CallAsync();
        await using var _ = peer;
        service.OnClientStream = async (requests, _) =>
        {
            while (await requests.MoveNext())
            {
            }

            return new EchoReply();
        };

        foreach (var bytes in new byte[][] { [0, 0], [0, 0, 0, 0, 9, 1, 2] })
        {
            var call = peer.Open();
            call.Send(RawPeer.Request(method), bytes, endStream: true);
            Assert.Equal("13", (await call.EndAsync())["grpc-status"]);
        }
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ServerStreaming)]
    [Trait("gRPC", "truncated message")]
    public async Task Response_ThatEndsWithinAMessage_IsInternal(MethodType kind)
    {
        var (peer, client) = await RawPeer.ServeAsync();
        await using var _ = peer;

        using var call = OpenCall.Start(client, kind);
        (await peer.AcceptAsync()).Send(RawPeer.Response(), [0, 0, 0, 0, 9, 1], RawPeer.Trailers(("grpc-status", "0")));

        Assert.Equal(StatusCode.Internal, (await call.FailureAsync()).StatusCode);
    }

    [Theory]
    [InlineData(MethodType.Unary)]
    [InlineData(MethodType.ClientStreaming)]
    [InlineData(MethodType.ServerStreaming)]
    [InlineData(MethodType.DuplexStreaming)]
    [Trait("gRPC", "missing trailers")]
    public async Task Response_WithoutAStatus_IsUnknown(MethodType kind)
    {
        var (peer, client) = await RawPeer.ServeAsync();
        await using var _ = peer;

        using var call = OpenCall.Start(client, kind);
        (await peer.AcceptAsync()).Send(RawPeer.Response(), RawPeer.Message([]), endStream: true);

        Assert.Equal(StatusCode.Unknown, (await call.FailureAsync()).StatusCode);
    }

    [Theory]
    [InlineData("401", StatusCode.Unauthenticated)]
    [InlineData("404", StatusCode.Unimplemented)]
    [InlineData("503", StatusCode.Unavailable)]
    [InlineData("500", StatusCode.Unknown)]
    [Trait("gRPC", "status of an HTTP error")]
    public async Task Response_OfAnotherHttpStatus_StandsForAStatusOfGrpc(string httpStatus, StatusCode expected)
    {
        var (peer, client) = await RawPeer.ServeAsync();
        await using var _ = peer;
        foreach (var alone in new[] { true, false })
        {
            using var call = OpenCall.Start(client, MethodType.Unary);
            var headers = new Plugwire.Wire.Http2.OutgoingHeaders().Add(":status", httpStatus).Add("content-type", "text/html");
            (await peer.AcceptAsync()).Send(headers, alone ? null : [60, 104, 62], endStream: alone);

            var failure = await call.FailureAsync();
            Assert.Equal(expected, failure.StatusCode);
            Assert.Contains(httpStatus, failure.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET", "application/grpc", "405")]
    [InlineData("POST", "text/html", "415")]
    [Trait("gRPC", "content-type of a request")]
    public async Task Request_ThatIsNoCallOfGrpc_IsRefusedInHttpsWords(string method, string contentType, string expected)
    {
        var (peer, _) = await RawPeer.CallAsync();
        await using var owned = peer;

        var call = peer.Open();
        call.Send(new Plugwire.Wire.Http2.OutgoingHeaders().Add(":method", method).Add(":scheme", "http").Add(":path", "/").Add("content-type", contentType), endStream: true);

        Assert.Equal(expected, (await call.EndAsync())[":status"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("-5m")]
    [InlineData("123456789m")]
    [InlineData("5x")]
    [InlineData("5 m")]
    [InlineData("+5m")]
    [InlineData("5mm")]
    [InlineData("1.5S")]
    [Trait("gRPC", "malformed grpc-timeout")]
    public async Task Timeout_ThatIsNone_IsRefusedAndNamed(string timeout)
    {
        var (peer, _) = await RawPeer.CallAsync();
        await using var owned = peer;

        var call = peer.Open();
        call.Send(RawPeer.Request("Unary", ("grpc-timeout", timeout)), RawPeer.Message([]), endStream: true);
        var end = await call.EndAsync();

        Assert.Equal("13", end["grpc-status"]);
        Assert.Contains($"'{timeout}'", end["grpc-message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0m")]
    [InlineData("1n")]
    [Trait("gRPC", "malformed grpc-timeout")]
    public async Task Timeout_OfNoTime_IsDeadlineExceeded(string timeout)
    {
        var (peer, service) = await RawPeer.CallAsync();
        await using var _ = peer;
        service.WaitForCancellation();

        var call = peer.Open();
        call.Send(RawPeer.Request("Duplex", ("grpc-timeout", timeout)));

        Assert.Equal("4", (await call.EndAsync())["grpc-status"]);
    }

    private static byte[]? Messages(int count) => count == 0 ? null : [.. Enumerable.Repeat(RawPeer.Message([]), count).SelectMany(bytes => bytes)];
}
