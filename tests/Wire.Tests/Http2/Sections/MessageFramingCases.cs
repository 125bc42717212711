using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "8.1 HTTP Message Framing")]
public sealed class MessageFramingCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["a second header list without the end"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("a", "b")))),
        ["DATA and trailers"] = IsTaken(Raw.Data(1, 2), Raw.Trailers(1)) with { Told = "data 2, end grpc-status=0" },
        ["trailers without fields"] = IsTaken(Raw.Headers(1, [], endStream: true)),
        ["DATA behind the trailers"] = EndsStream(StreamClosed, Raw.Trailers(1), Raw.Data(1, 1)),
        ["DATA before the response"] = EndsStream(ProtocolError, Raw.Data(1, 5)).OfResponse(),
        ["DATA between an informational response and the final one"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "100"))), Raw.Data(1, 5)).OfResponse(),
        ["an informational response that ends the stream"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "100")), endStream: true)).OfResponse(),
        ["trailers in place of a response"] = EndsStream(ProtocolError, Raw.Trailers(1)).OfResponse(),
        ["a response behind the response"] = EndsStream(ProtocolError, Raw.Response(1)) with { Role = Http2Role.Client },
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
