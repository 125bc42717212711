using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 7541", "4.2 Maximum Table Size")]
public sealed class TableSizeCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["a size update behind a field"] = EndsConnection(CompressionError, Raw.Headers(1, [0x82, 0x20], endStream: true)),
        ["two size updates at the start"] = IsTaken(Raw.Headers(1, [0x20, 0x3f, 0xe1, 0x1f, .. Raw.RequestBlock()])).OfRequest() with { Told = Request },
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
