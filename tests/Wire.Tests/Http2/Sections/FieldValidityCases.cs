using Plugwire.Wire.Http2;
using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "8.2.1 Field Validity")]
public sealed class FieldValidityCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["request: an upper-case name"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("Name", "v")), endStream: true)) with { Stage = Stage.Idle, Role = Http2Role.Server },
        ["response: an upper-case name"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("Name", "v")))) with { Stage = Stage.Requested, Role = Http2Role.Client },
        ["trailers: an upper-case name"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("Name", "v")), endStream: true)),
        ["request: an empty name"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("", "v")), endStream: true)) with { Stage = Stage.Idle, Role = Http2Role.Server },
        ["response: an empty name"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("", "v")))) with { Stage = Stage.Requested, Role = Http2Role.Client },
        ["trailers: an empty name"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("", "v")), endStream: true)),
        ["request: a name with a space"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("a b", "v")), endStream: true)) with { Stage = Stage.Idle, Role = Http2Role.Server },
        ["response: a name with a space"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("a b", "v")))) with { Stage = Stage.Requested, Role = Http2Role.Client },
        ["trailers: a name with a space"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("a b", "v")), endStream: true)),
        ["request: a name with a colon"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("a:b", "v")), endStream: true)) with { Stage = Stage.Idle, Role = Http2Role.Server },
        ["response: a name with a colon"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("a:b", "v")))) with { Stage = Stage.Requested, Role = Http2Role.Client },
        ["trailers: a name with a colon"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("a:b", "v")), endStream: true)),
        ["request: a name with a control character"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("a\u007f", "v")), endStream: true)) with { Stage = Stage.Idle, Role = Http2Role.Server },
        ["response: a name with a control character"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("a\u007f", "v")))) with { Stage = Stage.Requested, Role = Http2Role.Client },
        ["trailers: a name with a control character"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("a\u007f", "v")), endStream: true)),
        ["request: a name beyond ASCII"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("\u00e9", "v")), endStream: true)) with { Stage = Stage.Idle, Role = Http2Role.Server },
        ["response: a name beyond ASCII"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("\u00e9", "v")))) with { Stage = Stage.Requested, Role = Http2Role.Client },
        ["trailers: a name beyond ASCII"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("\u00e9", "v")), endStream: true)),
        ["request: a value with a line feed"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("a", "b\nc")), endStream: true)) with { Stage = Stage.Idle, Role = Http2Role.Server },
        ["response: a value with a line feed"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("a", "b\nc")))) with { Stage = Stage.Requested, Role = Http2Role.Client },
        ["trailers: a value with a line feed"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("a", "b\nc")), endStream: true)),
        ["request: a value with a carriage return"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("a", "b\rc")), endStream: true)) with { Stage = Stage.Idle, Role = Http2Role.Server },
        ["response: a value with a carriage return"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("a", "b\rc")))) with { Stage = Stage.Requested, Role = Http2Role.Client },
        ["trailers: a value with a carriage return"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("a", "b\rc")), endStream: true)),
        ["request: a value with a zero"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("a", "\0")), endStream: true)) with { Stage = Stage.Idle, Role = Http2Role.Server },
        ["response: a value with a zero"] =
            EndsStream(ProtocolError, Raw.Headers(1, Raw.Block((":status", "200"), ("a", "\0")))) with { Stage = Stage.Requested, Role = Http2Role.Client },
        ["trailers: a value with a zero"] = EndsStream(ProtocolError, Raw.Headers(1, Raw.Block(("a", "\0")), endStream: true)),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
