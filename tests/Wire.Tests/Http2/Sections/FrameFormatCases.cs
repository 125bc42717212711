using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "4.1 Frame Format")]
public sealed class FrameFormatCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["a frame of an unknown type on an open stream"] = IsTaken(Raw.Frame(0xbe, 0xff, 1, 1, 2, 3)),
        ["a frame of an unknown type on the connection"] = IsTaken(Raw.Frame(0xbe, 0, 0, new byte[8])),
        ["a frame of an unknown type on an idle stream"] = IsTaken(Raw.Frame(0xbe, 0xff, 101, 1, 2, 3)),
        ["PING with flags of no meaning"] = IsTaken(Raw.Frame(RawFrame.Ping, 0xfe, 0, new byte[8])) with { Answer = "PING ACK" },
        ["PING with the reserved bit"] = IsTaken(Raw.Frame(RawFrame.Ping, 0, int.MinValue, new byte[8])) with { Answer = "PING ACK" },
        ["DATA with flags of no meaning"] = IsTaken(Raw.Frame(RawFrame.Data, 0xF6, 1, 1, 2)) with { Told = "data 2" },
        ["DATA with the reserved bit before the stream number"] = IsTaken(Raw.Frame(RawFrame.Data, 0, int.MinValue + 1, 1)) with { Told = "data 1" },
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
