using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 9113", "5.3 Prioritization")]
public sealed class PriorityCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["PRIORITY of weight 1"] = IsTaken(Raw.Frame(RawFrame.Priority, 0, 1, 0, 0, 0, 0, 0)),
        ["PRIORITY of weight 256"] = IsTaken(Raw.Frame(RawFrame.Priority, 0, 1, 0, 0, 0, 0, 255)),
        ["PRIORITY that depends on another stream"] = IsTaken(Raw.Frame(RawFrame.Priority, 0, 1, 0, 0, 0, 3, 255)),
        ["PRIORITY that is exclusive"] = IsTaken(Raw.Frame(RawFrame.Priority, 0, 1, 0x80, 0, 0, 3, 255)),
        ["PRIORITY that depends on itself"] = IsTaken(Raw.Frame(RawFrame.Priority, 0, 1, 0, 0, 0, 1, 255)),
        ["HEADERS that depend on themselves"] =
            IsTaken(Raw.Frame(RawFrame.Headers, RawFrame.WithPriority | RawFrame.EndHeaders, 1, [0, 0, 0, 1, 5, .. Raw.RequestBlock()])).OfRequest() with { Told = Request },
        ["a response that depends on itself"] =
            IsTaken(Raw.Frame(RawFrame.Headers, RawFrame.WithPriority | RawFrame.EndHeaders, 1, [0, 0, 0, 1, 5, .. Raw.Block((":status", "200"))])).OfResponse()
                .Telling("headers :status=200"),
        ["PRIORITY on a higher stream, then HEADERS on a lower one"] =
            IsTaken(Raw.Frame(RawFrame.Priority, 0, 101, 0, 0, 0, 0, 5), Raw.Request(1)).OfRequest() with { Told = Request },
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
