using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "8.3 HTTP Control Data")]
public sealed class PseudoFieldCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["request: an unknown pseudo-header field"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), (":protocol", "x")), endStream: true)).OfRequest(),
        ["request: a pseudo-header field of a response"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), (":status", "200")), endStream: true)).OfRequest(),
        ["trailers: a pseudo-header field of a request"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":path", "/")), endStream: true)),
        ["trailers: a pseudo-header field of a response"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200")), endStream: true)),
        ["request: a pseudo-header field behind a regular one"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), ("a", "b"), (":path", "/")), endStream: true)).OfRequest(),
        ["response: a pseudo-header field behind a regular one"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("a", "b"), (":status", "200")))).OfResponse(),
        ["response: an unknown pseudo-header field"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), (":x", "y")))).OfResponse(),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
