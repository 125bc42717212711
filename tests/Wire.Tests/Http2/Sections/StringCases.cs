using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 7541", "5.2 String Literal Representation")]
public sealed class StringCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["padding of more than seven bits"] = EndsConnection(CompressionError, Raw.Headers(1, [0x40, 0x82, 0x1f, 0xff, 1, (byte)'v'], endStream: true)),
        ["padding of zeros"] = EndsConnection(CompressionError, Raw.Headers(1, [0x40, 0x81, 0x18, 1, (byte)'v'], endStream: true)),
        ["the end-of-string symbol"] = EndsConnection(CompressionError, Raw.Headers(1, [0x40, 0x84, 0xff, 0xff, 0xff, 0xfc, 1, (byte)'v'], endStream: true)),
        ["a length beyond the block"] = EndsConnection(CompressionError, Raw.Headers(1, [0x40, 3, (byte)'a'], endStream: true)),
        ["a name without a value"] = EndsConnection(CompressionError, Raw.Headers(1, [0x40, 1, (byte)'a'], endStream: true)),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
