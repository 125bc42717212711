using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 7541", "4.4 Entry Eviction When Adding New Entries")]
public sealed class EntryAdditionCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["an entry that another has pushed out"] =
            EndsConnection(CompressionError, Raw.Headers(1, [0x3f, 0x03, .. Raw.RequestBlock(), 0x40, 1, (byte)'a', 1, (byte)'1', 0x40, 1, (byte)'b', 1, (byte)'2', 0xbf])).OfRequest(),
        ["a field larger than the table"] =
            IsTaken(Raw.Headers(1, [0x3f, 0x03, .. Raw.RequestBlock(), 0x40, 2, (byte)'a', (byte)'b', 1, (byte)'1'])).OfRequest() with { Told = Request + " ab=1" },
        ["an entry, after a field larger than the table"] =
            EndsConnection(CompressionError, Raw.Headers(1, [0x3f, 0x03, .. Raw.RequestBlock(), 0x40, 1, (byte)'a', 1, (byte)'1', 0x40, 2, (byte)'a', (byte)'b', 1, (byte)'1', 0xbe])).OfRequest(),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
