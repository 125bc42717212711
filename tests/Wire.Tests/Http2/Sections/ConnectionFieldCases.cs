using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "8.2.2 Connection-Specific Header Fields")]
public sealed class ConnectionFieldCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["request: connection"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("connection", "close")), endStream: true)).OfRequest(),
        ["response: connection"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("connection", "close")))).OfResponse(),
        ["trailers: connection"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("connection", "close")), endStream: true)),
        ["request: keep-alive"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("keep-alive", "1")), endStream: true)).OfRequest(),
        ["response: keep-alive"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("keep-alive", "1")))).OfResponse(),
        ["trailers: keep-alive"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("keep-alive", "1")), endStream: true)),
        ["request: proxy-connection"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("proxy-connection", "1")), endStream: true)).OfRequest(),
        ["response: proxy-connection"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("proxy-connection", "1")))).OfResponse(),
        ["trailers: proxy-connection"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("proxy-connection", "1")), endStream: true)),
        ["request: transfer-encoding"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("transfer-encoding", "chunked")), endStream: true)).OfRequest(),
        ["response: transfer-encoding"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("transfer-encoding", "chunked")))).OfResponse(),
        ["trailers: transfer-encoding"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("transfer-encoding", "chunked")), endStream: true)),
        ["request: upgrade"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("upgrade", "h2c")), endStream: true)).OfRequest(),
        ["response: upgrade"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("upgrade", "h2c")))).OfResponse(),
        ["trailers: upgrade"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("upgrade", "h2c")), endStream: true)),
        ["request: te of something else"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("te", "gzip")), endStream: true)).OfRequest(),
        ["response: te of something else"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("te", "gzip")))).OfResponse(),
        ["trailers: te of something else"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("te", "gzip")), endStream: true)),
        ["request: te of trailers and more"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("te", "trailers, gzip")), endStream: true)).OfRequest(),
        ["response: te of trailers and more"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("te", "trailers, gzip")))).OfResponse(),
        ["trailers: te of trailers and more"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("te", "trailers, gzip")), endStream: true)),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
