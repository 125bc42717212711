using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "5.5 Extending HTTP/2")]
public sealed class ExtensionCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["an unknown frame within a header block"] = EndsConnection(ProtocolError, Raw.Headers(3, [0x82], endHeaders: false), Raw.Frame(0xbe, 0, 3)) with { Stage = Stage.Idle },
        ["an unknown setting"] = IsTaken(Raw.Settings((0x99, 1))) with { Answer = "SETTINGS ACK" },
        ["an unknown error code"] = IsTaken(Raw.Reset(1, (Http2ErrorCode)0xdeadbeef)),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
