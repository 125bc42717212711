using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "6.7 PING")]
public sealed class PingCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["a question"] = IsTaken(Raw.Ping(1)) with { Answer = "PING ACK" },
        ["an answer to nothing"] = IsTaken(Raw.Ping(7, ack: true)),
        ["on a stream"] = EndsConnection(ProtocolError, Raw.Frame(RawFrame.Ping, 0, 1, new byte[8])),
        ["seven bytes"] = EndsConnection(FrameSizeError, Raw.Frame(RawFrame.Ping, 0, 0, new byte[7])),
        ["an answer of nine bytes"] = EndsConnection(FrameSizeError, Raw.Frame(RawFrame.Ping, RawFrame.Ack, 0, new byte[9])),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
