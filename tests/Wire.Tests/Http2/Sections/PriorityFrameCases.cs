using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "6.3 PRIORITY")]
public sealed class PriorityFrameCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["on stream 0"] = EndsConnection(ProtocolError, Raw.Frame(RawFrame.Priority, 0, 0, 0, 0, 0, 0, 0)),
        ["four bytes on an open stream"] = EndsStream(FrameSizeError, Raw.Frame(RawFrame.Priority, 0, 1, 0, 0, 0, 0)),
        ["six bytes on an open stream"] = EndsStream(FrameSizeError, Raw.Frame(RawFrame.Priority, 0, 1, 0, 0, 0, 5, 1, 1)),
        ["four bytes on a stream that the peer has reset"] = EndsStream(FrameSizeError, Raw.Frame(RawFrame.Priority, 0, 1, 0, 0, 0, 0)) with { Stage = Stage.ResetByPeer },
        ["four bytes on an idle stream, which cannot be reset"] = EndsConnection(FrameSizeError, Raw.Frame(RawFrame.Priority, 0, 3, 0, 0, 0, 0)),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
