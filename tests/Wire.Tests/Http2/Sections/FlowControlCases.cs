using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "6.9.1 The Flow-Control Window")]
public sealed class FlowControlCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["the connection's window above 2^31-1"] = EndsConnection(FlowControlError, Raw.WindowUpdate(0, int.MaxValue), Raw.WindowUpdate(0, int.MaxValue)),
        ["a stream's window above 2^31-1"] = EndsStream(FlowControlError, Raw.WindowUpdate(1, int.MaxValue)),
        ["both windows at 2^31-1"] = IsTaken(Raw.WindowUpdate(0, int.MaxValue - 65_535), Raw.WindowUpdate(1, int.MaxValue - 65_535)) with { Told = "" },
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
