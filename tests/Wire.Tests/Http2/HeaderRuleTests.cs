using Plugwire.Wire.Tests.Http2.Peer;

namespace Plugwire.Wire.Tests.Http2;

public sealed class HeaderRuleTests
{
    [Theory]
    [InlineData("te", "trailers")]
    [InlineData("a", "")]
    [InlineData("a", "\u00e9\t~")]
    [InlineData("!#$%&'*+-.^_`|~09az", "v")]
    [Trait("RFC 9113", "8.2.1 Field Validity")]
    public async Task Request_WithUnusualFieldsThatAreAllowed_IsTaken(string name, string value)
    {
        await using var server = await ConnectionUnderTest.ServerAsync();
        await server.Peer.SendAsync(Raw.Headers(1, Raw.RequestBlock((name, value))));
        await (await server.AcceptedAsync()).ExpectAsync($"headers :method=POST :scheme=http :path=/a/b :authority=here {name}={value}");
    }

    [Fact]
    [Trait("RFC 9113", "8.1 HTTP Message Framing")]
    public async Task Response_BehindInformationalOnes_IsTheOneThatIsTold()
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        var stream = await client.OpenAsync(endStream: true);
        await client.Peer.SendAsync(
            Raw.Headers(1, Raw.Block((":status", "100"))),
            Raw.Headers(1, Raw.Block((":status", "103"), ("link", "x"))),
            Raw.Response(1),
            Raw.Data(1, 3),
            Raw.Trailers(1));
        await stream.ExpectAsync("headers :status=200", "data 3", "end grpc-status=0");
        await client.Peer.ExpectNoComplaintAsync();
    }

    [Fact]
    [Trait("RFC 9113", "8.1 HTTP Message Framing")]
    public async Task ResponseOfHeadersAlone_IsToldAsTrailers()
    {
        await using var client = await ConnectionUnderTest.ClientAsync();
        var stream = await client.OpenAsync(endStream: true);
        await client.Peer.SendAsync(Raw.Response(1, endStream: true));
        await stream.ExpectAsync("end :status=200");
        await client.Peer.ExpectNoComplaintAsync();
    }
}
