using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "6.1 DATA")]
public sealed class DataCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["one frame"] = IsTaken(Raw.Data(1, 3)) with { Told = "data 3" },
        ["several frames"] = IsTaken(Raw.Data(1, 3), Raw.Data(1, 4)) with { Told = "data 3, data 4" },
        ["padding"] = IsTaken(Raw.PaddedData(1, 3, 5)) with { Told = "data 3" },
        ["padding and nothing else"] = IsTaken(Raw.PaddedData(1, 0, 255)) with { Told = "" },
        ["a pad length of zero"] = IsTaken(Raw.PaddedData(1, 3, 0)) with { Told = "data 3" },
        ["padding that is not zeros"] = IsTaken(Raw.Frame(RawFrame.Data, RawFrame.Padded, 1, 2, 7, 0xff, 0xff)) with { Told = "data 1" },
        ["no bytes"] = IsTaken(Raw.Data(1, 0)) with { Told = "" },
        ["no bytes, and the end"] = IsTaken(Raw.Data(1, 0, endStream: true)) with { Told = "end" },
        ["on stream 0"] = EndsConnection(ProtocolError, Raw.Data(0, 1)),
        ["padding as long as the payload"] = EndsConnection(ProtocolError, Raw.Frame(RawFrame.Data, RawFrame.Padded, 1, 4, 1, 2, 3)),
        ["padding longer than the payload"] = EndsConnection(ProtocolError, Raw.Frame(RawFrame.Data, RawFrame.Padded, 1, 255, 1, 2, 3)),
        ["no room for the pad length"] = EndsConnection(FrameSizeError, Raw.Frame(RawFrame.Data, RawFrame.Padded, 1)),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
