using Grpc.Core;
using Plugwire.Wire.Http2;
using Plugwire.Wire.Rpc.Client;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>What a client makes of an answer without a status of gRPC's, by the tables of its specification.</summary>
public sealed class StatusTableTests
{
    /// <summary>Of http-grpc-status-mapping.md, and some that fall under its last line.</summary>
    public static TheoryData<string, StatusCode> HttpStatuses => new()
    {
        { "400", StatusCode.Internal },
        { "401", StatusCode.Unauthenticated },
        { "403", StatusCode.PermissionDenied },
        { "404", StatusCode.Unimplemented },
        { "429", StatusCode.Unavailable },
        { "502", StatusCode.Unavailable },
        { "503", StatusCode.Unavailable },
        { "504", StatusCode.Unavailable },
        { "201", StatusCode.Unknown },
        { "204", StatusCode.Unknown },
        { "302", StatusCode.Unknown },
        { "405", StatusCode.Unknown },
        { "408", StatusCode.Unknown },
        { "415", StatusCode.Unknown },
        { "500", StatusCode.Unknown },
        { "505", StatusCode.Unknown },
        { "599", StatusCode.Unknown },
    };

    /// <summary>Of PROTOCOL-HTTP2.md, "Errors"; what is not named there stands for INTERNAL_ERROR by RFC 9113 section 7.</summary>
    public static TheoryData<uint, StatusCode> ResetCodes => new()
    {
        { (uint)Http2ErrorCode.NoError, StatusCode.Internal },
        { (uint)Http2ErrorCode.ProtocolError, StatusCode.Internal },
        { (uint)Http2ErrorCode.InternalError, StatusCode.Internal },
        { (uint)Http2ErrorCode.FlowControlError, StatusCode.Internal },
        { (uint)Http2ErrorCode.SettingsTimeout, StatusCode.Internal },
        { (uint)Http2ErrorCode.StreamClosed, StatusCode.Internal },
        { (uint)Http2ErrorCode.FrameSizeError, StatusCode.Internal },
        { (uint)Http2ErrorCode.RefusedStream, StatusCode.Unavailable },
        { (uint)Http2ErrorCode.Cancel, StatusCode.Cancelled },
        { (uint)Http2ErrorCode.CompressionError, StatusCode.Internal },
        { (uint)Http2ErrorCode.ConnectError, StatusCode.Internal },
        { (uint)Http2ErrorCode.EnhanceYourCalm, StatusCode.ResourceExhausted },
        { (uint)Http2ErrorCode.InadequateSecurity, StatusCode.PermissionDenied },
        { (uint)Http2ErrorCode.Http11Required, StatusCode.Internal },
        { 0xdead, StatusCode.Internal },
    };

    [Theory]
    [MemberData(nameof(HttpStatuses))]
    [Trait("gRPC", "status of an HTTP error")]
    public async Task HttpStatus_WithoutAGrpcStatus_StandsForOne(string httpStatus, StatusCode expected)
    {
        var (peer, client) = await RawPeer.ServeAsync();
        await using var _ = peer;
        foreach (var kind in Enum.GetValues<MethodType>())
        {
            using var alone = OpenCall.Start(client, kind);
            (await peer.AcceptAsync()).Send(Html(httpStatus), endStream: true);
            using var withBody = OpenCall.Start(client, kind);
            (await peer.AcceptAsync()).Send(Html(httpStatus), [60, 104, 62]);

            foreach (var call in new[] { alone, withBody })
            {
                var failure = await call.FailureAsync();
                Assert.Equal(expected, failure.StatusCode);
                Assert.Contains(httpStatus, failure.Status.Detail, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(HttpStatuses))]
    [Trait("gRPC", "status of an HTTP error")]
    public async Task HttpStatus_BesideAGrpcStatus_IsNotLookedAt(string httpStatus, StatusCode standsFor)
    {
        var (peer, client) = await RawPeer.ServeAsync();
        await using var _ = peer;

        using var call = OpenCall.Start(client, MethodType.Unary);
        (await peer.AcceptAsync()).Send(Html(httpStatus).Add("grpc-status", "10").Add("grpc-message", "own"), endStream: true);

        var failure = await call.FailureAsync();
        Assert.NotEqual(standsFor, failure.StatusCode);
        Assert.Equal((StatusCode.Aborted, "own"), (failure.StatusCode, failure.Status.Detail));
    }

    [Theory]
    [MemberData(nameof(ResetCodes))]
    [Trait("gRPC", "status of a reset stream")]
    public async Task Reset_OfTheStream_StandsForAStatus(uint errorCode, StatusCode expected)
    {
        await using var server = await FrameServer.StartAsync(static () => new RpcClientOptions());
        foreach (var begun in new[] { false, true })
        {
            using var call = OpenCall.Start(server.Client, MethodType.ServerStreaming);
            var stream = await server.ReceiveCallAsync();
            if (begun)
                await server.Peer.SendAsync(Raw.Headers(stream, Raw.Block((":status", "200"), ("content-type", "application/grpc"))));
            await server.Peer.SendAsync(Raw.Reset(stream, (Http2ErrorCode)errorCode));

            Assert.Equal(expected, (await call.FailureAsync()).StatusCode);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/html")]
    [InlineData("application/grpc-web")]
    [InlineData("application/grpcfoo")]
    [InlineData("application/json")]
    [Trait("gRPC", "response of another content-type")]
    public async Task Response_OfAnotherContentType_IsUnknownAndNamed(string? contentType)
    {
        var (peer, client) = await RawPeer.ServeAsync();
        await using var _ = peer;
        var headers = new OutgoingHeaders().Add(":status", "200");
        if (contentType is not null)
            headers.Add("content-type", contentType);

        using var call = OpenCall.Start(client, MethodType.Unary);
        var stream = await peer.AcceptAsync();
        stream.Send(headers, RawPeer.Message([]));

        var failure = await call.FailureAsync();
        Assert.Equal(StatusCode.Unknown, failure.StatusCode);
        Assert.Contains($"'{contentType ?? "(none)"}'", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(Http2ErrorCode.Cancel, await stream.ResetAsync());
    }

    [Theory]
    [InlineData("1", StatusCode.Cancelled)]
    [InlineData("16", StatusCode.Unauthenticated)]
    [InlineData("17", StatusCode.Unknown)]
    [InlineData("99999999999", StatusCode.Unknown)]
    [InlineData("-1", StatusCode.Unknown)]
    [InlineData("+5", StatusCode.Unknown)]
    [InlineData("5.0", StatusCode.Unknown)]
    [InlineData("", StatusCode.Unknown)]
    [InlineData("OK", StatusCode.Unknown)]
    [Trait("gRPC", "value of grpc-status")]
    public async Task GrpcStatus_OfAnyValue_IsACodeOrUnknown(string value, StatusCode expected)
    {
        var (peer, client) = await RawPeer.ServeAsync();
        await using var _ = peer;

        using var call = OpenCall.Start(client, MethodType.Unary);
        (await peer.AcceptAsync()).Send(RawPeer.Response(), RawPeer.Message([]), RawPeer.Trailers(("grpc-status", value)));

        Assert.Equal(expected, (await call.FailureAsync()).StatusCode);
    }

    [Theory]
    [InlineData("0", "13")]
    [InlineData("13", "0")]
    [InlineData("5", "13")]
    [Trait("gRPC", "duplicate grpc-status")]
    public async Task GrpcStatus_TwiceAndDifferent_IsUnknownAndBothAreNamed(string first, string second)
    {
        var (peer, client) = await RawPeer.ServeAsync();
        await using var _ = peer;
        foreach (var kind in Enum.GetValues<MethodType>())
        {
            using var call = OpenCall.Start(client, kind);
            (await peer.AcceptAsync()).Send(RawPeer.Response(), RawPeer.Message([]), RawPeer.Trailers(("grpc-status", first), ("grpc-status", second)));

            var failure = await call.FailureAsync();
            Assert.Equal(StatusCode.Unknown, failure.StatusCode);
            Assert.Contains($"'{first}' and '{second}'", failure.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("gRPC", "duplicate grpc-status")]
    public async Task GrpcStatus_TwiceAndTheSame_IsThatOne()
    {
        var (peer, client) = await RawPeer.ServeAsync();
        await using var _ = peer;

        using var call = OpenCall.Start(client, MethodType.Unary);
        (await peer.AcceptAsync()).Send(RawPeer.Response(), RawPeer.Message([]), RawPeer.Trailers(("grpc-status", "5"), ("grpc-status", "5")));

        Assert.Equal(StatusCode.NotFound, (await call.FailureAsync()).StatusCode);
    }

    private static OutgoingHeaders Html(string httpStatus) => new OutgoingHeaders().Add(":status", httpStatus).Add("content-type", "text/html");
}
