using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "6.2 HEADERS")]
public sealed class HeadersCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["a request"] = IsTaken(Raw.Request(1)).OfRequest() with { Told = Request },
        ["a request of GET"] =
            IsTaken(Raw.Headers(1, Raw.Block((":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "here")), endStream: true)).OfRequest()
                .Telling("headers :method=GET :scheme=http :path=/ :authority=here, end"),
        ["a request of HEAD"] =
            IsTaken(Raw.Headers(1, Raw.Block((":method", "HEAD"), (":scheme", "http"), (":path", "/"), (":authority", "here")), endStream: true)).OfRequest()
                .Telling("headers :method=HEAD :scheme=http :path=/ :authority=here, end"),
        ["a padded request"] = IsTaken(Raw.Frame(RawFrame.Headers, RawFrame.Padded | RawFrame.EndHeaders, 1, [2, .. Raw.RequestBlock(), 9, 9])).OfRequest() with { Told = Request },
        ["a request with priority"] =
            IsTaken(Raw.Frame(RawFrame.Headers, RawFrame.WithPriority | RawFrame.EndHeaders, 1, [0, 0, 0, 0, 5, .. Raw.RequestBlock()])).OfRequest() with { Told = Request },
        ["a request with priority and padding"] =
            IsTaken(Raw.Frame(RawFrame.Headers, RawFrame.Padded | RawFrame.WithPriority | RawFrame.EndHeaders, 1, [2, 0, 0, 0, 3, 5, .. Raw.RequestBlock(), 9, 9])).OfRequest()
                .Telling(Request),
        ["a response with priority and padding"] =
            IsTaken(Raw.Frame(RawFrame.Headers, RawFrame.Padded | RawFrame.WithPriority | RawFrame.EndHeaders, 1, [2, 0, 0, 0, 3, 5, .. Raw.Block((":status", "200")), 9, 9])).OfResponse()
                .Telling("headers :status=200"),
        ["on stream 0"] = EndsConnection(ProtocolError, Raw.Request(0)),
        ["padding as long as the payload"] = EndsConnection(ProtocolError, Raw.Frame(RawFrame.Headers, RawFrame.Padded | RawFrame.EndHeaders, 3, 3, 0x82, 0)),
        ["padding that reaches into the priority"] =
            EndsConnection(ProtocolError, Raw.Frame(RawFrame.Headers, RawFrame.Padded | RawFrame.WithPriority | RawFrame.EndHeaders, 3, 3, 0, 0, 0, 0, 0, 0)),
        ["no room for the pad length"] = EndsConnection(FrameSizeError, Raw.Frame(RawFrame.Headers, RawFrame.Padded | RawFrame.EndHeaders, 3)),
        ["no room for the priority"] = EndsConnection(FrameSizeError, Raw.Frame(RawFrame.Headers, RawFrame.WithPriority | RawFrame.EndHeaders, 3, 0, 0, 0, 0)),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
