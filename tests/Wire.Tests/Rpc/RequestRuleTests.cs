using Grpc.Core;
using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Tests.Rpc;

/// <summary>What a server makes of header lists that gRPC knows, and of those that it does not.</summary>
public sealed class RequestRuleTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("application/json")]
    [InlineData("application/grpc-web")]
    [InlineData("application/grpc-web+proto")]
    [InlineData("application/grpcfoo")]
    [InlineData("text/plain; application/grpc")]
    [Trait("gRPC", "content-type of a request")]
    public async Task ContentType_OfAnotherKind_Is415(string? contentType)
    {
        var end = await CallAsync("POST", contentType);

        Assert.Equal("415", end[":status"]);
        Assert.Contains(contentType ?? "(none)", end["grpc-message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/grpc")]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc;charset=utf-8")]
    [InlineData("APPLICATION/GRPC+proto")]
    [Trait("gRPC", "content-type of a request")]
    public async Task ContentType_OfGrpc_IsServed(string contentType) => Assert.Equal("0", (await CallAsync("POST", contentType))["grpc-status"]);

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("OPTIONS")]
    [InlineData("post")]
    [Trait("gRPC", "method of a request")]
    public async Task Method_OtherThanPost_Is405(string method) => Assert.Equal("405", (await CallAsync(method, "application/grpc"))[":status"]);

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("Unary")]
    [InlineData("/plugwire.wire.tests.Echo")]
    [InlineData("/plugwire.wire.tests.Echo/unary")]
    [InlineData("/plugwire.wire.tests.Echo/Unary/")]
    [InlineData("/plugwire.wire.tests.Echo/Unary?x=1")]
    [Trait("gRPC", "path of a request")]
    public async Task Path_OfNoMethod_IsUnimplementedOrNoRequestAtAll(string path)
    {
        var (peer, _) = await RawPeer.CallAsync();
        await using var owned = peer;
        var call = peer.Open();
        var headers = new OutgoingHeaders().Add(":method", "POST").Add(":scheme", "http").Add(":path", path).Add("content-type", "application/grpc");
        call.Send(headers, RawPeer.Message([]), endStream: true);

        // An empty path makes a malformed request (RFC 9113 section 8.3.1): its stream is reset.
        if (path.Length > 0)
            Assert.Equal("12", (await call.EndAsync())["grpc-status"]);
        else
            Assert.Equal(Http2ErrorCode.ProtocolError, await call.ResetAsync());
    }

    [Theory]
    [InlineData("grpc-previous-rpc-attempts", "1")]
    [InlineData("grpc-trace-id", "x")]
    [Trait("gRPC", "reserved names of metadata")]
    public async Task FieldOfGrpc_ThatIsNotKnown_IsPassedOn(string name, string value)
    {
        var (peer, service) = await RawPeer.CallAsync();
        await using var _ = peer;
        Metadata? seen = null;
        service.Do(context =>
        {
            seen = context.RequestHeaders;
            return Task.CompletedTask;
        });

        var call = peer.Open();
        call.Send(RawPeer.Request("Unary", (name, value)), RawPeer.Message([]), endStream: true);

        Assert.Equal("0", (await call.EndAsync())["grpc-status"]);
        Assert.Equal(value, seen!.GetValue(name));
    }

    [Theory]
    [InlineData("A")]
    [InlineData("AAAAA")]
    [InlineData("AQ=A")]
    [InlineData("A===")]
    [InlineData("-_8=")]
    [InlineData("AQ==,*")]
    [Trait("gRPC", "base64 of -bin metadata")]
    public async Task BinaryValue_ThatIsNotBase64_IsRefused(string value)
    {
        var (peer, _) = await RawPeer.CallAsync();
        await using var owned = peer;

        var call = peer.Open();
        call.Send(RawPeer.Request("Unary", ("odd-bin", value)), RawPeer.Message([]), endStream: true);
        var end = await call.EndAsync();

        Assert.Equal("13", end["grpc-status"]);
        Assert.Contains("'odd-bin'", end["grpc-message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("100%", "100%")]
    [InlineData("%zz%4", "%zz%4")]
    [InlineData("%E4%B8%96", "世")]
    [InlineData("%ff%fe", "\ufffd\ufffd")]
    [InlineData("a+b c", "a+b c")]
    [Trait("gRPC", "percent-encoding of grpc-message")]
    public async Task Message_EncodedInAnyWay_NeverHidesTheStatus(string sent, string expected)
    {
        var (peer, client) = await RawPeer.ServeAsync();
        await using var _ = peer;

        using var call = OpenCall.Start(client, MethodType.Unary);
        (await peer.AcceptAsync()).Send(RawPeer.Response(), RawPeer.Message([]), RawPeer.Trailers(("grpc-status", "10"), ("grpc-message", sent)));

        var failure = await call.FailureAsync();
        Assert.Equal((StatusCode.Aborted, expected), (failure.StatusCode, failure.Status.Detail));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(255)]
    [Trait("gRPC", "compressed flag of a message")]
    public async Task FirstByteOfARequest_ThatIsNeitherZeroNorOne_IsInternalAndNamed(byte flag)
    {
        foreach (var method in new[] { "Unary", "ClientStream", "ServerStream", "Duplex" })
        {
            var (peer, _) = await RawPeer.CallAsync();
            await using var owned = peer;

            var call = peer.Open();
            call.Send(RawPeer.Request(method, ("grpc-encoding", "gzip")), RawPeer.Message([], flag), endStream: true);
            var end = await call.EndAsync();

            Assert.Equal("13", end["grpc-status"]);
            Assert.Contains($"{flag}", end["grpc-message"], StringComparison.Ordinal);
        }
    }

    private static async Task<IReadOnlyDictionary<string, string>> CallAsync(string method, string? contentType)
    {
        var (peer, _) = await RawPeer.CallAsync();
        await using var owned = peer;
        var headers = new OutgoingHeaders().Add(":method", method).Add(":scheme", "http").Add(":path", "/plugwire.wire.tests.Echo/Unary");
        if (contentType is not null)
            headers.Add("content-type", contentType);
        var call = peer.Open();
        call.Send(headers, RawPeer.Message([]), endStream: true);
        return await call.EndAsync();
    }
}
