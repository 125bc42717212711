using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "5.4 Error Handling")]
public sealed class ErrorHandlingCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["an error of the connection: GOAWAY, and then its end"] = EndsConnection(ProtocolError, Raw.Frame(RawFrame.Ping, 0, 3, new byte[8])),
        ["an error of a stream: RST_STREAM, and the others go on"] = EndsStream(ProtocolError, Raw.WindowUpdate(1, 0)),
        ["RST_STREAM is not answered by RST_STREAM"] = IsTaken(Raw.Reset(1, Cancel), Raw.Reset(1, Cancel)),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
