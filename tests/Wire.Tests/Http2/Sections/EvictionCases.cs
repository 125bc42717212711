using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 7541", "4.3 Entry Eviction When Dynamic Table Size Changes")]
public sealed class EvictionCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["an entry that a smaller size has evicted"] =
            EndsConnection(CompressionError, Raw.Headers(1, [.. Raw.RequestBlock(), 0x40, 1, (byte)'a', 1, (byte)'1']), Raw.Headers(1, [0x20, 0xbe], endStream: true)).OfRequest(),
        ["an entry of a response that a smaller size has evicted"] =
            EndsConnection(CompressionError, Raw.Headers(1, [.. Raw.Block((":status", "200")), 0x40, 1, (byte)'a', 1, (byte)'1']), Raw.Headers(1, [0x20, 0xbe], endStream: true)).OfResponse(),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
