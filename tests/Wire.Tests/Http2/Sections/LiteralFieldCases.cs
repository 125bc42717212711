using Plugwire.Wire.Tests.Http2.Peer;
using static Plugwire.Wire.Tests.Http2.Peer.WireCase;

namespace Plugwire.Wire.Tests.Http2.Sections;

[Trait("RFC 7541", "6.2 Literal Header Field Representation")]
public sealed class LiteralFieldCases
{
    private static readonly Dictionary<string, WireCase> Cases = new()
    {
        ["indexed: a name of the table"] = IsTaken(Raw.Headers(1, [.. Raw.RequestBlock(), 0x7a, 1, (byte)'v'])).OfRequest() with { Told = Request + " user-agent=v" },
        ["indexed: a name of the table, in Huffman's code"] =
            IsTaken(Raw.Headers(1, [.. Raw.RequestBlock(), 0x7a, 0x81, 0x1f])).OfRequest() with { Told = Request + " user-agent=a" },
        ["indexed: a new name"] = IsTaken(Raw.Headers(1, [.. Raw.RequestBlock(), 0x40, 1, (byte)'a', 1, (byte)'v'])).OfRequest() with { Told = Request + " a=v" },
        ["indexed: a new name, in Huffman's code"] = IsTaken(Raw.Headers(1, [.. Raw.RequestBlock(), 0x40, 0x81, 0x1f, 0x81, 0x1f])).OfRequest() with { Told = Request + " a=a" },
        ["not indexed: a name of the table"] = IsTaken(Raw.Headers(1, [.. Raw.RequestBlock(), 0x0f, 0x2b, 1, (byte)'v'])).OfRequest() with { Told = Request + " user-agent=v" },
        ["not indexed: a name of the table, in Huffman's code"] =
            IsTaken(Raw.Headers(1, [.. Raw.RequestBlock(), 0x0f, 0x2b, 0x81, 0x1f])).OfRequest() with { Told = Request + " user-agent=a" },
        ["not indexed: a new name"] = IsTaken(Raw.Headers(1, [.. Raw.RequestBlock(), 0x00, 1, (byte)'a', 1, (byte)'v'])).OfRequest() with { Told = Request + " a=v" },
        ["not indexed: a new name, in Huffman's code"] =
            IsTaken(Raw.Headers(1, [.. Raw.RequestBlock(), 0x00, 0x81, 0x1f, 0x81, 0x1f])).OfRequest() with { Told = Request + " a=a" },
        ["never indexed: a name of the table"] = IsTaken(Raw.Headers(1, [.. Raw.RequestBlock(), 0x1f, 0x2b, 1, (byte)'v'])).OfRequest() with { Told = Request + " user-agent=v" },
        ["never indexed: a name of the table, in Huffman's code"] =
            IsTaken(Raw.Headers(1, [.. Raw.RequestBlock(), 0x1f, 0x2b, 0x81, 0x1f])).OfRequest() with { Told = Request + " user-agent=a" },
        ["never indexed: a new name"] = IsTaken(Raw.Headers(1, [.. Raw.RequestBlock(), 0x10, 1, (byte)'a', 1, (byte)'v'])).OfRequest() with { Told = Request + " a=v" },
        ["never indexed: a new name, in Huffman's code"] =
            IsTaken(Raw.Headers(1, [.. Raw.RequestBlock(), 0x10, 0x81, 0x1f, 0x81, 0x1f])).OfRequest() with { Told = Request + " a=a" },
    };

    public static TheoryData<string, string> Rows => WireCase.Rows(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Case_OfEitherRole_GetsItsAnswer(string role, string name) => Cases[name].RunAsync(role);
}
