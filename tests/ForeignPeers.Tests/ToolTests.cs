using System.Text.Json;
using Plugwire.Interop;
using Plugwire.Interop.Serving;
using Plugwire.Wire.Rpc.Server;
using Plugwire.Wire.Tests.Transports.UnixSockets;
using Plugwire.Wire.Transports.UnixSockets;

namespace Plugwire.ForeignPeers.Tests;

/// <summary>Tools that are clients: of our gRPC server, and of the target for conformance tools.</summary>
public sealed class ToolTests
{
    private const int Requests = 2000;

    [Fact]
    [Trait("Peers", "buf curl, client")]
    public async Task BufCurl_OfOurServer_GetsItsAnswer()
    {
        Programs.Require(File.Exists(Programs.Buf) ? null : "@bufbuild/buf is not installed: run `npm ci` in tests/ForeignPeers.Tests/Peers/node.");
        using var directory = new SocketDirectory();
        var methods = new RpcMethods();
        TestService.BindService(methods, new TestServiceImplementation());
        await using var server = new RpcServer(methods, new RpcServerOptions());
        server.Start(UnixSocketListener.Bind(directory.Of("ours.sock")));

        var answer = await PeerProgram.RunAsync(Programs.Buf,
        [
            "curl", "--schema", Programs.Protos, "--protocol", "grpc", "--http2-prior-knowledge", "--unix-socket", directory.Of("ours.sock"),
            "--data", """{"responseSize": 5}""", "http://localhost/grpc.testing.TestService/UnaryCall",
        ], new Dictionary<string, string> { ["BUF_CACHE_DIR"] = directory.Of("cache") }).Within();

        using var json = JsonDocument.Parse(answer);
        Assert.Equal(new byte[5], json.RootElement.GetProperty("payload").GetProperty("body").GetBytesFromBase64());
    }

    [Theory]
    [InlineData("socket")]
    [InlineData("port")]
    [Trait("Peers", "h2load, client")]
    public async Task H2Load_OfTheTarget_HasAllRequestsAnswered(string transport)
    {
        var h2load = Programs.Find("h2load");
        Programs.Require(h2load is null ? "There is no h2load on this machine: Debian's package is nghttp2-client." : null);
        using var directory = new SocketDirectory();
        await using var target = StartTarget(transport, directory);
        var address = await target.ReadLineAsync().Within();

        string[] uri = transport == "socket" ? [$"--base-uri=unix:{address}", "http://localhost/"] : [$"http://{address}/"];
        var report = await PeerProgram.RunAsync(h2load!, ["-n", $"{Requests}", "-c", "4", "-m", "32", "-t", "1", .. uri]).Within();

        Assert.Contains($"{Requests} done, {Requests} succeeded, 0 failed, 0 errored, 0 timeout", report, StringComparison.Ordinal);
        Assert.Contains($"status codes: {Requests} 2xx", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("socket")]
    [InlineData("port")]
    [Trait("Peers", "curl, client")]
    public async Task Curl_OfTheTarget_GetsOneByte(string transport)
    {
        var curl = Programs.Find("curl");
        Programs.Require(curl is null ? "There is no curl on this machine: Debian's package is curl." : null);
        using var directory = new SocketDirectory();
        await using var target = StartTarget(transport, directory);
        var address = await target.ReadLineAsync().Within();

        string[] where = transport == "socket" ? ["--unix-socket", address, "http://localhost/any"] : [$"http://{address}/any"];
        var answer = await PeerProgram.RunAsync(
            curl!, ["--silent", "--show-error", "--noproxy", "*", "--http2-prior-knowledge", "--data", "a body", "--write-out", " %{http_code} %{http_version}", .. where]).Within();

        Assert.Equal("1 200 2", answer);
    }

    [Fact]
    public async Task TargetAsClient_OfTheTargetAsServer_CountsEachAnswer()
    {
        using var directory = new SocketDirectory();
        await using var server = StartTarget("port", directory);

        var report = await PeerProgram.RunAsync(Programs.WireTarget, ["client", "--address", await server.ReadLineAsync().Within(), "--requests", "3"]).Within();

        Assert.Equal(["200 with 1 byte", "200 with 1 byte", "200 with 1 byte"], report.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static PeerProgram StartTarget(string transport, SocketDirectory directory) =>
        PeerProgram.Start(Programs.WireTarget, transport == "socket" ? ["server", "--socket", directory.Of("target.sock")] : ["server", "--port", "0"]);
}
