using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "6.4 RST_STREAM")]
public sealed class RstStreamCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["on stream 0"] = EndsConnection(ProtocolError, Raw.Reset(0, Cancel)),
        ["on an idle stream"] = EndsConnection(ProtocolError, Raw.Reset(3, Cancel)),
        ["three bytes"] = EndsConnection(FrameSizeError, Raw.Frame(RawFrame.Reset, 0, 1, 0, 0, 8)),
        ["five bytes"] = EndsConnection(FrameSizeError, Raw.Frame(RawFrame.Reset, 0, 1, 0, 0, 0, 8, 0)),
        ["three bytes on a stream that is over"] = EndsConnection(FrameSizeError, Raw.Frame(RawFrame.Reset, 0, 1, 0, 0, 8)) with { Stage = Stage.ResetByPeer },
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
