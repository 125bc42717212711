using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "6.8 GOAWAY")]
public sealed class GoAwayCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["on a stream"] = EndsConnection(ProtocolError, Raw.Frame(RawFrame.GoAway, 0, 1, new byte[8])),
        ["seven bytes"] = EndsConnection(FrameSizeError, Raw.Frame(RawFrame.GoAway, 0, 0, new byte[7])),
        ["from a client"] = IsTaken(Raw.GoAway(0, NoError, "bye")) with { Role = Http2Role.Server, Told = "" },
        ["of an unknown code from a client"] = IsTaken(Raw.GoAway(0, (Http2ErrorCode)0xdeadbeef)) with { Role = Http2Role.Server, Told = "" },
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
