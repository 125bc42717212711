using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "8.3.2 Response Pseudo-Header Fields")]
public sealed class ResponseFieldCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["no :status"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("content-type", "application/grpc")))).OfResponse(),
        [":status twice"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), (":status", "200")))).OfResponse(),
        ["a :status that is no number"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "abc")))).OfResponse(),
        ["a :status of two digits"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "20")))).OfResponse(),
        ["a :status of four digits"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "2000")))).OfResponse(),
        ["a pseudo-header field of a request"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":path", "/"), (":status", "200")))).OfResponse(),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
