using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 7541", "2.3.3 Index Address Space")]
public sealed class IndexSpaceCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["an index behind the tables"] = EndsConnection(CompressionError, Raw.Headers(1, [0xbe], endStream: true)),
        ["an index far behind the tables"] = EndsConnection(CompressionError, Raw.Headers(1, [0xff, 0x80, 0xff, 0xff, 0xff, 0x07], endStream: true)),
        ["the name of a literal behind the tables"] = EndsConnection(CompressionError, Raw.Headers(1, [0x7e, 1, (byte)'v'], endStream: true)),
        ["the name of a literal that is not indexed behind the tables"] = EndsConnection(CompressionError, Raw.Headers(1, [0x0f, 0x2f, 1, (byte)'v'], endStream: true)),
        ["the name of a literal that is never indexed behind the tables"] = EndsConnection(CompressionError, Raw.Headers(1, [0x1f, 0x2f, 1, (byte)'v'], endStream: true)),
        ["an entry of the block before"] =
            IsTaken(Raw.Headers(1, [.. Raw.RequestBlock(), 0x40, 1, (byte)'a', 1, (byte)'1']), Raw.Headers(1, [0xbe], endStream: true)).OfRequest()
                .Telling(Request + " a=1, end a=1"),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
