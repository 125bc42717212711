using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 7541", "5.1 Integer Representation")]
public sealed class IntegerCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["a number above 2^31-1"] = EndsConnection(CompressionError, Raw.Headers(1, [0xff, 0xff, 0xff, 0xff, 0xff, 0x0f], endStream: true)),
        ["a number without end"] = EndsConnection(CompressionError, Raw.Headers(1, [0xff, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], endStream: true)),
        ["a number that the block cuts off"] = EndsConnection(CompressionError, Raw.Headers(1, [0xff], endStream: true)),
        ["a string's length above 2^31-1"] = EndsConnection(CompressionError, Raw.Headers(1, [0x40, 0x7f, 0xff, 0xff, 0xff, 0xff, 0x7f], endStream: true)),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
