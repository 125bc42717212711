using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "6.5 SETTINGS")]
public sealed class SettingsCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["no settings"] = IsTaken(Raw.Settings()) with { Answer = "SETTINGS ACK" },
        ["an acknowledgement of nothing"] = IsTaken(Raw.SettingsAck),
        ["an acknowledgement with a payload"] = EndsConnection(FrameSizeError, Raw.Frame(RawFrame.Settings, RawFrame.Ack, 0, 0, 1, 0, 0, 0, 0)),
        ["on a stream"] = EndsConnection(ProtocolError, Raw.Frame(RawFrame.Settings, 0, 1)),
        ["five bytes"] = EndsConnection(FrameSizeError, Raw.Frame(RawFrame.Settings, 0, 0, 0, 1, 0, 0, 0)),
        ["seven bytes"] = EndsConnection(FrameSizeError, Raw.Frame(RawFrame.Settings, 0, 0, new byte[7])),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
