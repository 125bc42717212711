using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 7541", "6.1 Indexed Header Field Representation")]
public sealed class IndexedFieldCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["an indexed field"] = IsTaken(Raw.Headers(1, [0x83, 0x86, 0x84])).OfRequest() with { Told = "headers :method=POST :scheme=http :path=/" },
        ["index 0"] = EndsConnection(CompressionError, Raw.Headers(1, [0x80], endStream: true)),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
