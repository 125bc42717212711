using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "6.9.2 Initial Flow-Control Window Size")]
public sealed class InitialWindowCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["a change that lifts an open stream above 2^31-1"] = EndsConnection(FlowControlError, Raw.WindowUpdate(1, 1), Raw.Settings((Raw.InitialWindowSize, int.MaxValue))),
        ["a change that lifts an open stream to 2^31-1"] = IsTaken(Raw.Settings((Raw.InitialWindowSize, int.MaxValue))) with { Answer = "SETTINGS ACK" },
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
