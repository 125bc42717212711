using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "6.9 WINDOW_UPDATE")]
public sealed class WindowUpdateCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["for the connection"] = IsTaken(Raw.WindowUpdate(0, 1)),
        ["for a stream"] = IsTaken(Raw.WindowUpdate(1, 1)) with { Told = "" },
        ["with the reserved bit"] = IsTaken(Raw.WindowUpdate(1, 0x80000001)) with { Told = "" },
        ["of nothing for the connection"] = EndsConnection(ProtocolError, Raw.WindowUpdate(0, 0)),
        ["of nothing for a stream"] = EndsStream(ProtocolError, Raw.WindowUpdate(1, 0)),
        ["of nothing but the reserved bit for a stream"] = EndsStream(ProtocolError, Raw.WindowUpdate(1, 0x80000000)),
        ["three bytes"] = EndsConnection(FrameSizeError, Raw.Frame(RawFrame.WindowUpdate, 0, 1, 0, 0, 1)),
        ["five bytes"] = EndsConnection(FrameSizeError, Raw.Frame(RawFrame.WindowUpdate, 0, 0, 0, 0, 0, 1, 0)),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
