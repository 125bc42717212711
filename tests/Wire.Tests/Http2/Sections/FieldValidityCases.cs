using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "8.2.1 Field Validity")]
public sealed class FieldValidityCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["request: an upper-case name"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("Name", "v")), endStream: true)).OfRequest(),
        ["response: an upper-case name"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("Name", "v")))).OfResponse(),
        ["trailers: an upper-case name"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("Name", "v")), endStream: true)),
        ["request: an empty name"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("", "v")), endStream: true)).OfRequest(),
        ["response: an empty name"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("", "v")))).OfResponse(),
        ["trailers: an empty name"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("", "v")), endStream: true)),
        ["request: a name with a space"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("a b", "v")), endStream: true)).OfRequest(),
        ["response: a name with a space"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("a b", "v")))).OfResponse(),
        ["trailers: a name with a space"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("a b", "v")), endStream: true)),
        ["request: a name with a colon"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("a:b", "v")), endStream: true)).OfRequest(),
        ["response: a name with a colon"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("a:b", "v")))).OfResponse(),
        ["trailers: a name with a colon"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("a:b", "v")), endStream: true)),
        ["request: a name with a control character"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("a\u007f", "v")), endStream: true)).OfRequest(),
        ["response: a name with a control character"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("a\u007f", "v")))).OfResponse(),
        ["trailers: a name with a control character"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("a\u007f", "v")), endStream: true)),
        ["request: a name beyond ASCII"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("\u00e9", "v")), endStream: true)).OfRequest(),
        ["response: a name beyond ASCII"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("\u00e9", "v")))).OfResponse(),
        ["trailers: a name beyond ASCII"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("\u00e9", "v")), endStream: true)),
        ["request: a value with a line feed"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("a", "b\nc")), endStream: true)).OfRequest(),
        ["response: a value with a line feed"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("a", "b\nc")))).OfResponse(),
        ["trailers: a value with a line feed"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("a", "b\nc")), endStream: true)),
        ["request: a value with a carriage return"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("a", "b\rc")), endStream: true)).OfRequest(),
        ["response: a value with a carriage return"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("a", "b\rc")))).OfResponse(),
        ["trailers: a value with a carriage return"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("a", "b\rc")), endStream: true)),
        ["request: a value with a zero"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("a", "\0")), endStream: true)).OfRequest(),
        ["response: a value with a zero"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("a", "\0")))).OfResponse(),
        ["trailers: a value with a zero"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("a", "\0")), endStream: true)),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
