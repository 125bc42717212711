using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "8.3.1 Request Pseudo-Header Fields")]
public sealed class RequestFieldCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["no fields"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(), endStream: true)).OfRequest(),
        ["an empty :path"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "")), endStream: true)).OfRequest(),
        ["no :method"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":scheme", "http"), (":path", "/")), endStream: true)).OfRequest(),
        ["no :scheme"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":path", "/")), endStream: true)).OfRequest(),
        ["no :path"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http")), endStream: true)).OfRequest(),
        [":method twice"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":method", "POST"), (":scheme", "http"), (":path", "/")), endStream: true)).OfRequest(),
        [":scheme twice"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":scheme", "http"), (":path", "/")), endStream: true)).OfRequest(),
        [":path twice"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), (":path", "/")), endStream: true)).OfRequest(),
        [":authority twice"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), (":authority", "here"), (":authority", "here")), endStream: true)).OfRequest(),
        ["a :path with a line feed"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/a\nb")), endStream: true)).OfRequest(),
        ["no :authority"] =
            IsTaken(Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/")), endStream: true)).OfRequest()
                .Telling("headers :method=POST :scheme=http :path=/, end"),
        ["an :authority that is a socket's path"] =
            IsTaken(Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), (":authority", "/run/plugin/a.sock")), endStream: true)).OfRequest()
                .Telling("headers :method=POST :scheme=http :path=/ :authority=/run/plugin/a.sock, end"),
        ["an :authority that is a socket's path in percent signs"] =
            IsTaken(Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), (":authority", "%2Frun%2Fplugin%2Fa.sock")), endStream: true)).OfRequest()
                .Telling("headers :method=POST :scheme=http :path=/ :authority=%2Frun%2Fplugin%2Fa.sock, end"),
        ["an :authority of \"unused\""] =
            IsTaken(Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), (":authority", "unused")), endStream: true)).OfRequest()
                .Telling("headers :method=POST :scheme=http :path=/ :authority=unused, end"),
        ["an :authority unlike the host"] =
            IsTaken(Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), (":authority", "unused"), ("host", "there")), endStream: true)).OfRequest()
                .Telling("headers :method=POST :scheme=http :path=/ :authority=unused host=there, end"),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
