using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "6.6 PUSH_PROMISE")]
public sealed class PushPromiseCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["on an open stream, push being switched off"] =
            EndsConnection(ProtocolError, Raw.Frame(RawFrame.PushPromise, RawFrame.EndHeaders, 1, [0, 0, 0, 2, .. Raw.RequestBlock()])),
        ["on stream 0"] = EndsConnection(ProtocolError, Raw.Frame(RawFrame.PushPromise, RawFrame.EndHeaders, 0, [0, 0, 0, 2, .. Raw.RequestBlock()])),
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
