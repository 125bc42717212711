using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "5.1.1 Stream Identifiers")]
public sealed class StreamIdentifierCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["HEADERS on a stream of an even number"] = EndsConnection(ProtocolError, Raw.Request(2)) with { Stage = Stage.Idle },
        ["HEADERS on a stream below the last that were never opened"] = EndsConnection(ProtocolError, Raw.Request(5), Raw.Request(3)).OfRequest(),
        ["HEADERS on the first stream after a higher one"] = EndsConnection(ProtocolError, Raw.Request(101), Raw.Request(1)).OfRequest(),
        ["DATA on a stream that was passed over"] = EndsStream(StreamClosed, Raw.Request(5), Raw.Data(3, 1)) with { Role = Http2Role.Server, StreamId = 3, IsAccepted = true },
        ["streams whose numbers have gaps"] = IsTaken(Raw.Request(5, endStream: true), Raw.Request(9, endStream: true)) with { Role = Http2Role.Server },
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
