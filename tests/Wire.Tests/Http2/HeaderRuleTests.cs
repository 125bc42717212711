using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Http2;

[Trait("RFC 9113", "8.1 Message framing, 8.2 Fields, 8.3 Control data")]
public sealed class HeaderRuleTests
{
    private static readonly Dictionary<string, (string, string)[]> BrokenRequests = new()
    {
        ["no fields"] = [],
        ["no method"] = [(":scheme", "http"), (":path", "/")],
        ["no scheme"] = [(":method", "POST"), (":path", "/")],
        ["no path"] = [(":method", "POST"), (":scheme", "http")],
        ["an empty path"] = [(":method", "POST"), (":scheme", "http"), (":path", "")],
        ["a path with a line feed"] = [(":method", "POST"), (":scheme", "http"), (":path", "/a\nb")],
        ["a method twice"] = [(":method", "POST"), (":method", "POST"), (":scheme", "http"), (":path", "/")],
        ["a pseudo-header field after a regular one"] = [(":method", "POST"), (":scheme", "http"), ("a", "b"), (":path", "/")],
        ["a pseudo-header field of a response"] = [(":method", "POST"), (":scheme", "http"), (":path", "/"), (":status", "200")],
        ["an unknown pseudo-header field"] = [(":method", "POST"), (":scheme", "http"), (":path", "/"), (":protocol", "x")],
        ["an upper-case name"] = With(("Name", "v")),
        ["an empty name"] = With(("", "v")),
        ["a name with a space"] = With(("a b", "v")),
        ["a name with a colon"] = With(("a:b", "v")),
        ["a name with a control character"] = With(("a\u007f", "v")),
        ["a name beyond ASCII"] = With(("\u00e9", "v")),
        ["a value with a line feed"] = With(("a", "b\nc")),
        ["a value with a carriage return"] = With(("a", "b\rc")),
        ["a value with a zero"] = With(("a", "\0")),
        ["connection"] = With(("connection", "close")),
        ["keep-alive"] = With(("keep-alive", "1")),
        ["proxy-connection"] = With(("proxy-connection", "1")),
        ["transfer-encoding"] = With(("transfer-encoding", "chunked")),
        ["upgrade"] = With(("upgrade", "h2c")),
        ["te of something else"] = With(("te", "gzip")),
    };

    public static TheoryData<string> BrokenRequestNames => [.. BrokenRequests.Keys];

    [Theory]
    [MemberData(nameof(BrokenRequestNames))]
    public async Task Request_AgainstTheRules_IsResetAndNobodyIsTold(string name)
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        await server.Peer.SendAsync(Raw.Headers(1, Raw.Block(BrokenRequests[name]), endStream: true));
        await server.Peer.ExpectResetAsync(1, Http2ErrorCode.ProtocolError);
        Assert.False(server.HasAccepted);
        await server.AcceptAsync(3);
    }

    [Theory]
    [InlineData("te", "trailers")]
    [InlineData("a", "")]
    [InlineData("a", "\u00e9\t~")]
    [InlineData("!#$%&'*+-.^_`|~09az", "v")]
    public async Task Request_WithUnusualFieldsThatAreAllowed_IsTaken(string name, string value)
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        await server.Peer.SendAsync(Raw.Headers(1, Raw.RequestBlock((name, value))));
        await (await server.AcceptedAsync()).ExpectAsync($"headers :method=POST :scheme=http :path=/a/b :authority=here {name}={value}");
    }

    [Fact]
    public async Task RequestTrailers_WithoutEndStream_AreAStreamError()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        var stream = await server.AcceptAsync(1);
        await server.Peer.SendAsync(Raw.Headers(1, Raw.Block(("a", "b"))));
        await server.Peer.ExpectResetAsync(1, Http2ErrorCode.ProtocolError);
        await stream.ExpectAsync("reset ProtocolError");
    }

    [Fact]
    public async Task RequestTrailers_WithAPseudoHeaderField_AreAStreamError()
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        var stream = await server.AcceptAsync(1);
        await server.Peer.SendAsync(Raw.Headers(1, Raw.Block((":path", "/")), endStream: true));
        await server.Peer.ExpectResetAsync(1, Http2ErrorCode.ProtocolError);
        await stream.ExpectAsync("reset ProtocolError");
    }

    [Theory]
    [InlineData("content-type", "application/grpc")]
    [InlineData(":path", "/")]
    public async Task Response_WithoutAStatusOrWithWhatIsARequests_IsAStreamError(string name, string value)
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        var stream = await client.OpenAsync();
        await client.Peer.SendAsync(Raw.Headers(1, Raw.Block((name, value))));
        await client.Peer.ExpectResetAsync(1, Http2ErrorCode.ProtocolError);
        await stream.ExpectAsync("reset ProtocolError");
    }

    [Fact]
    public async Task Response_BehindInformationalOnes_IsTheOneThatIsTold()
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        var stream = await client.OpenAsync(endStream: true);
        await client.Peer.SendAsync(
            Raw.Headers(1, Raw.Block((":status", "100"))),
            Raw.Headers(1, Raw.Block((":status", "103"), ("link", "x"))),
            Raw.Response(1),
            Raw.Data(1, 3),
            Raw.Trailers(1));
        await stream.ExpectAsync("headers :status=200", "data 3", "end grpc-status=0");
        await client.Peer.ExpectNoComplaintAsync();
    }

    [Fact]
    public async Task InformationalResponse_ThatEndsTheStream_IsAStreamError()
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        var stream = await client.OpenAsync();
        await client.Peer.SendAsync(Raw.Headers(1, Raw.Block((":status", "100")), endStream: true));
        await client.Peer.ExpectResetAsync(1, Http2ErrorCode.ProtocolError);
        await stream.ExpectAsync("reset ProtocolError");
    }

    [Fact]
    public async Task ResponseOfHeadersAlone_IsToldAsTrailers()
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        var stream = await client.OpenAsync(endStream: true);
        await client.Peer.SendAsync(Raw.Response(1, endStream: true));
        await stream.ExpectAsync("end :status=200");
        await client.Peer.ExpectNoComplaintAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Data_BeforeTheResponsesHeaders_IsAStreamError(bool afterInformational)
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        var stream = await client.OpenAsync();
        if (afterInformational)
            await client.Peer.SendAsync(Raw.Headers(1, Raw.Block((":status", "100"))));
        await client.Peer.SendAsync(Raw.Data(1, 5));
        await client.Peer.ExpectResetAsync(1, Http2ErrorCode.ProtocolError);
        await stream.ExpectAsync("reset ProtocolError");
    }

    private static (string, string)[] With((string, string) field) => [(":method", "POST"), (":scheme", "http"), (":path", "/"), field];
}
