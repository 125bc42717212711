using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "6.10 CONTINUATION")]
public sealed class ContinuationCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["one frame"] =
            IsTaken(Raw.Headers(1, Raw.RequestBlock()[..3], endHeaders: false), Raw.Continuation(1, Raw.RequestBlock().AsSpan(3), endHeaders: true)).OfRequest()
                .Telling(Request),
        ["several frames"] =
            IsTaken(Raw.Headers(1, Raw.RequestBlock()[..3], endHeaders: false), Raw.Continuation(1, Raw.RequestBlock().AsSpan(3, 2), endHeaders: false), Raw.Continuation(1, Raw.RequestBlock().AsSpan(5), endHeaders: true)).OfRequest()
                .Telling(Request),
        ["of a response"] =
            IsTaken(Raw.Headers(1, [], endHeaders: false), Raw.Continuation(1, Raw.Block((":status", "200")), endHeaders: true)).OfResponse()
                .Telling("headers :status=200"),
        ["followed by another frame"] = EndsConnection(ProtocolError, Raw.Headers(3, [0x82], endHeaders: false), Raw.Continuation(3, [0x86], endHeaders: false), Raw.Data(1, 1)),
        ["on stream 0"] = EndsConnection(ProtocolError, Raw.Continuation(0, [0x82], endHeaders: true)),
        ["of another stream's block"] = EndsConnection(ProtocolError, Raw.Headers(3, [0x82], endHeaders: false), Raw.Continuation(5, [0x86], endHeaders: true)),
        ["behind HEADERS with END_HEADERS"] = EndsConnection(ProtocolError, Raw.Trailers(1), Raw.Continuation(1, [0x82], endHeaders: true)),
        ["behind CONTINUATION with END_HEADERS"] =
            EndsConnection(ProtocolError, Raw.Headers(1, [], endStream: true, endHeaders: false), Raw.Continuation(1, Raw.Block(("a", "b")), endHeaders: true), Raw.Continuation(1, [0x82], endHeaders: true)),
        ["behind DATA"] = EndsConnection(ProtocolError, Raw.Data(1, 1), Raw.Continuation(1, [0x82], endHeaders: true)),
        ["PING within a block"] = EndsConnection(ProtocolError, Raw.Headers(3, [0x82], endHeaders: false), Raw.Ping(1)),
        ["SETTINGS within a block"] = EndsConnection(ProtocolError, Raw.Headers(3, [0x82], endHeaders: false), Raw.Settings()),
        ["WINDOW_UPDATE within a block"] = EndsConnection(ProtocolError, Raw.Headers(3, [0x82], endHeaders: false), Raw.WindowUpdate(0, 1)),
        ["GOAWAY within a block"] = EndsConnection(ProtocolError, Raw.Headers(3, [0x82], endHeaders: false), Raw.GoAway(0, NoError)),
        ["RST_STREAM of the stream within its block"] = EndsConnection(ProtocolError, Raw.Headers(1, [], endStream: true, endHeaders: false), Raw.Reset(1, Cancel)),
        ["HEADERS within its own block"] = EndsConnection(ProtocolError, Raw.Headers(3, [0x82], endHeaders: false), Raw.Request(3)),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
