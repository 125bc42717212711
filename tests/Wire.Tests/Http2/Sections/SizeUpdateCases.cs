using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 7541", "6.3 Dynamic Table Size Update")]
public sealed class SizeUpdateCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["a size update"] = IsTaken(Raw.Headers(1, [0x20, .. Raw.RequestBlock()])).OfRequest() with { Told = Request },
        ["the largest size"] = IsTaken(Raw.Headers(1, [0x3f, 0xe1, 0x1f, .. Raw.RequestBlock()])).OfRequest() with { Told = Request },
        ["a size above SETTINGS_HEADER_TABLE_SIZE"] = EndsConnection(CompressionError, Raw.Headers(1, [0x3f, 0xe2, 0x1f, 0x82], endStream: true)),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
