using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "4.3 Field Section Compression and Decompression")]
public sealed class FieldSectionCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["a block that ends within a field"] = EndsConnection(CompressionError, Raw.Headers(1, [0x82, 0x40, 0x05, (byte)'a'], endStream: true)),
        ["a broken block on a stream that this side has reset"] = EndsConnection(CompressionError, Raw.Headers(1, [0x80], endStream: true)) with { Stage = Stage.ResetByUs },
        ["a broken block that ends in CONTINUATION"] =
            EndsConnection(CompressionError, Raw.Headers(1, [0x82], endStream: true, endHeaders: false), Raw.Continuation(1, [0xff], endHeaders: true)),
        ["PRIORITY within a block"] =
            EndsConnection(ProtocolError, Raw.Headers(3, [0x82], endHeaders: false), Raw.Frame(RawFrame.Priority, 0, 3, new byte[5])) with { Stage = Stage.Idle },
        ["HEADERS of another stream within a block"] = EndsConnection(ProtocolError, Raw.Headers(3, [0x82], endHeaders: false), Raw.Request(5)) with { Stage = Stage.Idle },
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
