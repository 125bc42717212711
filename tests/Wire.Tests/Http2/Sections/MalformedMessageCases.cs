using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "8.1.1 Malformed Messages")]
public sealed class MalformedMessageCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["request: as many bytes as its content-length"] =
            IsTaken(Raw.Headers(1, Raw.RequestBlock(("content-length", "5"))), Raw.Data(1, 2), Raw.Data(1, 3, endStream: true)).OfRequest()
                .Telling(Request + " content-length=5, data 2, data 3, end"),
        ["response: as many bytes as its content-length"] =
            IsTaken(Raw.Headers(1, Raw.Block((":status", "200"), ("content-length", "5"))), Raw.Data(1, 2), Raw.Data(1, 3), Raw.Trailers(1)).OfResponse()
                .Telling("headers :status=200 content-length=5, data 2, data 3, end grpc-status=0"),
        ["request: padding is no content"] =
            IsTaken(Raw.Headers(1, Raw.RequestBlock(("content-length", "3"))), Raw.PaddedData(1, 3, 20), Raw.Trailers(1)).OfRequest()
                .Telling(Request + " content-length=3, data 3, end grpc-status=0"),
        ["response: padding is no content"] =
            IsTaken(Raw.Headers(1, Raw.Block((":status", "200"), ("content-length", "3"))), Raw.PaddedData(1, 3, 20), Raw.Trailers(1)).OfResponse()
                .Telling("headers :status=200 content-length=3, data 3, end grpc-status=0"),
        ["request: content-length 0 and no content"] =
            IsTaken(Raw.Headers(1, Raw.RequestBlock(("content-length", "0")), endStream: true)).OfRequest() with { Told = Request + " content-length=0, end" },
        ["response: content-length 0 and no content"] =
            IsTaken(Raw.Headers(1, Raw.Block((":status", "200"), ("content-length", "0")), endStream: true)).OfResponse() with { Told = "end :status=200 content-length=0" },
        ["response: content-length of a 304"] =
            IsTaken(Raw.Headers(1, Raw.Block((":status", "304"), ("content-length", "7")), endStream: true)).OfResponse() with { Told = "end :status=304 content-length=7" },
        ["request: one frame with more than its content-length"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.RequestBlock(("content-length", "1"))), Raw.Data(1, 2)).OfRequest() with { IsAccepted = true },
        ["response: one frame with more than its content-length"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("content-length", "1"))), Raw.Data(1, 2)).OfResponse(),
        ["request: one frame with less, and the end"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.RequestBlock(("content-length", "5"))), Raw.Data(1, 4, endStream: true)).OfRequest() with { IsAccepted = true },
        ["response: one frame with less, and the end"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("content-length", "5"))), Raw.Data(1, 4, endStream: true)).OfResponse(),
        ["request: several frames with more"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.RequestBlock(("content-length", "5"))), Raw.Data(1, 3), Raw.Data(1, 3, endStream: true)).OfRequest() with { IsAccepted = true },
        ["response: several frames with more"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("content-length", "5"))), Raw.Data(1, 3), Raw.Data(1, 3, endStream: true)).OfResponse(),
        ["request: less, and trailers"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.RequestBlock(("content-length", "5"))), Raw.Data(1, 4), Raw.Trailers(1)).OfRequest() with { IsAccepted = true },
        ["response: less, and trailers"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("content-length", "5"))), Raw.Data(1, 4), Raw.Trailers(1)).OfResponse(),
        ["request: content-length 0 and content"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.RequestBlock(("content-length", "0"))), Raw.Data(1, 1)).OfRequest() with { IsAccepted = true },
        ["response: content-length 0 and content"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("content-length", "0"))), Raw.Data(1, 1)).OfResponse(),
        ["request: a content-length and nothing else"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.RequestBlock(("content-length", "5")), endStream: true)).OfRequest(),
        ["response: a content-length and nothing else"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("content-length", "5")), endStream: true)).OfResponse(),
        ["request: two content-lengths that differ"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.RequestBlock(("content-length", "1"), ("content-length", "2")))).OfRequest(),
        ["response: two content-lengths that differ"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("content-length", "1"), ("content-length", "2")))).OfResponse(),
        ["request: the same content-length twice"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.RequestBlock(("content-length", "1"), ("content-length", "1")))).OfRequest(),
        ["response: the same content-length twice"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("content-length", "1"), ("content-length", "1")))).OfResponse(),
        ["request: a content-length of two numbers"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.RequestBlock(("content-length", "1, 1")))).OfRequest(),
        ["response: a content-length of two numbers"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("content-length", "1, 1")))).OfResponse(),
        ["request: a content-length that is no number"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.RequestBlock(("content-length", "x")))).OfRequest(),
        ["response: a content-length that is no number"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("content-length", "x")))).OfResponse(),
        ["request: a negative content-length"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.RequestBlock(("content-length", "-1")))).OfRequest(),
        ["response: a negative content-length"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("content-length", "-1")))).OfResponse(),
        ["request: an empty content-length"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.RequestBlock(("content-length", "")))).OfRequest(),
        ["response: an empty content-length"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("content-length", "")))).OfResponse(),
        ["request: a content-length above 2^63-1"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.RequestBlock(("content-length", "9223372036854775808")))).OfRequest(),
        ["response: a content-length above 2^63-1"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("content-length", "9223372036854775808")))).OfResponse(),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
