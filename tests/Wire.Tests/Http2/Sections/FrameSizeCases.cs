using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "4.2 Frame Size")]
public sealed class FrameSizeCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["DATA of 16,384 bytes"] = IsTaken(Raw.Data(1, 16_384)) with { Told = "data 16384" },
        ["DATA as long as SETTINGS_MAX_FRAME_SIZE"] = IsTaken(Raw.Data(1, 64 * 1024)),
        ["DATA longer than SETTINGS_MAX_FRAME_SIZE"] = EndsConnection(FrameSizeError, Raw.Data(1, (64 * 1024) + 1)),
        ["HEADERS longer than SETTINGS_MAX_FRAME_SIZE"] = EndsConnection(FrameSizeError, Raw.Headers(1, new byte[(64 * 1024) + 1])),
        ["SETTINGS longer than SETTINGS_MAX_FRAME_SIZE"] = EndsConnection(FrameSizeError, Raw.Frame(RawFrame.Settings, 0, 0, new byte[6 * 11_000])),
        ["a frame of an unknown type longer than SETTINGS_MAX_FRAME_SIZE"] = EndsConnection(FrameSizeError, (byte[])[1, 0, 1, 0xbe, 0, 0, 0, 0, 0]),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
