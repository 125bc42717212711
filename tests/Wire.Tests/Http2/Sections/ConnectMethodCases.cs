using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "8.5 The CONNECT Method")]
public sealed class ConnectMethodCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["CONNECT as it should be"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "CONNECT"), (":authority", "here")))).OfRequest(),
        ["CONNECT with :scheme and :path"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "CONNECT"), (":scheme", "http"), (":path", "/"), (":authority", "here")))).OfRequest(),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
